//! `#[body] message: &Message`: an argument, and the attribute that says how it is sent.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, LitStr, Meta, Pat, PatType, Token, Type};

use super::header::{header_name, is_value, unquoted};
use crate::diagnostics::{Diagnostics, Reported, did_you_mean, list, written};
use crate::dialects::{self, Place};
use crate::rules::{ARGUMENT_ATTRIBUTE, ATTRIBUTE_VALUE, EVERY_BUILD, MEDIA_TYPE, PLAIN_NAME};
use crate::types::{arguments, bare};

/// `message_id: &str`
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    /// How it is sent, if an attribute says so.
    pub(crate) kind: Option<Kind>,
}

impl Argument {
    /// The name as a template writes it, without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.name.unraw().to_string()
    }
}

pub(crate) enum Kind {
    Query,
    Header(LitStr),
    /// JSON, with its media type if one is named.
    Body(Option<LitStr>),
    Form,
    Raw(LitStr),
    Multipart,
}

/// What follows the name in the attribute.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    None,
    Required,
    Optional,
}

/// The name of each kind, what follows it, and an example.
const KINDS: [(&str, Value, &str); 6] = [
    ("query", Value::None, "#[query]"),
    ("header", Value::Required, "#[header(\"Idempotency-Key\")]"),
    ("body", Value::Optional, "#[body]"),
    ("form", Value::None, "#[form]"),
    ("raw", Value::Required, "#[raw(\"text/markdown\")]"),
    ("multipart", Value::None, "#[multipart]"),
];

pub(super) fn argument(argument: &PatType, diagnostics: &mut Diagnostics) -> Result<Argument, Reported> {
    let kind = kind(&argument.attrs, &argument.pat, diagnostics);
    let condition = argument.attrs.iter().find(|attribute| is_condition(attribute)).map(|condition| {
        let problem = format!("the argument `{}` is under `#[cfg]`", written(&argument.pat));
        let fix = "put the `#[cfg]` on the method, and declare one method for each case";
        diagnostics.at(condition.path().span(), EVERY_BUILD, problem, fix)
    });
    match &*argument.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.mutability.is_none() && pattern.subpat.is_none() => {
            let read = Argument { name: pattern.ident.clone(), ty: (*argument.ty).clone(), kind: kind? };
            condition.map_or(Ok(read), Err)
        }
        pattern => {
            let problem = format!("the argument `{}` is a pattern", written(pattern));
            Err(diagnostics.on(pattern, PLAIN_NAME, problem, plain(pattern, &argument.ty)))
        }
    }
}

/// The plain arguments that were meant by `Path(id): Path<u64>` or `(id, part): (&str, &str)`.
fn plain(pattern: &Pat, ty: &Type) -> String {
    let extracted = match (pattern, bare(ty)) {
        (Pat::TupleStruct(pattern), Type::Path(ty)) => {
            let (name, last) = (pattern.path.segments.last(), ty.path.segments.last());
            let attribute = name.and_then(|name| dialects::meant(Place::Extractor, &name.ident.to_string()));
            let inner = last.and_then(|last| arguments(last).into_iter().next());
            attribute.zip(pattern.elems.first().zip(inner))
        }
        _ => None,
    };
    let (attribute, (pattern, ty)) = extracted.unwrap_or(("", (pattern, ty)));
    let plain: Vec<(String, &Type)> = match (pattern, ty) {
        (Pat::Tuple(names), Type::Tuple(types))
            if names.elems.len() == types.elems.len()
                && names.elems.iter().all(|name| matches!(name, Pat::Ident(_)))
                && attribute.is_empty() =>
        {
            names.elems.iter().map(first_name).zip(&types.elems).collect()
        }
        _ => vec![(first_name(pattern), ty)],
    };
    let arguments: Vec<_> = plain.iter().map(|(name, ty)| format!("{attribute}{name}: {}", written(ty))).collect();
    let fix = format!("write `{}`", arguments.join(", "));
    if extracted.is_none() || !attribute.is_empty() {
        return fix;
    }
    let placeholders: Vec<String> = plain.iter().map(|(name, _)| format!("<{name}>")).collect();
    format!("{fix}, and {} in the template", list(placeholders.iter().map(String::as_str)))
}

/// The first name in a pattern.
fn first_name(pattern: &Pat) -> String {
    fn name(tokens: TokenStream) -> Option<String> {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Ident(word) if word != "mut" && word != "ref" && word != "_" => {
                let word = word.unraw().to_string();
                word.starts_with(char::is_lowercase).then_some(word)
            }
            TokenTree::Group(group) => name(group.stream()),
            _ => None,
        })
    }
    name(pattern.to_token_stream()).unwrap_or_else(|| "id".to_owned())
}

fn is_kind(attribute: &Attribute) -> bool {
    KINDS.iter().any(|(name, ..)| attribute.path().is_ident(name))
}

/// Whether it is one that the compiler knows on an argument, or another macro's.
fn stays(attribute: &Attribute) -> bool {
    const KNOWN: [&str; 8] = ["allow", "cfg", "cfg_attr", "deny", "doc", "expect", "forbid", "warn"];
    attribute.path().get_ident().is_none_or(|name| KNOWN.iter().any(|known| name == known))
}

/// Whether it is emitted with the argument, after errors too.
pub(crate) fn is_emitted(attribute: &Attribute) -> bool {
    stays(attribute) && (attribute.path().is_ident("cfg") || !is_condition(attribute))
}

/// Whether the argument exists, or is sent so, only in some builds: `#[cfg(…)]`, or a `#[cfg_attr(…)]` that holds one or a kind.
fn is_condition(attribute: &Attribute) -> bool {
    fn is_conditional(meta: &Meta) -> bool {
        let Meta::List(list) = meta else { return false };
        let nested = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone());
        meta.path().is_ident("cfg_attr")
            && nested.map_or(true, |nested| {
                nested.iter().skip(1).any(|meta| {
                    let is_kind = KINDS.iter().any(|(name, ..)| meta.path().is_ident(name));
                    is_kind || meta.path().is_ident("cfg") || is_conditional(meta)
                })
            })
    }
    attribute.path().is_ident("cfg") || is_conditional(&attribute.meta)
}

/// The kind that the attributes of an argument give it.
fn kind(attributes: &[Attribute], argument: &Pat, diagnostics: &mut Diagnostics) -> Result<Option<Kind>, Reported> {
    let (kinds, others): (Vec<_>, Vec<_>) = attributes.iter().partition(|attribute| is_kind(attribute));
    let unknown = others.into_iter().filter(|attribute| !stays(attribute));
    if let Some(reported) = unknown.map(|attribute| unknown_kind(attribute, argument, diagnostics)).last() {
        return Err(reported);
    }
    let Some((attribute, others)) = kinds.split_first() else { return Ok(None) };
    if let Some(second) = others.first() {
        let problem = format!("the argument `{}` has a second attribute, `{}`", written(argument), written(second));
        let reported = diagnostics.on(second, ARGUMENT_ATTRIBUTE, problem, "keep the one that you mean");
        diagnostics.other_end(attribute.path().span(), &format!("its first attribute is `{}`", written(attribute)));
        return Err(reported);
    }
    read(attribute, argument, diagnostics).map(Some)
}

fn unknown_kind(attribute: &Attribute, argument: &Pat, diagnostics: &mut Diagnostics) -> Reported {
    let name = attribute.path().get_ident().map(|name| name.to_string().to_lowercase()).unwrap_or_default();
    let meant = dialects::meant(Place::Attribute, &name).or_else(|| did_you_mean(&name, KINDS.map(|(name, ..)| name)));
    let row = KINDS.iter().find(|(name, ..)| Some(*name) == meant);
    let fix = match (&*name, row, &attribute.meta) {
        ("path", ..) => format!("remove it; `<{}>` in the template is enough", written(argument)),
        ("param" | "params", ..) => {
            format!(
                "remove it, and write `?<{}>` at the end of the template; `#[query]` is for a struct",
                written(argument)
            )
        }
        // What was written in its brackets is meant for the right one too.
        (_, Some((meant, expected, _)), Meta::List(list)) if *expected != Value::None => {
            format!("did you mean `#[{meant}({})]`?", list.tokens)
        }
        (_, Some((.., example)), _) => format!("did you mean `{example}`?"),
        (_, None, _) => "remove it".to_owned(),
    };
    let problem = format!("`{}` is not an attribute of an endpoint's argument", written(attribute));
    diagnostics.at(attribute.path().span(), ARGUMENT_ATTRIBUTE, problem, fix)
}

fn read(attribute: &Attribute, argument: &Pat, diagnostics: &mut Diagnostics) -> Result<Kind, Reported> {
    let row = KINDS.iter().find(|(name, ..)| attribute.path().is_ident(name));
    let (name, expected, example) = *row.expect("it is a kind");
    let value = match &attribute.meta {
        Meta::Path(_) => Some(None),
        Meta::List(list) => syn::parse2::<LitStr>(list.tokens.clone()).ok().map(Some),
        Meta::NameValue(_) => None,
    };
    match (name, value) {
        ("query", Some(None)) => Ok(Kind::Query),
        ("form", Some(None)) => Ok(Kind::Form),
        ("multipart", Some(None)) => Ok(Kind::Multipart),
        ("body", Some(None)) => Ok(Kind::Body(None)),
        ("body", Some(Some(media_type))) => Ok(Kind::Body(Some(self::media_type(media_type, diagnostics)?))),
        ("raw", Some(Some(media_type))) => Ok(Kind::Raw(self::media_type(media_type, diagnostics)?)),
        ("header", Some(Some(name))) => Ok(Kind::Header(header_name(name, diagnostics)?)),
        _ => {
            let text = attribute.meta.to_token_stream().into_iter().flat_map(|token| match token {
                TokenTree::Group(group) => group.stream().into_iter().collect(),
                token => vec![token],
            });
            let text =
                text.filter_map(|token| syn::parse2::<LitStr>(token.into()).ok()).last().map(|text| text.value());
            let name_of_a_header = match &attribute.meta {
                Meta::List(list) if name == "header" && !list.tokens.is_empty() => Some(unquoted(list.tokens.clone())),
                _ => None,
            };
            let fix = match (text.or(name_of_a_header), expected) {
                (Some(text), Value::Required | Value::Optional) => format!("write `#[{name}({text:?})]`"),
                (Some(key), Value::None) if name == "query" => {
                    format!("write `?{key}=<name>` in the template; `#[query]` is for a struct of pairs")
                }
                (None, Value::Required) if name == "header" => {
                    let header = first_name(argument).replace('_', "-");
                    format!("name the header: `#[header({header:?})]`")
                }
                _ => format!("write `{example}`"),
            };
            let problem = format!("`{}` is not how this attribute is written", written(attribute));
            Err(diagnostics.on(attribute, ATTRIBUTE_VALUE, problem, fix))
        }
    }
}

fn media_type(media_type: LitStr, diagnostics: &mut Diagnostics) -> Result<LitStr, Reported> {
    let text = media_type.value();
    let parts = text.split(';').next().and_then(|essence| essence.trim().split_once('/'));
    if is_value(&text) && parts.is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty()) {
        return Ok(media_type);
    }
    let problem = format!("`{text}` is not a media type");
    Err(diagnostics.on(media_type, MEDIA_TYPE, problem, "write it as the API's page does: `text/markdown`"))
}
