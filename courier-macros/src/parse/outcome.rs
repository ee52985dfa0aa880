//! `not_found = 404 | 410`

use std::ops::RangeInclusive;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Lit, LitInt, Token};

use super::header;
use crate::diagnostics::{Diagnostics, Reported, did_you_mean, written};
use crate::dialects::{self, Place, snake_case, usual_name};
use crate::rules::{DECLARED, ENTRY, OUTCOME, STATUS, STATUS_RANGE};

pub(crate) struct Outcome {
    /// As it was written, with its span: `not_found`.
    pub(crate) name: Ident,
    /// The variant that it builds, at the same place: `NotFound`.
    pub(crate) variant: Ident,
    pub(crate) statuses: Vec<Status>,
}

/// `409`, or `4xx` with all of its statuses.
pub(crate) struct Status {
    pub(crate) text: String,
    pub(crate) range: RangeInclusive<u16>,
    pub(crate) span: Span,
}

impl Outcome {
    /// The name without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.name.unraw().to_string()
    }

    /// `200 | 202`
    pub(crate) fn statuses(&self) -> String {
        self.statuses.iter().map(|status| &*status.text).collect::<Vec<_>>().join(" | ")
    }
}

/// Whether responses with these statuses have no body, whatever their headers say:
/// [RFC 9110, 6.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1) and
/// [15.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.6). A class doesn't say that there is a 204.
pub(crate) fn has_no_body(range: &RangeInclusive<u16>) -> bool {
    range.start() == range.end() && matches!(range.start(), 204 | 205 | 304)
}

/// Reads an outcome. `read` is the part as `name = value`, if it is written so; `before` are the outcomes so far.
pub(super) fn outcome(
    part: &TokenStream,
    read: Option<(Ident, Option<TokenStream>)>,
    before: &[Result<Outcome, Reported>],
    diagnostics: &mut Diagnostics,
) -> Result<Outcome, Reported> {
    match read {
        Some((name, Some(value))) => match statuses.parse2(value.clone()) {
            Ok(statuses) => named(name, statuses, diagnostics),
            Err(_) => Err(mistaken_status(&name, part, &value, diagnostics)),
        },
        _ => Err(mistaken(part, before, diagnostics)),
    }
}

fn named(name: Ident, statuses: Vec<LitInt>, diagnostics: &mut Diagnostics) -> Result<Outcome, Reported> {
    let text = name.unraw().to_string();
    // `timeout = 504` is an outcome, `timeout = 5` is not.
    if statuses.iter().any(|status| range(&status.to_string()).is_none()) {
        setting(&name, diagnostics)?;
    }
    let variant = variant(&name, &text, diagnostics);
    let statuses: Vec<_> = statuses.into_iter().map(|status| self::status(&status, diagnostics)).collect();
    let snake = snake_case(&text);
    if text != snake && variant.is_ok() {
        let problem = format!("the outcome `{text}` is not in snake_case");
        diagnostics.at(name.span(), OUTCOME, problem, format!("write `{snake}`"));
    }
    Ok(Outcome { variant: variant?, name, statuses: statuses.into_iter().collect::<Result<_, _>>()? })
}

/// `not_found` → `NotFound`
fn variant(name: &Ident, text: &str, diagnostics: &mut Diagnostics) -> Result<Ident, Reported> {
    let capitalised = |word: &str| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>())
    };
    let camel: String = text.split('_').filter_map(capitalised).collect();
    // Of some names, `_` and `_2xx` among them, nothing is left that a variant could be called.
    match syn::parse_str::<Ident>(&camel) {
        Ok(mut variant) => {
            variant.set_span(name.span());
            Ok(variant)
        }
        Err(_) if text == "_" => {
            let fix = "remove it: any other status is an `Error::Status`, which keeps the body";
            Err(diagnostics.at(name.span(), DECLARED, "`_` is not an outcome", fix))
        }
        Err(_) => {
            let problem = format!("no variant can have the name of the outcome `{text}`");
            Err(diagnostics.at(name.span(), OUTCOME, problem, "name what the status means: `not_found = 404`"))
        }
    }
}

/// `200 | 202`
fn statuses(input: ParseStream<'_>) -> syn::Result<Vec<LitInt>> {
    /// The compiler's lexer reads `2xx` as the number 2 with the suffix `xx`.
    struct Status(LitInt);
    impl Parse for Status {
        fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
            // `Lit` sees through the invisible brackets around what a `macro_rules!` passed on.
            match input.parse()? {
                Lit::Int(status) => Ok(Self(status)),
                other => Err(syn::Error::new_spanned(other, "not a status")),
            }
        }
    }
    let statuses = Punctuated::<Status, Token![|]>::parse_separated_nonempty(input)?;
    Ok(statuses.into_iter().map(|Status(status)| status).collect())
}

fn status(written: &LitInt, diagnostics: &mut Diagnostics) -> Result<Status, Reported> {
    let (text, span) = (written.to_string(), written.span());
    if let Some(range) = range(&text) {
        return Ok(Status { text, range, span });
    }
    let fix = if text.starts_with('1') {
        "leave it out: after an informational status, the transport waits for the response"
    } else {
        "look the status up on the API's page"
    };
    Err(diagnostics.at(span, STATUS_RANGE, format!("`{text}` is not the status of a response"), fix))
}

/// The statuses that `409` or `4xx` means.
fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let range = match text.to_lowercase().strip_suffix("xx") {
        Some(class) => {
            class.parse::<u16>().ok().filter(|class| *class < 10).map(|class| class * 100..=class * 100 + 99)
        }
        None => text.parse().ok().map(|status| status..=status),
    };
    range.filter(|range| (200..600).contains(range.start()))
}

/// `timeout = 5`: not an outcome, but a setting of the transport.
fn setting(name: &Ident, diagnostics: &mut Diagnostics) -> Result<(), Reported> {
    let Some(on_a_call) = dialects::meant(Place::Setting, &name.to_string()) else { return Ok(()) };
    let fix = format!("remove it, and set it on the transport{on_a_call}");
    Err(diagnostics.at(name.span(), ENTRY, format!("`{name}` is not a setting of an endpoint"), fix))
}

/// `status = 200`, as the only outcome. Next to others, it may well be the name of a variant.
pub(super) fn refuse_status_as_a_name(outcome: &mut Result<Outcome, Reported>, diagnostics: &mut Diagnostics) {
    let Ok(read) = &*outcome else { return };
    let (name, statuses) = (&read.name, read.statuses());
    if ["status", "statuses", "status_code"].iter().any(|word| name == word) {
        let problem = format!("`{name}` does not say what the status means");
        let fix = format!("name the outcome: `{} = {statuses}`", usual_name(&statuses));
        *outcome = Err(diagnostics.at(name.span(), OUTCOME, problem, fix));
    }
}

/// `name = …` with something that isn't a status.
fn mistaken_status(name: &Ident, part: &TokenStream, value: &TokenStream, diagnostics: &mut Diagnostics) -> Reported {
    if let Err(reported) = setting(name, diagnostics) {
        return reported;
    }
    if name == "header" || name == "headers" {
        return header::mistaken(part, value, diagnostics);
    }
    if value.is_empty() {
        let problem = format!("the outcome `{name}` has no status");
        return diagnostics.on(part, STATUS, problem, format!("write `{name} = 200`"));
    }
    if let Some(meant) = dialects::outcome(part).filter(|meant| !meant.statuses.is_empty()) {
        let statuses = meant.statuses;
        let name = meant.name.unwrap_or_else(|| usual_name(&statuses));
        let problem = format!("`{}` is not how a status is written", written(part));
        return diagnostics.on(part, STATUS, problem, format!("write `{name} = {statuses}`"));
    }
    let problem = format!("`{}` is not a status", written(value));
    let name = snake_case(&name.unraw().to_string());
    diagnostics.on(value, STATUS, problem, format!("write the number: `{name} = 409`"))
}

/// Neither `name = value` nor a flag.
fn mistaken(part: &TokenStream, before: &[Result<Outcome, Reported>], diagnostics: &mut Diagnostics) -> Reported {
    let shown = written(part);
    if let Some(arguments) = header::misspelt(part) {
        return header::mistaken(part, &arguments, diagnostics);
    }
    // `retry`, or `timeout(5)`
    let mut tokens = part.clone().into_iter();
    if let [Some(TokenTree::Ident(name)), None | Some(TokenTree::Group(_)), None] = [0; 3].map(|_| tokens.next()) {
        if let Err(reported) = setting(&name, diagnostics) {
            return reported;
        }
    }
    let (rule, problem, fix) = match dialects::outcome(part) {
        Some(dialects::Outcome { name, statuses }) if !statuses.is_empty() && statuses != shown => {
            let name = name.unwrap_or_else(|| usual_name(&statuses));
            (OUTCOME, format!("`{shown}` is not how an outcome is written"), format!("write `{name} = {statuses}`"))
        }
        Some(dialects::Outcome { name: None, statuses }) if statuses == shown => {
            let fix = match before.iter().rev().flatten().next() {
                Some(last) => {
                    format!("add it to the statuses of its outcome: `{} = {} | {statuses}`", last.name, last.statuses())
                }
                None => format!("name the outcome: `{} = {statuses}`", usual_name(&statuses)),
            };
            (OUTCOME, format!("the status `{shown}` has no outcome"), fix)
        }
        _ => {
            let flags = [
                ("idempotent", "idempotent"),
                ("header", "header(\"api-version\" = \"2\")"),
                ("crate", "crate = \"my_sdk::courier_core\""),
            ];
            let first = part.clone().into_iter().next().map(|token| token.to_string()).unwrap_or_default();
            let flag = did_you_mean(&first, flags.map(|(name, _)| name));
            let whole = flags.into_iter().find(|(name, _)| Some(*name) == flag).map(|(_, whole)| whole);
            let fix = match (whole, syn::parse2::<Ident>(part.clone())) {
                (Some(whole), _) => format!("did you mean `{whole}`?"),
                (None, Ok(name)) => format!("add its statuses: `{} = 200`", snake_case(&name.unraw().to_string())),
                (None, Err(_)) => "write an outcome as `conflict = 409`".to_owned(),
            };
            (ENTRY, format!("`{shown}` is neither an outcome with its status nor a flag"), fix)
        }
    };
    diagnostics.on(part, rule, problem, fix)
}
