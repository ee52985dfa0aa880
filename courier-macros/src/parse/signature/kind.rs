//! `#[query]`, `#[header("name")]`, `#[body]` and their like: how an argument is sent that the template does not name.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, LitStr, Meta, Pat, Token};

use crate::diagnostics::{Diagnostics, Message, did_you_mean, written};
use crate::rules::{self, ARGUMENT_ATTRIBUTE, HEADER_NAME, MEDIA_TYPE};

/// What was written.
pub(crate) enum Kind {
    Query,
    Header(LitStr),
    /// JSON, with its media type where one is named.
    Body(Option<LitStr>),
    Form,
    Raw(LitStr),
    Multipart,
}

/// What follows the name: nothing, a string, or either.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    None,
    Required,
    Optional,
}

/// Each kind's name, what follows it, and an example.
const KINDS: [(&str, Value, &str); 6] = [
    ("query", Value::None, "#[query]"),
    ("header", Value::Required, "#[header(\"Idempotency-Key\")]"),
    ("body", Value::Optional, "#[body]"),
    ("form", Value::None, "#[form]"),
    ("raw", Value::Required, "#[raw(\"text/markdown\")]"),
    ("multipart", Value::None, "#[multipart]"),
];

/// What the attribute is called elsewhere.
const FOREIGN: [(&str, &str); 8] = [
    ("json", "body"),
    ("data", "form"),
    ("field", "form"),
    ("part", "multipart"),
    ("bytes", "raw"),
    ("text", "raw"),
    ("param", "query"),
    ("params", "query"),
];

fn is_kind(attribute: &Attribute) -> bool {
    KINDS.iter().any(|(name, ..)| attribute.path().is_ident(name))
}

/// Whether it is not ours, but one that the compiler knows on an argument, or another macro's.
fn stays(attribute: &Attribute) -> bool {
    const KNOWN: [&str; 8] = ["allow", "cfg", "cfg_attr", "deny", "doc", "expect", "forbid", "warn"];
    attribute.path().get_ident().is_none_or(|name| KNOWN.iter().any(|known| name == known))
}

/// Whether it is emitted with the argument, after errors too.
pub(crate) fn is_emitted(attribute: &Attribute) -> bool {
    stays(attribute) && (attribute.path().is_ident("cfg") || !is_condition(attribute))
}

/// Whether the argument is there, or is sent so, in some builds only: `#[cfg(…)]`, or a `#[cfg_attr(…)]` that holds one or
/// a kind.
pub(super) fn is_condition(attribute: &Attribute) -> bool {
    if attribute.path().is_ident("cfg") {
        return true;
    }
    let Meta::List(list) = &attribute.meta else { return false };
    attribute.path().is_ident("cfg_attr") && makes_it_conditional(&list.tokens)
}

/// Of the attributes in `cfg_attr(condition, attribute, …)`.
fn makes_it_conditional(tokens: &TokenStream) -> bool {
    let Ok(metas) = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens.clone()) else { return true };
    metas.iter().skip(1).any(|meta| match meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => makes_it_conditional(&list.tokens),
        meta => meta.path().is_ident("cfg") || KINDS.iter().any(|(name, ..)| meta.path().is_ident(name)),
    })
}

/// The kind that an argument's attributes give it; `Err`, and told, if they give none that can be read.
pub(super) fn kind(
    attributes: &[Attribute],
    argument: &Pat,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Kind>, ()> {
    let (kinds, others): (Vec<_>, Vec<_>) = attributes.iter().partition(|attribute| is_kind(attribute));
    let mut unknown = others.iter().filter(|attribute| !stays(attribute)).peekable();
    if unknown.peek().is_some() {
        unknown.for_each(|attribute| tell_unknown(attribute, argument, diagnostics));
        return Err(());
    }
    let Some((attribute, others)) = kinds.split_first() else { return Ok(None) };
    if let Some(second) = others.first() {
        let culprit = format!("the argument `{}` has a second attribute, `{}`", written(argument), written(second));
        diagnostics.on(second, &Message::new(culprit, ARGUMENT_ATTRIBUTE, "keep the one that is meant"));
        diagnostics.other_end(attribute.path().span(), &format!("its first attribute is `{}`", written(attribute)));
        return Err(());
    }
    read(attribute, diagnostics).map(Some).ok_or(())
}

fn tell_unknown(attribute: &Attribute, argument: &Pat, diagnostics: &mut Diagnostics) {
    let name = attribute.path().get_ident().map(|name| name.to_string().to_lowercase()).unwrap_or_default();
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name).map(|(_, meant)| *meant);
    let meant = foreign.or_else(|| did_you_mean(&name, KINDS.map(|(name, ..)| name)));
    let argument = written(argument);
    let remedy = if name == "path" {
        format!("remove it; the path is filled where the template says `<{argument}>`")
    } else if name == "param" {
        format!(
            "remove it, and write `?<{argument}>` at the end of the template; a whole struct of pairs is `#[query]`"
        )
    } else if let Some((_, expected, example)) = KINDS.iter().find(|(name, ..)| Some(*name) == meant) {
        // What was written in its brackets is meant for the right one too.
        match &attribute.meta {
            Meta::List(list) if *expected != Value::None => {
                format!("did you mean `#[{}({})]`?", meant.unwrap_or_default(), list.tokens)
            }
            _ => format!("did you mean `{example}`?"),
        }
    } else {
        "remove it".to_owned()
    };
    let culprit = format!("`{}` is not an attribute of an endpoint's argument", written(attribute));
    diagnostics.at(attribute.path().span(), &Message::new(culprit, ARGUMENT_ATTRIBUTE, remedy));
}

fn read(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<Kind> {
    let (name, expected, example) = *KINDS.iter().find(|(name, ..)| attribute.path().is_ident(name))?;
    let value = match &attribute.meta {
        Meta::Path(_) => Some(None),
        Meta::List(list) => syn::parse2::<LitStr>(list.tokens.clone()).ok().map(Some),
        Meta::NameValue(_) => None,
    };
    let fits = match &value {
        Some(None) => expected != Value::Required,
        Some(Some(_)) => expected != Value::None,
        None => false,
    };
    if !fits {
        let string = attribute.meta.to_token_stream().into_iter().flat_map(|token| match token {
            TokenTree::Group(group) => group.stream().into_iter().collect(),
            token => vec![token],
        });
        let string = string.filter_map(|token| syn::parse2::<LitStr>(token.into()).ok()).last();
        let example = match string {
            None if name == "header" => unquoted_example(attribute).unwrap_or_else(|| example.to_owned()),
            Some(string) if expected != Value::None => format!("#[{name}({:?})]", string.value()),
            Some(string) if name == "query" => {
                format!("#[query]` for all pairs, or put one into the template: `?{}=<name>", string.value())
            }
            _ => example.to_owned(),
        };
        let culprit = format!("`{}` is not how this attribute is written", written(attribute));
        diagnostics.on(attribute, &Message::new(culprit, ARGUMENT_ATTRIBUTE, format!("write `{example}`")));
        return None;
    }
    let value = value.flatten();
    Some(match (name, value) {
        ("query", _) => Kind::Query,
        ("form", _) => Kind::Form,
        ("multipart", _) => Kind::Multipart,
        ("header", Some(name)) => Kind::Header(header_name(name, diagnostics)?),
        ("raw", Some(media_type)) => Kind::Raw(self::media_type(media_type, diagnostics)?),
        (_, None) => Kind::Body(None),
        (_, Some(media_type)) => Kind::Body(Some(self::media_type(media_type, diagnostics)?)),
    })
}

/// `#[header(Authorization)]`, with quotes.
fn unquoted_example(attribute: &Attribute) -> Option<String> {
    let name = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => pair.value.to_token_stream(),
        Meta::Path(_) => return None,
    };
    (!name.is_empty()).then(|| format!("#[header({:?})]", unquoted_header(name)))
}

/// The header that was meant by `Authorization`, `x-api-version`, `user_agent` or `header::USER_AGENT`.
pub(crate) fn unquoted_header(name: TokenStream) -> String {
    let name = written(name);
    let name = name.rsplit("::").next().unwrap_or_default().replace('_', "-");
    if name.contains(char::is_lowercase) { name } else { name.to_lowercase() }
}

/// A token of [RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2) that is not the transport's to set.
pub(crate) fn header_name(name: LitStr, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    const FRAMING: [&str; 7] =
        ["content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "host", "upgrade"];
    let text = name.value();
    let is_token = |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
    let message = if text.is_empty() || !text.chars().all(is_token) {
        let name: String = text.chars().map(|character| if is_token(character) { character } else { '-' }).collect();
        let remedy = match name.trim_matches('-') {
            "" => "write it as the API's page does: `Idempotency-Key`".to_owned(),
            name => format!("write it as the API's page does; is it `{name}`?"),
        };
        Message::new(format!("`{text}` is not the name of a header"), HEADER_NAME, remedy)
    } else if FRAMING.contains(&text.to_ascii_lowercase().as_str()) {
        Message::new(format!("an endpoint can't set the header `{text}`"), rules::FRAMING, "remove it")
    } else {
        return Some(name);
    };
    diagnostics.on(name, &message);
    None
}

/// Visible ASCII characters, with spaces only between them: a space at an end doesn't arrive.
pub(crate) fn is_header_value(text: &str) -> bool {
    text == text.trim_matches(' ') && text.chars().all(|character| character == ' ' || character.is_ascii_graphic())
}

fn media_type(media_type: LitStr, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    let text = media_type.value();
    let visible = is_header_value(&text);
    let parts = text.split(';').next().and_then(|essence| essence.trim().split_once('/'));
    if visible && parts.is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty()) {
        return Some(media_type);
    }
    let message = Message::new(
        format!("`{text}` is not a media type"),
        MEDIA_TYPE,
        "write it as the API's page does: `text/markdown`",
    );
    diagnostics.on(media_type.to_token_stream(), &message);
    None
}
