//! Status meets outcome.

use std::ops::RangeInclusive;

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

use crate::diagnostics::{Diagnostics, Message, snake_case};
use crate::model::Outcome;
use crate::parse::{Attribute, Method, OutcomeSyntax, StatusSyntax};

pub(super) fn outcomes(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Vec<Outcome> {
    if attribute.outcomes.is_empty() && !attribute.unread_outcome {
        let message = Message::new(
            "the endpoint has no outcome",
            "only declared statuses are outcomes; any other is an error",
            "add the statuses that the API documents: `ok = 200`",
        );
        diagnostics.at(Span::call_site(), &message);
    }
    let mut taken: Vec<(RangeInclusive<u16>, String)> = Vec::new();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for OutcomeSyntax { name, statuses } in &attribute.outcomes {
        let variant = variant(name, &outcomes, diagnostics);
        let mut ranges = Vec::new();
        for written in statuses {
            let Some(range) = status(written, diagnostics) else { continue };
            overlap(written, &range, name, &taken, diagnostics);
            taken.push((range.clone(), name.to_string()));
            ranges.push(range);
        }
        outcomes.extend(variant.map(|variant| Outcome { name: name.clone(), variant, statuses: ranges }));
    }
    outcomes
}

/// Tells where several outcomes can't be variants of the success type: what its name alone says.
pub(super) fn agree(outcomes: &[Outcome], method: &Method, diagnostics: &mut Diagnostics) {
    const RULE: &str = "several outcomes are the variants of an enum, each by its name";
    let Some(success) = method.output.as_ref().and_then(success).filter(|_| outcomes.len() > 1) else { return };
    let variants: &[&str] = match &*success.ident.to_string() {
        "Option" => &["some", "none"],
        "Result" => &["ok", "err"],
        "Vec" | "String" | "WithResponse" => &[],
        _ => return,
    };
    let Some(stranger) = outcomes.iter().find(|outcome| variants.iter().all(|variant| outcome.name != variant)) else {
        return;
    };
    let (name, ty) = (&stranger.name, &success.ident);
    let remedy = match variants {
        [first, second] => format!("name the outcomes `{first}` and `{second}`, or make an enum of your own"),
        _ if ty == "WithResponse" => {
            "leave it out and call `.with_response()`, or make it a variant's field".to_owned()
        }
        _ => "make the success type an enum with a variant for each outcome".to_owned(),
    };
    diagnostics.at(name.span(), &Message::new(format!("the outcome `{name}` is no variant of `{ty}`"), RULE, remedy));
}

/// The name of the success type where it is written out: the first argument of a `Result`.
fn success(output: &Type) -> Option<&PathSegment> {
    let Type::Path(output) = output else { return None };
    let result = output.path.segments.last().filter(|result| result.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &result.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(Type::Path(success)) => success.path.segments.last(),
        _ => None,
    }
}

/// The variant that an outcome of this name builds.
fn variant(name: &Ident, earlier: &[Outcome], diagnostics: &mut Diagnostics) -> Option<Ident> {
    const RULE: &str = "an outcome is named in snake_case, once; `not_found` builds the variant `NotFound`";
    let text = name.unraw().to_string();
    let variant = upper_camel_case(&text);
    // Some names, `_` and `_2xx` among them, leave nothing that a variant could be called.
    let Ok(mut variant) = syn::parse_str::<Ident>(&variant) else {
        let message =
            Message::new(format!("the outcome `{text}` can't name a variant"), RULE, "give it a name: `ok = 200`");
        diagnostics.at(name.span(), &message);
        return None;
    };
    variant.set_span(name.span());
    let snake = snake_case(&text);
    if text != snake {
        let culprit = format!("the outcome `{text}` is not in snake_case");
        diagnostics.at(name.span(), &Message::new(culprit, RULE, format!("write `{snake}`")));
    } else if earlier.iter().any(|outcome| outcome.variant == variant) {
        let culprit = format!("the outcome `{text}` stands twice");
        let remedy = format!("put its statuses together: `{text} = 200 | 202`");
        diagnostics.at(name.span(), &Message::new(culprit, RULE, remedy));
    }
    Some(variant)
}

/// The statuses that `409` or `4xx` means.
fn status(written: &StatusSyntax, diagnostics: &mut Diagnostics) -> Option<RangeInclusive<u16>> {
    const RULE: &str = "a status is a number from 200 to 599, or a class from 2xx to 5xx";
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
        "an informational status is no answer: the transport waits for the one after it"
    } else {
        "look the status up on the API's page"
    };
    diagnostics.at(*span, &Message::new(format!("`{text}` is no status of an answer"), RULE, remedy));
    None
}

fn overlap(
    written: &StatusSyntax,
    range: &RangeInclusive<u16>,
    name: &Ident,
    taken: &[(RangeInclusive<u16>, String)],
    diagnostics: &mut Diagnostics,
) {
    let clash = taken.iter().find(|(other, _)| other.start() <= range.end() && range.start() <= other.end());
    if let Some((_, other)) = clash {
        let text = &written.text;
        let culprit = if name == other {
            format!("the status `{text}` stands twice in the outcome `{name}`")
        } else {
            format!("the status `{text}` means both `{other}` and `{name}`")
        };
        let rule = "a status means one outcome; a class holds all of its statuses";
        diagnostics
            .at(written.span, &Message::new(culprit, rule, "keep it in one place, and list the others one by one"));
    }
}

/// `not_found` → `NotFound`
fn upper_camel_case(name: &str) -> String {
    let capitalised = |word: &str| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>())
    };
    name.split('_').filter_map(capitalised).collect()
}
