//! How other tools, and slips, write what the attribute knows, so that a message can say what to write here. A notation is a row.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt as _;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// Around the name of a placeholder.
    Placeholder,
    /// Before the name in a placeholder, in Flask.
    Converter,
    /// On an argument.
    Attribute,
    /// In place of an argument's name, in axum.
    Extractor,
    /// After the template, with a value that isn't a status.
    Setting,
    /// A constant of `http::StatusCode`.
    Status,
}

use Place::{Attribute, Converter, Extractor, Placeholder, Setting, Status};

/// A notation and what it means here.
const DIALECTS: &[(Place, &str, &str)] = &[
    (Placeholder, "{{…}}", "Postman, Mustache"),
    (Placeholder, "${…}", "JavaScript, shells"),
    (Placeholder, "{…}", "OpenAPI, axum, Retrofit"),
    (Placeholder, "<<…>>", "one pair of brackets too many"),
    (Converter, "int", ""),
    (Converter, "float", ""),
    (Converter, "path", ""),
    (Converter, "string", ""),
    (Converter, "uuid", ""),
    (Attribute, "json", "body"),
    (Attribute, "data", "form"),
    (Attribute, "field", "form"),
    (Attribute, "part", "multipart"),
    (Attribute, "bytes", "raw"),
    (Attribute, "text", "raw"),
    (Extractor, "Path", ""),
    (Extractor, "Query", "#[query] "),
    (Extractor, "Json", "#[body] "),
    (Extractor, "Form", "#[form] "),
    (Setting, "timeout", ", or for one call with `.deadline(…)`"),
    (Setting, "deadline", ", or for one call with `.deadline(…)`"),
    (Setting, "retry", ", or for one call with `.max_attempts(…)`"),
    (Setting, "retries", ", or for one call with `.max_attempts(…)`"),
    (Setting, "max_retries", ", or for one call with `.max_attempts(…)`"),
    (Setting, "attempts", ", or for one call with `.max_attempts(…)`"),
    (Setting, "max_attempts", ", or for one call with `.max_attempts(…)`"),
    (Setting, "auth", ""),
    (Setting, "backoff", ""),
    (Setting, "base_url", ""),
    (Setting, "host", ""),
    (Setting, "url", ""),
    (Status, "OK", "200"),
    (Status, "CREATED", "201"),
    (Status, "ACCEPTED", "202"),
    (Status, "NO_CONTENT", "204"),
    (Status, "PARTIAL_CONTENT", "206"),
    (Status, "SEE_OTHER", "303"),
    (Status, "NOT_MODIFIED", "304"),
    (Status, "BAD_REQUEST", "400"),
    (Status, "UNAUTHORIZED", "401"),
    (Status, "FORBIDDEN", "403"),
    (Status, "NOT_FOUND", "404"),
    (Status, "CONFLICT", "409"),
    (Status, "GONE", "410"),
    (Status, "PRECONDITION_FAILED", "412"),
    (Status, "PAYLOAD_TOO_LARGE", "413"),
    (Status, "UNPROCESSABLE_ENTITY", "422"),
    (Status, "TOO_MANY_REQUESTS", "429"),
    (Status, "INTERNAL_SERVER_ERROR", "500"),
    (Status, "BAD_GATEWAY", "502"),
    (Status, "SERVICE_UNAVAILABLE", "503"),
    (Status, "GATEWAY_TIMEOUT", "504"),
];

fn rows(place: Place) -> impl Iterator<Item = (&'static str, &'static str)> {
    DIALECTS.iter().filter(move |(of, ..)| *of == place).map(|&(_, written, meant)| (written, meant))
}

pub(crate) fn meant(place: Place, written: &str) -> Option<&'static str> {
    rows(place).find(|(known, _)| *known == written).map(|(_, meant)| meant)
}

/// The placeholder at the beginning of `text` in another tool's notation: all of it, and the name.
pub(crate) fn placeholder(text: &str) -> Option<(&str, &str)> {
    rows(Placeholder).find_map(|(notation, _)| {
        let (open, close) = notation.split_once('…')?;
        let (name, _) = text.strip_prefix(open)?.split_once(close)?;
        Some((&text[..open.len() + name.len() + close.len()], name))
    })
}

/// The one name and the statuses that an outcome was probably meant to have.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) name: Option<String>,
    /// `200 | 202`
    pub(crate) statuses: String,
}

/// Reads `200 = ok`, `ok: 200`, `ok(200)`, `"ok" = "200"`, `Outcome::Conflict(Message) = 409`, `ok = StatusCode::OK`,
/// `ok = [200, 202]`, `ok = 200..=299` and `404 => NotFound`; `None` if they hold more than one name.
pub(crate) fn outcome(part: &TokenStream) -> Option<Outcome> {
    let (mut names, mut statuses) = (Vec::new(), Vec::new());
    read(part.clone(), true, &mut names, &mut statuses)?;
    if let ([first, last], true) = (&statuses[..], part.to_string().contains("..")) {
        let class = first.strip_suffix("00")?;
        let is_whole = *last == format!("{class}99")
            || last.strip_suffix("00")?.parse().ok() == class.parse().ok().map(|class: u8| class + 1);
        statuses = is_whole.then(|| vec![format!("{class}xx")])?;
    }
    // A type after a status, as API pages have it, doesn't name the outcome.
    let is_type = |name: &String| name.starts_with(char::is_uppercase);
    let begins_with_status =
        matches!(part.clone().into_iter().next(), Some(TokenTree::Literal(_))) && !statuses.is_empty();
    let name = match &names[..] {
        [name, ..] if begins_with_status && is_type(name) => None,
        [name] if !matches!(&**name, "status" | "statuses" | "status_code") => Some(snake_case(name)),
        [] | [_] => None,
        _ => return None,
    };
    Some(Outcome { name, statuses: statuses.join(" | ") })
}

/// `None` if there is something that is neither a name nor a status. Names in brackets are the fields of a variant.
fn read(part: TokenStream, at_the_top: bool, names: &mut Vec<String>, statuses: &mut Vec<String>) -> Option<()> {
    let mut before = None;
    for token in part {
        let mark = match &token {
            TokenTree::Punct(mark) => Some(mark.as_char()),
            _ => None,
        };
        match token {
            TokenTree::Ident(word) => {
                let word = word.unraw().to_string();
                match (before, meant(Status, &word), names.last_mut()) {
                    // `StatusCode::OK`, and `OK` as a value, but not as the outcome's own name.
                    (Some(_), Some(status), _) => {
                        statuses.push(status.to_owned());
                        names.retain(|name| name != "StatusCode");
                    }
                    (Some(':'), None, Some(path)) => *path = word,
                    (Some('-'), _, Some(name)) => *name = format!("{name}_{word}"),
                    _ if at_the_top => names.push(word),
                    _ => {}
                }
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let text = text.trim_matches('"');
                match status(text) {
                    Some(status) => statuses.push(status),
                    None if syn::parse_str::<syn::Ident>(text).is_ok() => names.push(text.to_owned()),
                    None => return None,
                }
            }
            TokenTree::Group(group) => {
                let at_the_top = at_the_top && group.delimiter() == Delimiter::None;
                read(group.stream(), at_the_top, names, statuses)?;
            }
            TokenTree::Punct(_) => {}
        }
        before = mark;
    }
    Some(())
}

/// `409` or `4xx`
pub(crate) fn status(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let rest = text.strip_prefix(|first: char| first.is_ascii_digit())?;
    let is_number = rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
    (is_number || rest == "xx").then_some(text)
}

/// What the outcome of a status is usually called.
pub(crate) fn usual_name(statuses: &str) -> String {
    let first = statuses.split(' ').next().unwrap_or_default();
    let constant = rows(Status).find(|(_, status)| *status == first).map(|(name, _)| name.to_lowercase());
    constant.unwrap_or_else(|| {
        let class = match first.chars().next() {
            Some('3') => "redirection",
            Some('4') => "client_error",
            Some('5') => "server_error",
            _ => "ok",
        };
        class.to_owned()
    })
}

/// `NotFound`, `notFound` and `NOT_FOUND` → `not_found`
pub(crate) fn snake_case(name: &str) -> String {
    if !name.chars().any(char::is_lowercase) {
        return name.to_lowercase();
    }
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}
