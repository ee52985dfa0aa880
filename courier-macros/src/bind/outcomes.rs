//! A status belongs to one outcome, and the return type has room for every outcome.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostics, written};
use crate::parse::{Attribute, Method, Outcome, Status, has_no_body};
use crate::rules::{DECLARED, NO_RESPONSE_BODY, ONE_OUTCOME, OUTCOME_ONCE, VARIANTS};
use crate::types::{common_name, is_plain_data, success};

pub(super) fn agree(attribute: &Attribute, method: &Method, diagnostics: &mut Diagnostics) {
    if attribute.outcomes.is_empty() && attribute.template.is_ok() {
        let fix = "add the statuses that the API documents: `ok = 200`";
        diagnostics.at(attribute.end, DECLARED, "the endpoint has no outcome", fix);
    }
    let outcomes: Vec<&Outcome> = attribute.outcomes.iter().flatten().collect();
    names(&outcomes, diagnostics);
    statuses(&outcomes, diagnostics);
    if let Ok(output) = &method.output {
        match (&outcomes[..], success(output)) {
            ([outcome], Some(success)) if attribute.outcomes.len() == 1 && is_plain_data(success) => {
                no_body(attribute, outcome, success, diagnostics);
            }
            (outcomes, Some(success)) if outcomes.len() > 1 => variants(outcomes, success, diagnostics),
            _ => {}
        }
    }
}

fn names(outcomes: &[&Outcome], diagnostics: &mut Diagnostics) {
    let mut firsts: HashMap<String, &Outcome> = HashMap::new();
    for outcome in outcomes {
        let first = *firsts.entry(outcome.variant.to_string()).or_insert(outcome);
        if !std::ptr::eq(first, *outcome) {
            let name = outcome.plain_name();
            let fix = format!("put its statuses together: `{name} = {} | {}`", first.statuses(), outcome.statuses());
            diagnostics.at(outcome.name.span(), OUTCOME_ONCE, format!("the outcome `{name}` is declared twice"), fix);
            diagnostics.other_end(first.name.span(), &format!("`{}` is declared here first", first.name));
        }
    }
}

fn statuses(outcomes: &[&Outcome], diagnostics: &mut Diagnostics) {
    let mut taken: HashMap<u16, (usize, &Outcome, &Status)> = HashMap::new();
    let all = outcomes.iter().flat_map(|outcome| outcome.statuses.iter().map(move |status| (*outcome, status)));
    for (order, (outcome, status)) in all.enumerate() {
        let clash = status.range.clone().filter_map(|code| taken.get(&code).copied()).min_by_key(|(order, ..)| *order);
        for code in status.range.clone() {
            taken.entry(code).or_insert((order, outcome, status));
        }
        let Some((_, other, first)) = clash else { continue };
        let (text, name, other) = (&status.text, &outcome.name, &other.name);
        let (problem, fix, there) = if name == other {
            let problem = format!("the status `{text}` is given twice for the outcome `{name}`");
            (problem, "remove one of them", "it is given here first".to_owned())
        } else {
            let fix = "keep it in one of them; write a class that includes it as single statuses";
            (format!("the status `{text}` means both `{other}` and `{name}`"), fix, format!("here it means `{other}`"))
        };
        diagnostics.at(status.span, ONE_OUTCOME, problem, fix);
        diagnostics.other_end(first.span, &there);
    }
}

/// Several outcomes can't be variants of the success type, as far as its name says so.
fn variants(outcomes: &[&Outcome], success: &syn::Type, diagnostics: &mut Diagnostics) {
    let is_tuple = matches!(success, syn::Type::Tuple(_));
    let Some(ty) = common_name(success).or_else(|| is_tuple.then(|| written(success))) else { return };
    let (variants, fix): (&[&str], _) = match &*ty {
        "Option" => (&["some", "none"], "name the outcomes `some` and `none`, or write an enum of your own"),
        "Result" => (&["ok", "err"], "name the outcomes `ok` and `err`, or write an enum of your own"),
        "WithResponse" => (&[], "remove it and call `.with_response()`, or make it the field of a variant"),
        "Vec" | "String" => (&[], "make the success type an enum with a variant for each outcome"),
        _ if is_tuple => (&[], "make the success type an enum with a variant for each outcome"),
        _ => return,
    };
    if let Some(stranger) = outcomes.iter().find(|outcome| !variants.contains(&&*outcome.plain_name())) {
        let name = &stranger.name;
        diagnostics.at(name.span(), VARIANTS, format!("`{ty}` has no variant for the outcome `{name}`"), fix);
    }
}

/// The one outcome is read from a body, and some or all of its responses have none. Another type may read
/// none: the compiler checks it by the trait `NoBody`.
fn no_body(attribute: &Attribute, outcome: &Outcome, success: &syn::Type, diagnostics: &mut Diagnostics) {
    let is_head = attribute.method.as_ref().is_ok_and(|method| method == "HEAD");
    let without: Vec<_> = outcome.statuses.iter().filter(|status| has_no_body(&status.range)).collect();
    let shown = written(success);
    let is_option = common_name(success).is_some_and(|name| name == "Option");
    let (problem, fix) = match without.first() {
        _ if is_head || (without.len() == outcome.statuses.len()) => {
            let problem = format!("`{shown}` is read from a body, and this response never has one");
            (problem, "write `Result<()>`".to_owned())
        }
        Some(status) if !is_option => {
            let status = &status.text;
            let fix = format!("write `Result<Option<{shown}>>`, which is `None` for a {status}");
            (format!("`{shown}` is read from a body, and a {status} has none"), fix)
        }
        _ => return,
    };
    diagnostics.on(success, NO_RESPONSE_BODY, problem, fix);
}
