//! Status meets outcome.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use proc_macro2::{Ident, Span};
use syn::Type;
use syn::ext::IdentExt as _;

use crate::diagnostics::{Diagnostics, Message, snake_case, written};
use crate::model::{Outcome, has_no_body};
use crate::parse::{Attribute, Method, OutcomeSyntax, StatusSyntax, common_name, is_plain_data, success};
use crate::rules::{DECLARED, NO_RESPONSE_BODY, ONE_OUTCOME, OUTCOME, OUTCOME_ONCE, STATUS_RANGE, VARIANTS};

pub(super) fn outcomes(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Vec<Outcome> {
    if attribute.outcomes.is_empty() && !attribute.unread_outcome {
        let message = Message::new(
            "the endpoint has no outcome",
            DECLARED,
            "add the statuses that the API documents: `ok = 200`",
        );
        diagnostics.at(attribute.end, &message);
    }
    let mut taken = Taken::new();
    let mut variants = HashMap::new();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for OutcomeSyntax { name, statuses } in &attribute.outcomes {
        let variant = variant(name, &mut variants, diagnostics);
        let mut ranges = Vec::new();
        for written in statuses {
            let Some(range) = status(written, diagnostics) else { continue };
            overlap(written, &range, name, &mut taken, diagnostics);
            ranges.push(range);
        }
        outcomes.extend(variant.map(|variant| Outcome { name: name.clone(), variant, statuses: ranges }));
    }
    outcomes
}

/// Tells where several outcomes can't be variants of the success type: what its name alone says.
pub(super) fn agree(outcomes: &[Outcome], method: &Method, diagnostics: &mut Diagnostics) {
    let success = method.output.as_ref().and_then(success).filter(|_| outcomes.len() > 1);
    let Some(success) = success else { return };
    let is_tuple = matches!(success, Type::Tuple(_));
    let Some(ty) = common_name(&success).or_else(|| is_tuple.then(|| written(&success))) else { return };
    let variants: &[&str] = match &*ty {
        _ if is_tuple => &[],
        "Option" => &["some", "none"],
        "Result" => &["ok", "err"],
        "Vec" | "String" | "WithResponse" => &[],
        _ => return,
    };
    let Some(stranger) = outcomes.iter().find(|outcome| variants.iter().all(|variant| outcome.name != variant)) else {
        return;
    };
    let name = &stranger.name;
    let remedy = match variants {
        [first, second] => format!("name the outcomes `{first}` and `{second}`, or make an enum of your own"),
        _ if ty == "WithResponse" => {
            "leave it out and call `.with_response()`, or make it a variant's field".to_owned()
        }
        _ => "make the success type an enum with a variant for each outcome".to_owned(),
    };
    diagnostics
        .at(name.span(), &Message::new(format!("`{ty}` has no variant for the outcome `{name}`"), VARIANTS, remedy));
}

/// The one outcome's type is read from a body, and some or all of its responses have none. A type of the user's own may
/// read none: the compiler checks it by `NoBody`.
pub(super) fn no_body(attribute: &Attribute, outcomes: &[Outcome], method: &Method, diagnostics: &mut Diagnostics) {
    let ([outcome], Some(output)) = (outcomes, &method.output) else { return };
    let Some(success) = success(output).filter(is_plain_data) else { return };
    let is_head = attribute.method.as_ref().is_some_and(|method| method == "HEAD");
    let mut without = outcome.statuses.iter().filter(|range| has_no_body(range));
    let Some(status) = without.next().map(|range| *range.start()).or(is_head.then_some(0)) else { return };
    let shown = written(&success);
    let message = if is_head || without.count() + 1 == outcome.statuses.len() {
        let problem = format!("`{shown}` is read from a body, and this response never has one");
        Message::new(problem, NO_RESPONSE_BODY, "write `Result<()>`")
    } else if common_name(&success).is_some_and(|name| name == "Option") {
        return;
    } else {
        let problem = format!("`{shown}` is read from a body, and a {status} has none");
        let remedy = format!("write `Result<Option<{shown}>>`, which is `None` for a {status}");
        Message::new(problem, NO_RESPONSE_BODY, remedy)
    };
    diagnostics.on(success, &message);
}

/// The variant that an outcome of this name builds.
fn variant<'a>(
    name: &'a Ident,
    earlier: &mut HashMap<String, &'a Ident>,
    diagnostics: &mut Diagnostics,
) -> Option<Ident> {
    let text = name.unraw().to_string();
    let camel = upper_camel_case(&text);
    // Some names, `_` and `_2xx` among them, leave nothing that a variant could be called.
    let Ok(mut variant) = syn::parse_str::<Ident>(&camel) else {
        let message = if text == "_" {
            let remedy = "remove it: any other status is an `Error::Status`, which keeps the body";
            Message::new("`_` is not an outcome", DECLARED, remedy)
        } else {
            let culprit = format!("no variant can have the name of the outcome `{text}`");
            Message::new(culprit, OUTCOME, "name what the status means: `not_found = 404`")
        };
        diagnostics.at(name.span(), &message);
        return None;
    };
    variant.set_span(name.span());
    let snake = snake_case(&text);
    let first = *earlier.entry(camel).or_insert(name);
    if text != snake {
        let culprit = format!("the outcome `{text}` is not in snake_case");
        diagnostics.at(name.span(), &Message::new(culprit, OUTCOME, format!("write `{snake}`")));
    } else if !std::ptr::eq(first, name) {
        let culprit = format!("the outcome `{text}` is declared twice");
        let remedy = format!("put its statuses together: `{text} = 200 | 202`");
        diagnostics.at(name.span(), &Message::new(culprit, OUTCOME_ONCE, remedy));
        diagnostics.other_end(first.span(), &format!("`{first}` is declared here first"));
    }
    Some(variant)
}

/// The statuses that `409` or `4xx` means.
fn status(written: &StatusSyntax, diagnostics: &mut Diagnostics) -> Option<RangeInclusive<u16>> {
    let StatusSyntax { text, span } = written;
    let class = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
    let range = match (class, text.parse::<u16>()) {
        (None, Ok(status)) => Some(status..=status),
        (Some(class), _) => {
            class.parse::<u16>().ok().filter(|class| *class < 10).map(|class| class * 100..=class * 100 + 99)
        }
        (None, Err(_)) => None,
    };
    if let Some(range) = range.filter(|range| (200..600).contains(range.start())) {
        return Some(range);
    }
    let remedy = if text.starts_with('1') {
        "leave it out: after an informational status the transport waits for the answer"
    } else {
        "look the status up on the API's page"
    };
    diagnostics.at(*span, &Message::new(format!("`{text}` is not the status of an answer"), STATUS_RANGE, remedy));
    None
}

/// The statuses that mean an outcome already, each with what was written first, and how many were before that.
type Taken<'a> = HashMap<u16, (usize, &'a Ident, Span)>;

fn overlap<'a>(
    written: &StatusSyntax,
    range: &RangeInclusive<u16>,
    name: &'a Ident,
    taken: &mut Taken<'a>,
    diagnostics: &mut Diagnostics,
) {
    let clash = range.clone().filter_map(|status| taken.get(&status).copied()).min_by_key(|(order, ..)| *order);
    let order = taken.len();
    for status in range.clone() {
        taken.entry(status).or_insert((order, name, written.span));
    }
    let Some((_, other, span)) = clash else { return };
    let text = &written.text;
    let (culprit, remedy, there) = if name == other {
        let culprit = format!("the status `{text}` is given twice for the outcome `{name}`");
        (culprit, "remove one of them", "it is given here first".to_owned())
    } else {
        let culprit = format!("the status `{text}` means both `{other}` and `{name}`");
        let remedy = "keep it in one of them; a class that holds it is written out, status by status";
        (culprit, remedy, format!("here it means `{other}`"))
    };
    diagnostics.at(written.span, &Message::new(culprit, ONE_OUTCOME, remedy));
    diagnostics.other_end(span, &there);
}

/// `not_found` → `NotFound`
fn upper_camel_case(name: &str) -> String {
    let capitalised = |word: &str| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>())
    };
    name.split('_').filter_map(capitalised).collect()
}
