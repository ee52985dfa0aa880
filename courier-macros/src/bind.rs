//! Placeholder meets argument, status meets outcome: every disagreement is collected.

use std::ops::RangeInclusive;

use proc_macro2::{Ident, Span};
use syn::LitStr;
use syn::ext::IdentExt as _;

use crate::diagnostics::{Diagnostics, Message, did_you_mean, list};
use crate::model::{Endpoint, Outcome};
use crate::parse::{Argument, Attribute, Method, OutcomeSyntax, StatusSyntax, Template};

/// What was meant by what was written; `None`, and told, where that can't be said.
pub(crate) fn bind<'m>(
    attribute: &Attribute,
    method: &'m Method,
    diagnostics: &mut Diagnostics,
) -> Option<Endpoint<'m>> {
    let http_method = attribute.method.as_ref().and_then(|written| http_method(written, diagnostics));
    let path_values = attribute.template.as_ref().map(|template| path_values(template, method, diagnostics));
    let outcomes = outcomes(attribute, diagnostics);

    let template = attribute.template.as_ref()?;
    Some(Endpoint {
        method: http_method?,
        template: LitStr::new(&template.text, template.span),
        path_values: path_values?,
        outcomes,
        idempotent: attribute.idempotent,
        output: method.output.as_ref()?,
    })
}

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

fn http_method(written: &Ident, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let name = written.to_string();
    if METHODS.contains(&name.as_str()) {
        return Some(written.clone());
    }
    let remedy = match did_you_mean(&name.to_uppercase(), METHODS) {
        Some(method) => format!("did you mean `{method}`?"),
        None => format!("write one of {}", list(METHODS)),
    };
    let rule = "the attribute begins with GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals";
    diagnostics.at(written.span(), &Message::new(format!("`{name}` is no HTTP method of an endpoint"), rule, remedy));
    None
}

/// Each placeholder's argument, in the placeholders' order.
fn path_values<'m>(template: &Template, method: &'m Method, diagnostics: &mut Diagnostics) -> Vec<&'m Argument> {
    let named = |name: &str| method.arguments.iter().find(|argument| argument.plain_name() == name);
    let unused: Vec<&Argument> = method
        .arguments
        .iter()
        .filter(|argument| !argument.has_kind)
        .filter(|argument| template.placeholders.iter().all(|placeholder| placeholder.name != argument.plain_name()))
        .collect();
    let mut near_misses = Vec::new();

    for placeholder in template.placeholders.iter().filter(|placeholder| named(&placeholder.name).is_none()) {
        if method.unread_argument {
            break;
        }
        let name = &placeholder.name;
        let unused_names: Vec<String> = unused.iter().map(|argument| argument.plain_name()).collect();
        // With one of each left over, the one was meant by the other, however it is spelt.
        let near = did_you_mean(name, unused_names.iter().map(String::as_str)).or(match &unused_names[..] {
            [only] if template.placeholders.iter().filter(|other| named(&other.name).is_none()).count() == 1 => {
                Some(only)
            }
            _ => None,
        });
        let remedy = match near {
            Some(near) => format!("did you mean `<{near}>`?"),
            None => format!("add the argument `{name}: &str`"),
        };
        let rule = "every placeholder is filled by the argument of its name";
        diagnostics
            .at(placeholder.span, &Message::new(format!("the placeholder `<{name}>` has no argument"), rule, remedy));
        if let Some(near) = near {
            let argument = unused.iter().find(|argument| argument.plain_name() == near).expect("it is from this list");
            diagnostics.note(
                argument.name.span(),
                &format!("the argument `{near}` is here, and the template says `<{name}>`"),
            );
            near_misses.push(near.to_owned());
        }
    }
    for argument in unused {
        let name = argument.plain_name();
        if near_misses.contains(&name) {
            continue;
        }
        let message = Message::new(
            format!("the argument `{name}` is not used"),
            "every argument is sent, exactly once: the template names it",
            format!("put `<{name}>` into the template, or remove the argument"),
        );
        diagnostics.at(argument.name.span(), &message);
    }
    template.placeholders.iter().filter_map(|placeholder| named(&placeholder.name)).collect()
}

fn outcomes(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Vec<Outcome> {
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

/// `NotFound` → `not_found`
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}
