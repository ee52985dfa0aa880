//! `METHOD, "template", outcome = status | status, flag, crate = "path"`

mod entry;
mod parts;

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{LitStr, Macro, MetaList, Path, Token};

pub(crate) use self::entry::{FixedHeader, OutcomeSyntax, StatusSyntax};
use self::parts::parts;
use crate::diagnostics::{Diagnostics, Message, quoted, written};
use crate::parse::{Template, template};
use crate::rules::{METHOD, SHAPE, TEMPLATE};

/// What was written. A part that could not be read is `None` and has been told.
pub(crate) struct Attribute {
    pub(crate) method: Option<Ident>,
    pub(crate) template: Option<Template>,
    pub(crate) outcomes: Vec<OutcomeSyntax>,
    /// Where an outcome was written, but could not be read: none is missing then.
    pub(crate) unread_outcome: bool,
    pub(crate) headers: Vec<FixedHeader>,
    pub(crate) idempotent: Option<Span>,
    pub(crate) runtime: Option<TokenStream>,
    /// Where `crate` stands, whether or not its path could be read.
    pub(crate) runtime_place: Option<Span>,
    template_place: Option<Span>,
    /// The last thing that was written: what is missing is missing behind it.
    pub(crate) end: Span,
}

pub(crate) const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const EXAMPLE: &str = "#[endpoint(POST, \"/messages/<message_id>/cancel\", ok = 200, conflict = 409)]";

/// Reads the attribute of the method `name`, where an empty one is told.
pub(crate) fn attribute(tokens: TokenStream, name: &Ident, diagnostics: &mut Diagnostics) -> Attribute {
    let mut read = Attribute {
        method: None,
        template: None,
        outcomes: Vec::new(),
        unread_outcome: false,
        headers: Vec::new(),
        idempotent: None,
        runtime: None,
        runtime_place: None,
        template_place: None,
        end: tokens.clone().into_iter().last().map_or(name.span(), |last| last.span()),
    };
    let mut parts = parts(tokens, diagnostics).into_iter().peekable();
    let Some(first) = parts.next() else {
        let culprit = format!("the `#[endpoint]` of `{name}` is empty");
        diagnostics.at(name.span(), &Message::new(culprit, SHAPE, format!("write `{EXAMPLE}`")));
        read.unread_outcome = true;
        return read;
    };
    let second = parts.peek().map(|part| part.tokens.clone());
    let taken = read.method_and_template(first.tokens, second, diagnostics);
    for part in parts.skip(taken) {
        entry::entry(part, &mut read, diagnostics);
    }
    entry::named_statuses(&mut read, diagnostics);
    read
}

impl Attribute {
    /// Reads the first part, and the second where that is still the template: then it returns 1.
    fn method_and_template(
        &mut self,
        first: TokenStream,
        second: Option<TokenStream>,
        diagnostics: &mut Diagnostics,
    ) -> usize {
        // A template in the method's place is a template all the same.
        if is_template(&first) {
            let swapped = second.and_then(|second| syn::parse2::<Ident>(second).ok()).filter(is_method);
            let message = match &swapped {
                Some(method) => Message::new(
                    "the template comes before the method",
                    SHAPE,
                    format!("swap them: `{method}, {first}`"),
                ),
                None => Message::new(
                    "the method is missing",
                    SHAPE,
                    format!("write it before the template: `GET, {first}`"),
                ),
            };
            diagnostics.on(&first, &message);
            self.template(first, diagnostics);
            self.method.clone_from(&swapped);
            return usize::from(swapped.is_some());
        }
        if let Some((method, template)) = both_in_one(&first, diagnostics) {
            self.method = Some(method);
            self.template(template, diagnostics);
            return 0;
        }
        let by_key = name_and_value.parse2(first.clone()).is_ok_and(|(_, value)| value.is_some());
        let place = first.span();
        self.method = method(first, by_key, second.as_ref(), diagnostics);
        let Some(second) = second else {
            missing_template(place, diagnostics);
            self.unread_outcome = true;
            return 0;
        };
        match name_and_value.parse2(second.clone()) {
            Ok((_, Some(path))) if by_key && is_template(&path) => self.template(path, diagnostics),
            Ok((_, Some(_))) => {
                missing_template(place, diagnostics);
                return 0;
            }
            _ => self.template(second, diagnostics),
        }
        1
    }

    fn template(&mut self, part: TokenStream, diagnostics: &mut Diagnostics) {
        self.template_place = Some(part.span());
        self.template = template_literal(part, diagnostics);
    }
}

fn is_method(word: &Ident) -> bool {
    METHODS.iter().any(|method| word == method)
}

fn is_template(part: &TokenStream) -> bool {
    syn::parse2::<LitStr>(part.clone()).is_ok_and(|literal| literal.value().starts_with('/'))
}

fn missing_template(place: Span, diagnostics: &mut Diagnostics) {
    let remedy = "add the operation's path after the method: `GET, \"/messages/<message_id>\"`";
    diagnostics.at(place, &Message::new("the template is missing", SHAPE, remedy));
}

/// `conflict = 409`, or `idempotent`
fn name_and_value(input: ParseStream<'_>) -> syn::Result<(Ident, Option<TokenStream>)> {
    let name = input.call(Ident::parse_any)?;
    if input.is_empty() {
        return Ok((name, None));
    }
    input.parse::<Token![=]>()?;
    Ok((name, Some(input.parse()?)))
}

/// `GET("/messages")` or `"GET /messages"`: told, and read as what is meant.
fn both_in_one(part: &TokenStream, diagnostics: &mut Diagnostics) -> Option<(Ident, TokenStream)> {
    let (method, template) = if let Ok(call) = syn::parse2::<MetaList>(part.clone()) {
        (call.path.get_ident()?.clone(), call.tokens)
    } else {
        let text = syn::parse2::<LitStr>(part.clone()).ok()?;
        let value = text.value();
        let (method, path) = value.split_once(' ')?;
        let path = LitStr::new(path, text.span());
        (Ident::new(METHODS.iter().find(|known| **known == method)?, text.span()), quote::quote!(#path))
    };
    if !is_template(&template) {
        return None;
    }
    let culprit = format!("`{}` has the method and the template in one", written(part));
    diagnostics.on(part, &Message::new(culprit, SHAPE, format!("write `{method}, {template}`")));
    Some((method, template))
}

/// A bare word is the method; what else was written is told, and read as the method that it names.
fn method(
    part: TokenStream,
    by_key: bool,
    second: Option<&TokenStream>,
    diagnostics: &mut Diagnostics,
) -> Option<Ident> {
    if let Ok(method) = syn::parse2::<Ident>(part.clone()) {
        return Some(method);
    }
    let span = part.span();
    let shown = written(&part);
    let value = match name_and_value.parse2(part.clone()) {
        Ok((_, Some(value))) => value,
        _ => part.clone(),
    };
    let named = if let Ok(quoted) = syn::parse2::<LitStr>(value.clone()) {
        Some(quoted.value())
    } else {
        syn::parse2::<Path>(value).ok().and_then(|path| Some(path.segments.last()?.ident.to_string()))
    };
    let known = named.and_then(|name| METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(&name)));
    let message = match known {
        Some(method) if by_key => {
            let path = second.and_then(|second| name_and_value.parse2(second.clone()).ok()?.1).filter(is_template);
            let path = path.map_or_else(|| "\"/…\"".to_owned(), |path| path.to_string());
            let culprit = format!("`{shown}` gives the method by name");
            Message::new(culprit, SHAPE, format!("method and template go by their places: write `{method}, {path}`"))
        }
        Some(method) if syn::parse2::<LitStr>(part.clone()).is_ok() => {
            Message::new(format!("the method {shown} is quoted"), METHOD, format!("write `{method}`"))
        }
        Some(method) => Message::new(format!("the method `{shown}` is a path"), METHOD, format!("write `{method}`")),
        None => Message::new(format!("`{shown}` is not an HTTP method"), METHOD, format!("write `{EXAMPLE}`")),
    };
    diagnostics.on(part, &message);
    known.map(|method| Ident::new(method, span))
}

fn template_literal(part: TokenStream, diagnostics: &mut Diagnostics) -> Option<Template> {
    if let Ok(literal) = syn::parse2::<LitStr>(part.clone()) {
        return Some(template(&literal, diagnostics));
    }
    let without_quotes = without_quotes(&part);
    let shown = without_quotes.as_deref().map_or_else(|| written(&part), quoted);
    let path = concatenated(&part).or_else(|| Some(without_quotes?.replace('{', "<").replace('}', ">")));
    let path = path.unwrap_or_else(|| "/messages/<message_id>".to_owned());
    let message = Message::new(
        format!("the template `{shown}` is not a string literal"),
        TEMPLATE,
        format!("write the path out: `\"{path}\"`"),
    );
    diagnostics.on(part, &message);
    None
}

/// `/messages/<message_id>` without quotes, and without the spaces that tokens have between them.
fn without_quotes(part: &TokenStream) -> Option<String> {
    let path = part.to_string().replace(char::is_whitespace, "");
    path.starts_with('/').then_some(path)
}

/// What `concat!("/messages", "/all")` will be.
fn concatenated(part: &TokenStream) -> Option<String> {
    let call = syn::parse2::<Macro>(part.clone()).ok().filter(|call| call.path.is_ident("concat"))?;
    let literals = call.parse_body_with(Punctuated::<LitStr, Token![,]>::parse_terminated).ok()?;
    Some(literals.iter().map(LitStr::value).collect())
}
