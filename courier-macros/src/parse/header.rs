//! `header("api-version" = "2")`, and what the name of any header has to be.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{LitStr, MetaList, Token};

use crate::diagnostics::{Diagnostics, Reported, written};
use crate::rules::{self, FIXED_HEADER, HEADER_NAME, HEADER_VALUE};

pub(crate) struct FixedHeader {
    pub(crate) name: LitStr,
    pub(crate) value: LitStr,
}

pub(super) fn fixed(call: &MetaList, diagnostics: &mut Diagnostics) -> Result<FixedHeader, Reported> {
    let pair = |input: ParseStream<'_>| -> syn::Result<(LitStr, LitStr)> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse()?))
    };
    let Ok((name, value)) = call.parse_args_with(pair) else {
        let problem = format!("`{}` is not a header with its value", written(call));
        return Err(diagnostics.on(call, FIXED_HEADER, problem, fix(&call.tokens)));
    };
    let name = header_name(name, diagnostics)?;
    if is_value(&value.value()) {
        return Ok(FixedHeader { name, value });
    }
    let problem = format!("the value of the header `{}` can't be sent", name.value());
    let trimmed = value.value().trim().to_owned();
    let fix = if is_value(&trimmed) {
        format!("write it as `{trimmed:?}`")
    } else {
        "encode it as the API's page says".to_owned()
    };
    Err(diagnostics.on(value, HEADER_VALUE, problem, fix))
}

/// Visible ASCII characters, with spaces only between them: a space at an end doesn't arrive.
pub(super) fn is_value(text: &str) -> bool {
    text == text.trim_matches(' ') && text.chars().all(|character| character == ' ' || character.is_ascii_graphic())
}

/// What is in the brackets of `headers("api-version" = "2")` or `Header(…)`.
pub(super) fn misspelt(part: &TokenStream) -> Option<TokenStream> {
    let call = syn::parse2::<MetaList>(part.clone()).ok()?;
    let name = call.path.get_ident()?.to_string().to_lowercase();
    matches!(&*name, "header" | "headers").then_some(call.tokens)
}

/// `header = …`, or a misspelt `header(…)` that gives `value`.
pub(super) fn mistaken(part: &TokenStream, value: &TokenStream, diagnostics: &mut Diagnostics) -> Reported {
    diagnostics.on(part, FIXED_HEADER, format!("`{}` is not how a header is written", written(part)), fix(value))
}

/// What to write for the header that was probably meant: its name comes first, its value last.
fn fix(tokens: &TokenStream) -> String {
    let (mut texts, mut words) = (Vec::new(), Vec::new());
    flatten(tokens.clone(), &mut texts, &mut words);
    // As on the wire: `"api-version: 2"`.
    if let Some((name, value)) = texts.first().and_then(|text| text.split_once(':')) {
        texts = vec![name.trim().to_owned(), value.trim().to_owned()];
    }
    // `api_version = "2"`
    let begins_with_text = matches!(tokens.clone().into_iter().next(), Some(TokenTree::Literal(_)));
    match (&texts[..], &words[..]) {
        ([name], [.., word]) if begins_with_text => {
            format!(
                "write the text itself; a value from elsewhere is an argument: `#[header({name:?})] {}: &str`",
                word.replace('-', "_")
            )
        }
        ([name, value, ..], _) => format!("write `header({name:?} = {value:?})`"),
        ([value], [_, ..]) => format!("write `header({:?} = {value:?})`", words.join("-")),
        ([name], []) => format!("write `header({name:?} = \"2\")`"),
        ([], _) => "write `header(\"api-version\" = \"2\")`".to_owned(),
    }
}

/// The texts and the words at any depth.
fn flatten(tokens: TokenStream, texts: &mut Vec<String>, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), texts, words),
            TokenTree::Ident(word) => words.push(word.to_string().to_lowercase().replace('_', "-")),
            TokenTree::Literal(literal) => {
                let text = syn::parse2::<LitStr>(TokenTree::from(literal.clone()).into());
                texts.push(text.map_or_else(|_| literal.to_string(), |text| text.value()));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// The header that was meant by `Authorization`, `user_agent` or `header::USER_AGENT`.
pub(super) fn unquoted(name: TokenStream) -> String {
    let name = written(name);
    let name = name.rsplit("::").next().unwrap_or_default().replace('_', "-");
    if name.contains(char::is_lowercase) { name } else { name.to_lowercase() }
}

/// A token of [RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2) that the transport doesn't set itself.
pub(super) fn header_name(name: LitStr, diagnostics: &mut Diagnostics) -> Result<LitStr, Reported> {
    const FRAMING: [&str; 7] =
        ["content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "host", "upgrade"];
    let text = name.value();
    let is_token = |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
    if text.is_empty() || !text.chars().all(is_token) {
        let token: String = text.chars().map(|character| if is_token(character) { character } else { '-' }).collect();
        let token = Some(token.trim_matches('-')).filter(|token| !token.is_empty()).unwrap_or("Idempotency-Key");
        let problem = format!("`{text}` is not the name of a header");
        return Err(diagnostics.on(name, HEADER_NAME, problem, format!("write it as the API's page does: `{token}`")));
    }
    if FRAMING.iter().any(|framing| text.eq_ignore_ascii_case(framing)) {
        return Err(diagnostics.on(
            name,
            rules::FRAMING,
            format!("an endpoint can't set the header `{text}`"),
            "remove it",
        ));
    }
    Ok(name)
}
