//! Outcomes as other tools write them, or with a slip: what was probably meant goes into the remedy.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Path, Token, Type};

use super::{OutcomeSyntax, header};
use crate::diagnostics::{Diagnostics, Message, did_you_mean, snake_case, written};
use crate::parse::{Attribute, is_plain_data};
use crate::rules::{ENTRY, FIXED_HEADER, OUTCOME, STATUS};

/// Words that say what stands behind the equals sign, not what it means.
fn is_no_name(name: &Ident) -> bool {
    ["status", "statuses", "status_code"].iter().any(|word| name == word)
}

/// What other tools set in the declaration, and the method of a `Call` that sets it here for one call.
const SETTINGS: [(&[&str], &str); 3] = [
    (&["timeout", "deadline"], ", or for one call with `.deadline(…)`"),
    (&["retry", "retries", "max_retries", "attempts", "max_attempts"], ", or for one call with `.max_attempts(…)`"),
    (&["base_url", "url", "host", "auth", "backoff"], ""),
];

/// `timeout = 5`, `retries = 3`: not an outcome, but a setting of the transport.
pub(super) fn setting(name: &Ident, value: &TokenStream, diagnostics: &mut Diagnostics) -> bool {
    let text = name.unraw().to_string();
    let is_status = |text: &str| text.len() == 3 && meant_status(text).is_some();
    let Some((_, on_a_call)) = SETTINGS.iter().find(|(names, _)| names.contains(&&*text)) else { return false };
    if meant_statuses(value).is_some_and(|statuses| statuses.split(" | ").all(is_status)) {
        return false;
    }
    let remedy = format!("remove it, and set it on the transport{on_a_call}");
    diagnostics.at(name.span(), &Message::new(format!("`{text}` is not a setting of an endpoint"), ENTRY, remedy));
    true
}

/// `status = 200`, where no other outcome is named: beside others, it may well be a variant's name.
pub(in super::super) fn named_statuses(read: &mut Attribute, diagnostics: &mut Diagnostics) {
    if read.outcomes.iter().any(|outcome| !is_no_name(&outcome.name)) {
        return;
    }
    for OutcomeSyntax { name, statuses } in read.outcomes.drain(..) {
        let statuses: Vec<String> = statuses.into_iter().map(|status| status.text).collect();
        let culprit = format!("`{name}` does not say what the status means");
        let statuses = statuses.join(" | ");
        let remedy = format!("name the outcome: `{} = {statuses}`", name_of(&statuses));
        diagnostics.at(name.span(), &Message::new(culprit, OUTCOME, remedy));
        read.unread_outcome = true;
    }
}

/// `ok = …`, where no status can be read behind the equals sign.
pub(super) fn status(name: &Ident, part: TokenStream, value: TokenStream, diagnostics: &mut Diagnostics) {
    let statuses = meant_statuses(&value);
    let outcome = match &statuses {
        Some(statuses) if is_no_name(name) => name_of(statuses),
        _ => snake_case(&name.unraw().to_string()),
    };
    if value.is_empty() {
        let message =
            Message::new(format!("the outcome `{name}` has no status"), STATUS, format!("write `{name} = 200`"));
        return diagnostics.on(part, &message);
    }
    if name == "header" || name == "headers" {
        let culprit = format!("`{}` is not how a header is written", written(&part));
        return diagnostics.on(part, &Message::new(culprit, FIXED_HEADER, header::remedy(&value)));
    }
    if let Some(statuses) = statuses {
        let culprit = format!("`{}` is not how a status is written", written(&part));
        let message = Message::new(culprit, STATUS, format!("write `{outcome} = {statuses}`"));
        return diagnostics.on(part, &message);
    }
    if syn::parse2::<LitStr>(value.clone()).is_ok() {
        let remedy = "leave it out; an outcome's status is a number: `ok = 200`";
        let culprit = format!("`{name}` is neither an outcome with its status nor a setting of an endpoint");
        return diagnostics.at(name.span(), &Message::new(culprit, ENTRY, remedy));
    }
    let remedy = format!("write the number, as in `{outcome} = 409`");
    let message = Message::new(format!("`{}` is not a status", written(&value)), STATUS, remedy);
    diagnostics.on(value, &message);
}

/// Something that is neither an outcome nor a flag.
pub(super) fn entry(part: TokenStream, read: &Attribute, diagnostics: &mut Diagnostics) {
    const FLAGS: [&str; 3] = ["idempotent", "header", "crate"];
    let shown = written(&part);
    let message = if let Some(call) = header::misspelt(&part) {
        let culprit = format!("`{shown}` is not how a header is written");
        Message::new(culprit, FIXED_HEADER, header::remedy(&call.tokens))
    } else if let Some((name, statuses)) = fields.parse2(part.clone()).ok().flatten() {
        let culprit = format!("`{shown}` names the fields of a variant");
        let remedy = format!("write `{name} = {statuses}`, and give the variant one field, a struct of them");
        Message::new(culprit, OUTCOME, remedy)
    } else if let Some(statuses) = status_of_a_type.parse2(part.clone()).ok().flatten() {
        let culprit = format!("`{shown}` is not how an outcome is written");
        let remedy = format!("write `{} = {statuses}`; the type stands in what the method returns", name_of(&statuses));
        Message::new(culprit, OUTCOME, remedy)
    } else if let Some((name, statuses)) = meant(&part) {
        let culprit = format!("`{shown}` is not how an outcome is written");
        Message::new(culprit, OUTCOME, format!("write `{name} = {statuses}`"))
    } else if let Some(statuses) = meant_statuses(&part) {
        let culprit = format!("the status `{shown}` belongs to no outcome");
        let remedy = match read.outcomes.last() {
            Some(OutcomeSyntax { name, statuses: before }) => {
                let before: Vec<&str> = before.iter().map(|status| &*status.text).collect();
                format!(
                    "put it after the other statuses of its outcome: `{name} = {} | {statuses}`",
                    before.join(" | ")
                )
            }
            None => format!("name the outcome: `{} = {statuses}`", name_of(&statuses)),
        };
        Message::new(culprit, OUTCOME, remedy)
    } else if let Ok(name) = Ident::parse_any.parse2(part.clone()) {
        let remedy = match did_you_mean(&name.to_string(), FLAGS) {
            Some(flag) => did_you_mean_flag(flag),
            None => format!("add the statuses that mean it: `{} = 200`", snake_case(&name.unraw().to_string())),
        };
        Message::new(format!("`{name}` has no status, and is not a flag"), ENTRY, remedy)
    } else {
        let first = part.clone().into_iter().next().map(|token| token.to_string()).unwrap_or_default();
        let remedy = match did_you_mean(&first, FLAGS) {
            Some(flag @ ("header" | "crate")) => did_you_mean_flag(flag),
            _ => "write an outcome as `conflict = 409`".to_owned(),
        };
        Message::new(format!("`{shown}` is neither an outcome nor a flag"), ENTRY, remedy)
    };
    diagnostics.on(part, &message);
}

/// The flag, with what stands behind it.
fn did_you_mean_flag(flag: &str) -> String {
    let whole = match flag {
        "header" => "header(\"api-version\" = \"2\")",
        "crate" => "crate = \"my_sdk::courier_core\"",
        flag => flag,
    };
    format!("did you mean `{whole}`?")
}

/// `not_found { message: /* value */ } = 404` and `ok(/* Issue */, /* u64 */) = 200`, as the compiler proposes it for a
/// variant of several fields.
fn fields(input: ParseStream<'_>) -> syn::Result<Option<(String, String)>> {
    let name = input.call(Ident::parse_any)?;
    let group: Group = input.parse()?;
    input.parse::<Token![=]>()?;
    let statuses = meant_statuses(&input.parse()?);
    let is_one =
        group.delimiter() == Delimiter::Parenthesis && !group.stream().into_iter().any(|token| is_comma(&token));
    Ok(statuses.filter(|_| !is_one).map(|statuses| (snake_case(&name.unraw().to_string()), statuses)))
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',')
}

/// The statuses in `200: Issue` and `200 => Vec<Issue>`, as an API's page has them.
fn status_of_a_type(input: ParseStream<'_>) -> syn::Result<Option<String>> {
    let mut statuses = TokenStream::new();
    while !input.peek(Token![:]) && !input.peek(Token![=>]) && !input.peek(Token![->]) {
        statuses.extend([input.parse::<TokenTree>()?]);
    }
    while input.peek(Token![:]) || input.peek(Token![=]) || input.peek(Token![>]) || input.peek(Token![-]) {
        input.parse::<TokenTree>()?;
    }
    let ty: Type = input.parse()?;
    let is_name = match &ty {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| name == &*snake_case(&name.to_string())),
        _ => false,
    };
    Ok(meant_statuses(&statuses).filter(|_| !is_name || is_plain_data(&ty)))
}

/// What the outcome of a status is called most.
fn name_of(statuses: &str) -> String {
    let first = statuses.split(' ').next().unwrap_or_default();
    let constant = STATUSES.iter().find(|(_, status)| status.to_string() == first).map(|(name, _)| *name);
    let name = constant.unwrap_or(match first.chars().next() {
        Some('3') => "redirection",
        Some('4') => "client_error",
        Some('5') => "server_error",
        _ => "ok",
    });
    name.to_lowercase()
}

/// The outcome in `200 = ok`, `ok: 200`, `ok(200)`, `"ok" = 200`, `Conflict(/* Message */) = 409` and
/// `Outcome::NotFound = 404`: one name and its statuses, whatever stands between them.
fn meant(part: &TokenStream) -> Option<(String, String)> {
    let (mut names, mut numbers) = (Vec::<String>::new(), Vec::new());
    let mut joined = None;
    for token in flat(part.clone()) {
        match &token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                match (joined.take(), names.last_mut()) {
                    // `Outcome::NotFound`, of which the variant counts, and `not-found`
                    (Some(':'), Some(name)) => *name = word,
                    (Some('-'), Some(name)) => *name = format!("{name}_{word}"),
                    _ => names.push(word),
                }
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                    Some(name) if syn::parse_str::<Ident>(name).is_ok() => names.push(name.to_owned()),
                    Some(number) => numbers.extend(meant_status(number)),
                    None => numbers.extend(Some(meant_status(&text)?)),
                }
                joined = None;
            }
            TokenTree::Punct(mark) => joined = Some(mark.as_char()),
            TokenTree::Group(_) => {}
        }
    }
    match &names[..] {
        [name] if !numbers.is_empty() => Some((snake_case(name), numbers.join(" | "))),
        _ => None,
    }
}

/// The statuses in `"200"`, `[200, 202]`, `200 || 202`, `StatusCode::OK`, `200..=299` and `=> 200`.
fn meant_statuses(value: &TokenStream) -> Option<String> {
    if let Ok(path) = syn::parse2::<Path>(value.clone()) {
        return named(&path.segments.last()?.ident.to_string()).map(|status| status.to_string());
    }
    let text = written(value);
    let text = text.trim_start_matches(['=', '>', ' ']);
    if let Some(class) = ["2", "3", "4", "5"].into_iter().find(|class| is_whole_class(text, class)) {
        return Some(format!("{class}xx"));
    }
    let statuses: Option<Vec<String>> = text
        .split(['|', ',', '[', ']', '(', ')', ' '])
        .filter(|status| !status.is_empty())
        .map(|status| meant_status(status.trim_matches('"')))
        .collect();
    statuses.filter(|statuses| !statuses.is_empty()).map(|statuses| statuses.join(" | "))
}

/// `200..=299` or `200..300`
fn is_whole_class(text: &str, class: &str) -> bool {
    let next = class.parse::<u16>().map_or(0, |class| class + 1);
    text == format!("{class}00..={class}99") || text == format!("{class}00..{next}00")
}

/// `409` or `4xx`, as it is.
fn meant_status(text: &str) -> Option<String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_class = text.starts_with(|first: char| first.is_ascii_digit()) && text[1..].eq_ignore_ascii_case("xx");
    (text.len() == 3 && (is_number || is_class)).then(|| text.to_lowercase())
}

/// The tokens within groups too.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => all.extend(flat(group.stream())),
            token => all.push(token),
        }
    }
    all
}

fn named(constant: &str) -> Option<u16> {
    STATUSES.iter().find(|(name, _)| *name == constant).map(|(_, status)| *status)
}

/// The constants of `http::StatusCode` that APIs document most.
const STATUSES: [(&str, u16); 24] = [
    ("OK", 200),
    ("CREATED", 201),
    ("ACCEPTED", 202),
    ("NO_CONTENT", 204),
    ("PARTIAL_CONTENT", 206),
    ("SEE_OTHER", 303),
    ("NOT_MODIFIED", 304),
    ("BAD_REQUEST", 400),
    ("UNAUTHORIZED", 401),
    ("PAYMENT_REQUIRED", 402),
    ("FORBIDDEN", 403),
    ("NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("CONFLICT", 409),
    ("GONE", 410),
    ("PRECONDITION_FAILED", 412),
    ("PAYLOAD_TOO_LARGE", 413),
    ("UNPROCESSABLE_ENTITY", 422),
    ("LOCKED", 423),
    ("TOO_MANY_REQUESTS", 429),
    ("INTERNAL_SERVER_ERROR", 500),
    ("BAD_GATEWAY", 502),
    ("SERVICE_UNAVAILABLE", 503),
    ("GATEWAY_TIMEOUT", 504),
];
