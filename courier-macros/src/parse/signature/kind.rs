//! `#[query]`, `#[header("name")]`, `#[body]` and their like: how an argument is sent that the template does not name.

use quote::ToTokens as _;
use syn::{Attribute, LitStr, Meta};

use crate::diagnostics::{Diagnostics, Message, written};

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

const RULE: &str = "an argument that the template does not name is sent as its one attribute says";

pub(crate) fn is_kind(attribute: &Attribute) -> bool {
    KINDS.iter().any(|(name, ..)| attribute.path().is_ident(name))
}

/// The kind that an argument's attributes give it; `Err`, and told, if they give none that can be read.
pub(super) fn kind(attributes: &[Attribute], diagnostics: &mut Diagnostics) -> Result<Option<Kind>, ()> {
    let mut kinds = attributes.iter().filter(|attribute| is_kind(attribute));
    let Some(attribute) = kinds.next() else { return Ok(None) };
    if let Some(second) = kinds.next() {
        let culprit = format!("the argument has a second attribute, `{}`", written(second));
        diagnostics.on(second, &Message::new(culprit, RULE, "keep the one that is meant"));
        return Err(());
    }
    read(attribute, diagnostics).map(Some).ok_or(())
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
        let culprit = format!("`{}` is not how this attribute is written", written(attribute));
        diagnostics.on(attribute, &Message::new(culprit, RULE, format!("write `{example}`")));
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

/// A token of [RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2) that is not the transport's to set.
pub(crate) fn header_name(name: LitStr, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    const FRAMING: [&str; 5] = ["content-length", "transfer-encoding", "connection", "host", "upgrade"];
    let text = name.value();
    let is_token = |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
    let message = if text.is_empty() || !text.chars().all(is_token) {
        let rule = "a header's name is letters, digits and `-`";
        Message::new(
            format!("`{text}` is no name of a header"),
            rule,
            "write it as the API's page does: `Idempotency-Key`",
        )
    } else if FRAMING.contains(&text.to_ascii_lowercase().as_str()) {
        let rule = "what frames a message is the transport's to say: a wrong value would split one request into two";
        Message::new(format!("the header `{text}` can't be set by an endpoint"), rule, "leave it out")
    } else {
        return Some(name);
    };
    diagnostics.on(name, &message);
    None
}

fn media_type(media_type: LitStr, diagnostics: &mut Diagnostics) -> Option<LitStr> {
    let text = media_type.value();
    let visible = text.chars().all(|character| character == ' ' || character.is_ascii_graphic());
    let parts = text.split(';').next().and_then(|essence| essence.trim().split_once('/'));
    if visible && parts.is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty()) {
        return Some(media_type);
    }
    let message = Message::new(
        format!("`{text}` is no media type"),
        "a body is sent with its media type, a type and a subtype: `text/markdown`",
        "write it as the API's page does",
    );
    diagnostics.on(media_type.to_token_stream(), &message);
    None
}
