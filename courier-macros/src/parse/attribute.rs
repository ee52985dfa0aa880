//! `METHOD, "template", outcome = status | status, flag, crate = "path"`

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Lit, LitInt, LitStr, MetaList, Token};

use crate::diagnostics::{Diagnostics, Message, snake_case, written};
use crate::parse::signature::header_name;
use crate::parse::{Template, template};

/// What was written. A part that could not be read is `None` and has been told.
pub(crate) struct Attribute {
    pub(crate) method: Option<Ident>,
    pub(crate) template: Option<Template>,
    pub(crate) outcomes: Vec<OutcomeSyntax>,
    /// Where an outcome was written, but could not be read: none is missing then.
    pub(crate) unread_outcome: bool,
    pub(crate) headers: Vec<FixedHeader>,
    pub(crate) idempotent: bool,
    pub(crate) runtime: Option<TokenStream>,
}

/// `conflict = 409`
pub(crate) struct OutcomeSyntax {
    pub(crate) name: Ident,
    pub(crate) statuses: Vec<StatusSyntax>,
}

/// `header("api-version" = "2")`
pub(crate) struct FixedHeader {
    pub(crate) name: LitStr,
    pub(crate) value: LitStr,
}

/// `409` or `4xx`, as text: which statuses there are is not a matter of syntax.
pub(crate) struct StatusSyntax {
    pub(crate) text: String,
    pub(crate) span: Span,
}

const SHAPE: &str = "an endpoint is `METHOD, \"template\", outcome = status, …`";
const EXAMPLE: &str = "#[endpoint(POST, \"/messages/<message_id>/cancel\", ok = 200, conflict = 409)]";

pub(crate) fn attribute(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Attribute {
    let mut read = Attribute {
        method: None,
        template: None,
        outcomes: Vec::new(),
        unread_outcome: false,
        headers: Vec::new(),
        idempotent: false,
        runtime: None,
    };
    let mut parts = split_at_commas(tokens).into_iter().peekable();
    let Some(first) = parts.next() else {
        let message = Message::new("the attribute is empty", SHAPE, format!("write `{EXAMPLE}`"));
        diagnostics.at(Span::call_site(), &message);
        read.unread_outcome = true;
        return read;
    };
    // A template in the method's place is a template all the same: only the method is missing.
    if is_template(&first) {
        let remedy = format!("write it before the template: `GET, {first}`");
        diagnostics.on(&first, &Message::new("the method is missing", METHOD, remedy));
        read.template = template_literal(first, diagnostics);
    } else {
        read.method = method(first, diagnostics);
        match parts.peek() {
            Some(part) if name_and_value.parse2(part.clone()).is_ok_and(|(_, value)| value.is_some()) => {
                missing_template(diagnostics);
            }
            Some(_) => read.template = parts.next().and_then(|part| template_literal(part, diagnostics)),
            None => {
                missing_template(diagnostics);
                read.unread_outcome = true;
            }
        }
    }
    for part in parts {
        entry(part, &mut read, diagnostics);
    }
    read
}

fn is_template(part: &TokenStream) -> bool {
    syn::parse2::<LitStr>(part.clone()).is_ok_and(|literal| literal.value().starts_with('/'))
}

fn missing_template(diagnostics: &mut Diagnostics) {
    let remedy = "add the path of the operation after the method: `GET, \"/messages/<message_id>\"`";
    diagnostics.at(Span::call_site(), &Message::new("the attribute has no template", SHAPE, remedy));
}

/// Each part is read by itself, so that a mistake in one hides none in another.
fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            token => parts.last_mut().expect("it starts with one").extend([token]),
        }
    }
    // A trailing comma, or nothing at all.
    if parts.last().is_some_and(TokenStream::is_empty) {
        parts.pop();
    }
    parts
}

const METHOD: &str = "the attribute begins with the HTTP method, a bare word in capitals";

fn method(part: TokenStream, diagnostics: &mut Diagnostics) -> Option<Ident> {
    if let Ok(method) = syn::parse2::<Ident>(part.clone()) {
        return Some(method);
    }
    let written = written(&part);
    let message = match syn::parse2::<LitStr>(part.clone()) {
        Ok(quoted) => {
            let bare = quoted.value().to_uppercase();
            Message::new(
                format!("the method `{written}` is quoted"),
                METHOD,
                format!("write `{bare}` without the quotes"),
            )
        }
        Err(_) => Message::new(format!("`{written}` is no HTTP method"), METHOD, format!("write `{EXAMPLE}`")),
    };
    diagnostics.on(part, &message);
    None
}

fn template_literal(part: TokenStream, diagnostics: &mut Diagnostics) -> Option<Template> {
    if let Ok(literal) = syn::parse2::<LitStr>(part.clone()) {
        return template(&literal, diagnostics);
    }
    let message = Message::new(
        format!("`{}` is no string literal", written(&part)),
        "the template is a string literal: the attribute is read before constants and macros have values",
        "write the path out, after the method: `\"/messages/<message_id>\"`",
    );
    diagnostics.on(part, &message);
    None
}

/// Reads what follows the template: an outcome, a flag, or `crate = "…"`.
fn entry(part: TokenStream, read: &mut Attribute, diagnostics: &mut Diagnostics) {
    match syn::parse2::<MetaList>(part.clone()) {
        Ok(call) if call.path.is_ident("header") => return read.headers.extend(fixed_header(&call, diagnostics)),
        _ => {}
    }
    match name_and_value.parse2(part.clone()) {
        Ok((name, None)) if name == "idempotent" => read.idempotent = true,
        Ok((name, Some(value))) if name == "crate" => read.runtime = runtime(value, diagnostics),
        Ok((name, Some(value))) => {
            if let Ok(statuses) = statuses.parse2(value.clone()) {
                read.outcomes.push(OutcomeSyntax { name, statuses });
            } else {
                read.unread_outcome = true;
                no_status(&name, part, value, diagnostics);
            }
        }
        Ok((_, None)) | Err(_) => {
            read.unread_outcome = true;
            no_entry(part, diagnostics);
        }
    }
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

fn fixed_header(call: &MetaList, diagnostics: &mut Diagnostics) -> Option<FixedHeader> {
    let pair = |input: ParseStream<'_>| -> syn::Result<(LitStr, LitStr)> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse()?))
    };
    let Ok((name, value)) = call.parse_args_with(pair) else {
        let culprit = format!("`{}` is no header", written(call));
        let rule = "a header that is always the same is written with its value";
        diagnostics.on(call, &Message::new(culprit, rule, "write `header(\"api-version\" = \"2\")`"));
        return None;
    };
    let name = header_name(name, diagnostics)?;
    if value.value().chars().all(|character| character == ' ' || character.is_ascii_graphic()) {
        return Some(FixedHeader { name, value });
    }
    let rule = "a header's value is visible ASCII";
    let message = Message::new(
        format!("the value of `{}` can't be sent", name.value()),
        rule,
        "encode it as the API's page says",
    );
    diagnostics.on(value, &message);
    None
}

/// `409 = conflict`
fn status_and_name(input: ParseStream<'_>) -> syn::Result<(Status, Ident)> {
    let status = input.parse()?;
    input.parse::<Token![=]>()?;
    Ok((status, input.parse()?))
}

/// `Conflict(/* Message */) = 409`, as the compiler proposes it where a name is nearly right
fn variant_and_status(input: ParseStream<'_>) -> syn::Result<(Ident, Status)> {
    let name = input.parse()?;
    input.parse::<proc_macro2::Group>()?;
    input.parse::<Token![=]>()?;
    Ok((name, input.parse()?))
}

fn no_entry(part: TokenStream, diagnostics: &mut Diagnostics) {
    const RULE: &str =
        "what follows the template is `outcome = status`, `idempotent`, `header(…)` or `crate = \"path\"`";
    if part.is_empty() {
        let message = Message::new("there is nothing between two commas", RULE, "remove one of them");
        return diagnostics.at(Span::call_site(), &message);
    }
    let message = if let Ok((Status(status), name)) = status_and_name.parse2(part.clone()) {
        Message::new(format!("`{}` is the wrong way round", written(&part)), RULE, format!("write `{name} = {status}`"))
    } else if let Ok((name, Status(status))) = variant_and_status.parse2(part.clone()) {
        let name = snake_case(&name.to_string());
        let rule = "an outcome is named alone; its variant's field is filled with the answer's body";
        Message::new(format!("`{}` is no outcome", written(&part)), rule, format!("write `{name} = {status}`"))
    } else if let Ok(Status(status)) = syn::parse2(part.clone()) {
        let remedy = format!("put it behind the others of its outcome: `ok = 200 | {status}`");
        Message::new(format!("the status `{status}` stands alone"), RULE, remedy)
    } else if let Ok(name) = Ident::parse_any.parse2(part.clone()) {
        let remedy = format!("give the statuses that mean it, `{name} = 200`; the only flag is `idempotent`");
        Message::new(format!("`{name}` has no status"), RULE, remedy)
    } else {
        Message::new(format!("`{}` is no outcome", written(&part)), RULE, "write it as `conflict = 409`")
    };
    diagnostics.on(part, &message);
}

fn no_status(name: &Ident, part: TokenStream, value: TokenStream, diagnostics: &mut Diagnostics) {
    let culprit = if value.is_empty() { part } else { value };
    let quoted = syn::parse2::<LitStr>(culprit.clone()).map(|quoted| quoted.value());
    let status = quoted.ok().filter(|text| text.parse::<u16>().is_ok()).unwrap_or_else(|| "409".to_owned());
    let message = Message::new(
        format!("`{}` is no status", written(&culprit)),
        "a status is a number (`409`), several (`200 | 202`) or a class (`2xx`)",
        format!("write it as `{name} = {status}`"),
    );
    diagnostics.on(culprit, &message);
}

/// `200 | 202`
fn statuses(input: ParseStream<'_>) -> syn::Result<Vec<StatusSyntax>> {
    let statuses = Punctuated::<Status, Token![|]>::parse_separated_nonempty(input)?;
    Ok(statuses.into_iter().map(|Status(lit)| StatusSyntax { text: lit.to_string(), span: lit.span() }).collect())
}

/// A number, with a suffix where it is a class: the compiler's lexer reads `2xx` as the number 2 of a type `xx`.
struct Status(LitInt);

impl Parse for Status {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // By way of `Lit`, which sees through the invisible brackets around what a `macro_rules!` passed on.
        match input.parse()? {
            Lit::Int(status) => Ok(Self(status)),
            other => Err(syn::Error::new_spanned(other, "no status")),
        }
    }
}

fn runtime(value: TokenStream, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    if let Ok(path) = syn::parse2::<LitStr>(value.clone()).and_then(|literal| literal.parse::<syn::Path>()) {
        return Some(path.into_token_stream());
    }
    let message = Message::new(
        format!("`{}` is no path to courier-core", written(&value)),
        "`crate` says where a crate that does not depend on courier-core itself finds it",
        "write it as a string: `crate = \"my_sdk::courier_core\"`",
    );
    diagnostics.on(value, &message);
    None
}
