//! `METHOD, "template", outcome = status | status, flag, header("name" = "value"), crate = "path"`

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned;
use syn::{LitStr, MetaList, Path, Token};

use super::header::{self, FixedHeader};
use super::outcome::{self, Outcome};
use super::template::Template;
use crate::diagnostics::{Diagnostics, Reported, did_you_mean, list, quoted, written};
use crate::rules::{CRATE, ENTRY, METHOD, ONCE, SHAPE, TEMPLATE};

/// What was written.
pub(crate) struct Attribute {
    pub(crate) method: Result<Ident, Reported>,
    pub(crate) template: Result<Template, Reported>,
    pub(crate) outcomes: Vec<Result<Outcome, Reported>>,
    pub(crate) headers: Vec<Result<FixedHeader, Reported>>,
    pub(crate) idempotent: bool,
    /// The path in `crate = "path"`.
    pub(crate) runtime: Option<Result<TokenStream, Reported>>,
    /// The last token: what is missing is missing after it.
    pub(crate) end: Span,
}

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Reads the attribute of the method `name`.
pub(crate) fn attribute(tokens: TokenStream, name: &Ident, diagnostics: &mut Diagnostics) -> Attribute {
    let end = tokens.clone().into_iter().last().map_or(name.span(), |last| last.span());
    let parts = parts(tokens, diagnostics);
    let [first, rest @ ..] = &parts[..] else {
        let problem = format!("the `#[endpoint]` of `{name}` is empty");
        let fix = "write `#[endpoint(POST, \"/messages/<message_id>/cancel\", ok = 200, conflict = 409)]`";
        let reported = diagnostics.at(name.span(), SHAPE, problem, fix);
        let (method, template) = (Err(reported), Err(reported));
        let outcomes = vec![Err(reported)];
        return Attribute { method, template, outcomes, headers: Vec::new(), idempotent: false, runtime: None, end };
    };
    let second = rest.first().cloned().unwrap_or_default();
    let (method, template, taken) = method_and_template(first, second, diagnostics);
    let mut read = Attribute {
        method,
        template: template.map_or_else(Err, |literal| template_literal(literal, diagnostics)),
        outcomes: Vec::new(),
        headers: Vec::new(),
        idempotent: false,
        runtime: None,
        end,
    };
    let mut firsts = Firsts { template: parts.get(taken).map(Spanned::span), idempotent: None, runtime: None };
    for part in &rest[taken..] {
        read.entry(part, &mut firsts, diagnostics);
    }
    if let [only] = &mut read.outcomes[..] {
        outcome::refuse_status_as_a_name(only, diagnostics);
    }
    read
}

/// What comes between commas. Each part is read on its own, so that a mistake in one hides none in another. A missing comma is
/// reported, and read as if it were there.
fn parts(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<TokenStream> {
    let mut parts: Vec<TokenStream> = Vec::new();
    let mut part = TokenStream::new();
    let mut before: Option<TokenTree> = None;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if is_mark(&token, ',') {
            if part.is_empty() {
                diagnostics.at(token.span(), ENTRY, "there is nothing before this comma", "remove the comma");
            } else {
                parts.push(std::mem::take(&mut part));
            }
        } else {
            if let Some(before) = before.as_ref().filter(|before| is_missing_a_comma(before, &token, tokens.peek())) {
                let problem = format!("a comma is missing between `{before}` and `{token}`");
                diagnostics.at(token.span(), SHAPE, problem, format!("write `{before}, {token}`"));
                parts.push(std::mem::take(&mut part));
            }
            part.extend([token.clone()]);
        }
        before = Some(token);
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// Within a part, no word or literal follows another.
fn is_missing_a_comma(before: &TokenTree, token: &TokenTree, next: Option<&TokenTree>) -> bool {
    let starts_a_part = match token {
        TokenTree::Literal(literal) => literal.to_string().starts_with("\"/"),
        TokenTree::Ident(word) => word == "idempotent" || next.is_some_and(|next| is_mark(next, '=')),
        _ => false,
    };
    starts_a_part && matches!(before, TokenTree::Ident(_) | TokenTree::Literal(_))
}

/// The method, the tokens of the template, and how many parts after the first were read for them.
fn method_and_template(
    first: &TokenStream,
    second: TokenStream,
    diagnostics: &mut Diagnostics,
) -> (Result<Ident, Reported>, Result<TokenStream, Reported>, usize) {
    let missing = |diagnostics: &mut Diagnostics| {
        let fix = "write the operation's path after the method: `GET, \"/messages/<message_id>\"`";
        diagnostics.at(first.span(), SHAPE, "the template is missing", fix)
    };
    let is_entry = second.is_empty() || name_and_value.parse2(second.clone()).is_ok_and(|(_, value)| value.is_some());
    if let Ok(method) = syn::parse2::<Ident>(first.clone()) {
        let method = http_method(method, diagnostics);
        return if is_entry { (method, Err(missing(diagnostics)), 0) } else { (method, Ok(second), 1) };
    }
    // Something else is there: it names the method, the template, or both.
    let (shown, span) = (written(first), first.span());
    let named = |tokens: &TokenStream| {
        let text = tokens.to_string();
        METHODS
            .into_iter()
            .find(|method| text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.eq_ignore_ascii_case(method)))
    };
    let (method, in_second) = (named(first), named(&second).filter(|_| syn::parse2::<Ident>(second.clone()).is_ok()));
    let ident = |method: &str| Ident::new(method, span);
    let [path, path_in_second] = [first, &second].map(|part| path_in(part).map(ToTokens::into_token_stream));
    match (method, path, path_in_second) {
        (None, Some(path), _) => {
            let (problem, method) = match in_second {
                Some(method) => ("the template comes before the method", method),
                None => ("the method is missing", "GET"),
            };
            let reported = diagnostics.on(first, SHAPE, problem, format!("write `{method}, {path}`"));
            let taken = usize::from(in_second.is_some());
            (in_second.map(ident).ok_or(reported), Ok(path), taken)
        }
        (Some(method), Some(path), _) => {
            let problem = format!("`{shown}` is the method and the template in one");
            diagnostics.on(first, SHAPE, problem, format!("write `{method}, {path}`"));
            (Ok(ident(method)), Ok(path), 0)
        }
        (Some(method), None, Some(path)) if is_entry => {
            let problem = format!("`{shown}` gives the method by name");
            diagnostics.on(first, SHAPE, problem, format!("write the method and the template: `{method}, {path}`"));
            (Ok(ident(method)), Ok(path), 1)
        }
        (method, None, _) => {
            let problem = format!("`{shown}` is not a plain HTTP method");
            let fix = format!("write `{}`", method.unwrap_or("GET"));
            let reported = diagnostics.on(first, METHOD, problem, fix);
            let method = method.map(ident).ok_or(reported);
            if is_entry { (method, Err(missing(diagnostics)), 0) } else { (method, Ok(second), 1) }
        }
    }
}

fn http_method(method: Ident, diagnostics: &mut Diagnostics) -> Result<Ident, Reported> {
    let name = method.to_string();
    if METHODS.contains(&&*name) {
        return Ok(method);
    }
    let fix = match did_you_mean(&name.to_uppercase(), METHODS) {
        Some(known) if known.eq_ignore_ascii_case(&name) => format!("write `{known}`"),
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("write one of {}", list(METHODS)),
    };
    Err(diagnostics.at(method.span(), METHOD, format!("`{name}` is not an endpoint's HTTP method"), fix))
}

/// The path in `"/messages"`, `path = "/messages"`, `GET("/messages")` and `"GET /messages"`.
fn path_in(part: &TokenStream) -> Option<LitStr> {
    let literal = |token: TokenTree| match token {
        TokenTree::Group(group) => path_in(&group.stream()),
        token => {
            let literal = syn::parse2::<LitStr>(token.into()).ok()?;
            let text = literal.value();
            let path = text.split_once(' ').map_or(&*text, |(_, path)| path);
            path.starts_with('/').then(|| LitStr::new(path, literal.span()))
        }
    };
    part.clone().into_iter().find_map(literal)
}

fn template_literal(part: TokenStream, diagnostics: &mut Diagnostics) -> Result<Template, Reported> {
    if let Ok(literal) = syn::parse2::<LitStr>(part.clone()) {
        return Ok(super::template::template(&literal, diagnostics));
    }
    // Without quotes, a path has spaces between its tokens.
    let path = part.to_string().replace(char::is_whitespace, "");
    let is_path = path.starts_with('/');
    let shown = if is_path { quoted(&path) } else { written(&part) };
    let path = if is_path { path } else { "/messages/<message_id>".to_owned() };
    let problem = format!("the template `{shown}` is not a string literal");
    Err(diagnostics.on(part, TEMPLATE, problem, format!("write the path itself: `\"{path}\"`")))
}

/// `conflict = 409`, or `idempotent`
pub(super) fn name_and_value(input: ParseStream<'_>) -> syn::Result<(Ident, Option<TokenStream>)> {
    let name = input.call(Ident::parse_any)?;
    if input.is_empty() {
        return Ok((name, None));
    }
    input.parse::<Token![=]>()?;
    Ok((name, Some(input.parse()?)))
}

/// Where what may be given once was given first.
struct Firsts {
    template: Option<Span>,
    idempotent: Option<Span>,
    runtime: Option<Span>,
}

impl Attribute {
    /// What follows the template.
    fn entry(&mut self, part: &TokenStream, firsts: &mut Firsts, diagnostics: &mut Diagnostics) {
        if syn::parse2::<LitStr>(part.clone()).is_ok_and(|literal| literal.value().starts_with('/')) {
            once(&mut firsts.template, &format!("`{part}` is a second template"), part.span(), diagnostics);
            return;
        }
        match syn::parse2::<MetaList>(part.clone()) {
            Ok(call) if call.path.is_ident("header") => return self.headers.push(header::fixed(&call, diagnostics)),
            _ => {}
        }
        match name_and_value.parse2(part.clone()) {
            Ok((name, None)) if name == "idempotent" => {
                self.idempotent = true;
                once(&mut firsts.idempotent, "`idempotent` is given twice", name.span(), diagnostics);
            }
            Ok((name, Some(_))) if name == "idempotent" => {
                let fix = "write `idempotent` without a value, or leave it out";
                diagnostics.on(part, ENTRY, "`idempotent` is given a value", fix);
            }
            Ok((name, Some(value))) if name == "crate" => {
                if once(&mut firsts.runtime, "`crate` is given twice", name.span(), diagnostics) {
                    self.runtime = Some(runtime(&name, value, diagnostics));
                }
            }
            read => {
                let read = outcome::outcome(part, read.ok(), &self.outcomes, diagnostics);
                self.outcomes.push(read);
            }
        }
    }
}

/// Whether this is the first of its kind; reported if not.
fn once(first: &mut Option<Span>, problem: &str, place: Span, diagnostics: &mut Diagnostics) -> bool {
    let Some(first) = *first else {
        *first = Some(place);
        return true;
    };
    diagnostics.at(place, ONCE, problem, "remove one of them");
    diagnostics.other_end(first, "the first is here");
    false
}

fn runtime(name: &Ident, value: TokenStream, diagnostics: &mut Diagnostics) -> Result<TokenStream, Reported> {
    if value.is_empty() {
        return Err(diagnostics.at(name.span(), CRATE, "`crate` is given no path", "write `crate = \"my_courier\"`"));
    }
    let path = syn::parse2::<LitStr>(value.clone()).and_then(|literal| literal.parse_with(Path::parse_mod_style));
    path.map(ToTokens::into_token_stream).map_err(|_| {
        // The path without quotes, or the name of a package, whose crate has `_` for each `-`.
        let name = value.to_string().trim_matches('"').replace('-', "_");
        let path = syn::parse2::<Path>(value.clone()).map(|path| written(&path));
        let path = path.or_else(|_| syn::parse_str::<Ident>(&name).map(|name| name.to_string()));
        let path = path.unwrap_or_else(|_| "my_courier".to_owned());
        let problem = format!("`{}` is not a path in quotes", written(&value));
        diagnostics.on(value, CRATE, problem, format!("write `crate = \"{path}\"`"))
    })
}
