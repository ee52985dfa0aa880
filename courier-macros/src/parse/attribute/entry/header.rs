//! `header("api-version" = "2")`, and what was meant by a header that is written in another way.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{LitStr, MetaList, Token};

use super::FixedHeader;
use crate::diagnostics::{Diagnostics, Message, written};
use crate::parse::signature::{header_name, is_header_value, unquoted_header};
use crate::rules::{FIXED_HEADER, HEADER_VALUE};

pub(super) fn fixed_header(call: &MetaList, diagnostics: &mut Diagnostics) -> Option<FixedHeader> {
    let pair = |input: ParseStream<'_>| -> syn::Result<(LitStr, LitStr)> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse()?))
    };
    let Ok((name, value)) = call.parse_args_with(pair) else {
        let culprit = format!("`{}` is not a header with its value", written(call));
        diagnostics.on(call, &Message::new(culprit, FIXED_HEADER, remedy(&call.tokens)));
        return None;
    };
    let name = header_name(name, diagnostics)?;
    if is_header_value(&value.value()) {
        return Some(FixedHeader { name, value });
    }
    let problem = format!("the value of the header `{}` can't be sent", name.value());
    let trimmed = value.value().trim().to_owned();
    let remedy = if is_header_value(&trimmed) {
        format!("write it as `{trimmed:?}`")
    } else {
        "encode it as the API's page says".to_owned()
    };
    diagnostics.on(value, &Message::new(problem, HEADER_VALUE, remedy));
    None
}

/// `headers("api-version" = "2")` or `Header(…)`
pub(super) fn misspelt(part: &TokenStream) -> Option<MetaList> {
    let call = syn::parse2::<MetaList>(part.clone()).ok()?;
    let name = call.path.get_ident()?.to_string().to_lowercase();
    matches!(&*name, "header" | "headers").then_some(call)
}

/// What to write for that which stands in the brackets, or behind the equals sign of `header = …`.
pub(super) fn remedy(written: &TokenStream) -> String {
    let tokens: Vec<TokenTree> = within_brackets(written);
    let parts: Vec<&[TokenTree]> = tokens.split(|token| is_mark(token, ',')).filter(|part| !part.is_empty()).collect();
    // A comma stands between two headers, or between a header's name and its value.
    let headers = match &parts[..] {
        [] => vec![("api-version".to_owned(), Value::Known("2".to_owned()))],
        [name, value] if header(name).is_none() => vec![(name_in(name), value_in(value))],
        [name] if header(name).is_none() => vec![(name_in(name), Value::Known("2".to_owned()))],
        parts => parts.iter().filter_map(|part| header(part)).collect(),
    };
    if let Some((name, Value::Elsewhere(argument))) =
        headers.iter().find(|(_, value)| !matches!(value, Value::Known(_)))
    {
        return format!(
            "write the text itself; a value from elsewhere is an argument: `#[header({name:?})] {argument}: &str`"
        );
    }
    let headers = headers.iter().filter_map(|(name, value)| match value {
        Value::Known(value) => Some(format!("header({name:?} = {value:?})")),
        Value::Elsewhere(_) => None,
    });
    format!("write `{}`", headers.collect::<Vec<_>>().join(", "))
}

enum Value {
    Known(String),
    /// The last word of a constant's path, or of what else stands there.
    Elsewhere(String),
}

/// `"api-version" = 2`, `"api-version": "2"`, `api_version => "2"` or `"api-version: 2"`
fn header(part: &[TokenTree]) -> Option<(String, Value)> {
    let is_half_of_path = |at: usize| at > 0 && is_mark(&part[at - 1], ':');
    let ends_the_name = |(at, token): (usize, &TokenTree)| match token {
        TokenTree::Punct(mark) if mark.as_char() == ':' => mark.spacing() == Spacing::Alone && !is_half_of_path(at),
        token => is_mark(token, '='),
    };
    if let Some(end) = part.iter().enumerate().position(ends_the_name) {
        let (name, value) = part.split_at(end);
        let value = value
            .iter()
            .position(|token| !matches!(token, TokenTree::Punct(mark) if "=:>".contains(mark.as_char())))
            .map(|start| &value[start..]);
        return Some((name_in(name), value.map_or(Value::Known("2".to_owned()), value_in)));
    }
    let whole = string(part)?;
    let (name, value) = whole.split_once(':')?;
    Some((name.trim().to_owned(), Value::Known(value.trim().to_owned())))
}

fn name_in(part: &[TokenTree]) -> String {
    let name = string(part).unwrap_or_else(|| unquoted_header(part.iter().cloned().collect()));
    if name.is_empty() { "api-version".to_owned() } else { name }
}

fn value_in(part: &[TokenTree]) -> Value {
    if let Some(value) = string(part) {
        return Value::Known(value);
    }
    let mut words = part.iter().filter_map(|token| match token {
        TokenTree::Ident(word) if word != "true" && word != "false" => Some(word.to_string().to_lowercase()),
        _ => None,
    });
    match words.next_back() {
        Some(word) => Value::Elsewhere(word),
        None => Value::Known(written(part.iter().cloned().collect::<TokenStream>())),
    }
}

fn string(part: &[TokenTree]) -> Option<String> {
    syn::parse2::<LitStr>(part.iter().cloned().collect()).ok().map(|literal| literal.value())
}

fn within_brackets(tokens: &TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match &tokens[..] {
        [TokenTree::Group(group)] => within_brackets(&group.stream()),
        _ => tokens,
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}
