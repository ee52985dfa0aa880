//! What follows the template: `outcome = status`, a flag, a fixed header, or `crate = "…"`.

mod header;
mod mistaken;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Lit, LitInt, LitStr, MetaList, Path, Token};

use self::header::fixed_header;
pub(super) use self::mistaken::named_statuses;
use super::parts::Part;
use super::{Attribute, is_template, name_and_value};
use crate::diagnostics::{Diagnostics, Message, written};
use crate::rules::{CRATE, ENTRY, ONCE};

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

pub(super) fn entry(part: Part, read: &mut Attribute, diagnostics: &mut Diagnostics) {
    let Part { tokens, comma } = part;
    if tokens.is_empty() {
        let message = Message::new("there is nothing between two commas", ENTRY, "remove one of them");
        return diagnostics.at(comma.unwrap_or(read.end), &message);
    }
    if is_template(&tokens) {
        let culprit = format!("`{tokens}` is a second template");
        diagnostics.on(&tokens, &Message::new(culprit, ONCE, "declare a method for each of them"));
        return other_end(read.template_place, "the first template is here", diagnostics);
    }
    match syn::parse2::<MetaList>(tokens.clone()) {
        Ok(call) if call.path.is_ident("header") => return read.headers.extend(fixed_header(&call, diagnostics)),
        _ => {}
    }
    match name_and_value.parse2(tokens.clone()) {
        Ok((name, None)) if name == "idempotent" => {
            once(&mut read.idempotent, "`idempotent` is given twice", name.span(), diagnostics);
        }
        Ok((name, Some(_))) if name == "idempotent" => {
            let remedy = "write `idempotent` alone, or leave it out";
            diagnostics.on(tokens, &Message::new("the flag `idempotent` is given a value", ENTRY, remedy));
        }
        Ok((name, Some(value))) if name == "crate" => {
            if once(&mut read.runtime_place, "`crate` is given twice", name.span(), diagnostics) {
                read.runtime = runtime(value, diagnostics);
            }
        }
        Ok((name, Some(value))) if mistaken::setting(&name, &value, diagnostics) => read.unread_outcome = true,
        Ok((name, Some(value))) => {
            if let Ok(statuses) = statuses.parse2(value.clone()) {
                read.outcomes.push(OutcomeSyntax { name, statuses });
            } else {
                read.unread_outcome = true;
                mistaken::status(&name, tokens, value, diagnostics);
            }
        }
        Ok((_, None)) | Err(_) => {
            read.unread_outcome = true;
            mistaken::entry(tokens, read, diagnostics);
        }
    }
}

/// Whether it is the first of its kind; told if not.
fn once(first: &mut Option<Span>, culprit: &str, place: Span, diagnostics: &mut Diagnostics) -> bool {
    if first.is_none() {
        *first = Some(place);
        return true;
    }
    diagnostics.at(place, &Message::new(culprit, ONCE, "remove one of them"));
    other_end(*first, "the first is here", diagnostics);
    false
}

fn other_end(place: Option<Span>, what_is_there: &str, diagnostics: &mut Diagnostics) {
    if let Some(place) = place {
        diagnostics.other_end(place, what_is_there);
    }
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
            other => Err(syn::Error::new_spanned(other, "not a status")),
        }
    }
}

fn runtime(value: TokenStream, diagnostics: &mut Diagnostics) -> Option<TokenStream> {
    if let Ok(path) = syn::parse2::<LitStr>(value.clone()).and_then(|literal| literal.parse_with(Path::parse_mod_style))
    {
        return Some(path.into_token_stream());
    }
    let unquoted = syn::parse2::<Path>(value.clone()).map(|path| written(&path));
    let path = unquoted.unwrap_or_else(|_| "my_sdk::courier_core".to_owned());
    let culprit = format!("`{}` is not a path in quotes", written(&value));
    diagnostics.on(value, &Message::new(culprit, CRATE, format!("write `crate = \"{path}\"`")));
    None
}
