//! Placeholder meets argument, and every argument is used exactly once.

use crate::diagnostics::{Diagnostics, Message, did_you_mean};
use crate::model::Query;
use crate::parse::{Argument, Attribute, Kind, Method, Placeholder, QueryPair, Template};

/// Each path placeholder's argument, in the placeholders' order.
pub(super) fn path_values<'m>(template: &Template, method: &'m Method) -> Vec<&'m Argument> {
    template.placeholders.iter().filter_map(|placeholder| named(method, &placeholder.name)).collect()
}

/// The pairs of the query, each with its argument.
pub(super) fn query<'m>(template: &'m Template, method: &'m Method) -> Vec<Query<'m>> {
    let pairs = template.query.iter().filter_map(|pair| match pair {
        QueryPair::Fixed(pair) => Some(Query::Fixed(pair)),
        QueryPair::Value { key, placeholder, style } => {
            named(method, &placeholder.name).map(|argument| Query::Value { key, argument, style: *style })
        }
    });
    pairs.collect()
}

fn named<'m>(method: &'m Method, name: &str) -> Option<&'m Argument> {
    method.arguments.iter().find(|argument| argument.plain_name() == name)
}

/// The arguments with an attribute of their own. A request has one body, and some have none.
pub(super) fn attributed<'m>(
    attribute: &Attribute,
    method: &'m Method,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'m Argument, &'m Kind)> {
    let attributed: Vec<_> =
        method.arguments.iter().filter_map(|argument| Some((argument, argument.kind.as_ref()?))).collect();
    let bodies = attributed.iter().filter(|(_, kind)| !matches!(kind, Kind::Query | Kind::Header(_)));
    let http_method = attribute.method.as_ref().map(ToString::to_string).unwrap_or_default();
    for (position, (argument, _)) in bodies.enumerate() {
        let name = argument.plain_name();
        let message = if position > 0 {
            let culprit = format!("the argument `{name}` is a second body");
            Message::new(
                culprit,
                "a request has one body",
                "put both into one struct, or send both as parts of one `Multipart`",
            )
        } else if matches!(&*http_method, "GET" | "HEAD") {
            let rule = "a body has no meaning there (RFC 9110, 9.3.1), and servers refuse or ignore it";
            let remedy = "send it in the query with `#[query]`, or use the method that the API's page names";
            Message::new(format!("the argument `{name}` is the body of a {http_method}"), rule, remedy)
        } else {
            continue;
        };
        diagnostics.at(argument.name.span(), &message);
    }
    headers(attribute, &attributed, diagnostics);
    attributed
}

/// A header is said once; only a fixed one may have an argument beside it, whose default it is.
fn headers(attribute: &Attribute, attributed: &[(&Argument, &Kind)], diagnostics: &mut Diagnostics) {
    let fixed = attribute.headers.iter().map(|header| &header.name);
    let named = attributed.iter().filter_map(|(_, kind)| match kind {
        Kind::Header(name) => Some(name),
        _ => None,
    });
    let has_form = attributed.iter().any(|(_, kind)| matches!(kind, Kind::Multipart));
    for names in [fixed.collect::<Vec<_>>(), named.collect()] {
        for (position, name) in names.iter().enumerate() {
            let lower = name.value().to_ascii_lowercase();
            let message = if names[..position].iter().any(|other| other.value().to_ascii_lowercase() == lower) {
                let rule = "a header is sent once, and case makes no difference in its name";
                Message::new(format!("the header `{}` stands twice", name.value()), rule, "remove one of them")
            } else if has_form && lower == "content-type" {
                let rule = "a `#[multipart]` body's media type names the boundary that it is written with";
                Message::new("the media type of a multipart form is set by hand", rule, "leave the header out")
            } else {
                continue;
            };
            diagnostics.at(name.span(), &message);
        }
    }
}

/// Tells where placeholders and arguments disagree.
pub(super) fn agree(template: &Template, method: &Method, diagnostics: &mut Diagnostics) {
    let in_query = template.query.iter().filter_map(|pair| match pair {
        QueryPair::Fixed(_) => None,
        QueryPair::Value { placeholder, .. } => Some(placeholder),
    });
    let placeholders: Vec<&Placeholder> = template.placeholders.iter().chain(in_query).collect();
    let is_named = |argument: &Argument| placeholders.iter().any(|other| other.name == argument.plain_name());

    let twice = method.arguments.iter().filter(|argument| argument.kind.is_some() && is_named(argument));
    for argument in twice {
        let name = argument.plain_name();
        let culprit = format!("the argument `{name}` is used twice: the template names it, and it has an attribute");
        let rule = "every argument is sent, exactly once";
        diagnostics.at(argument.name.span(), &Message::new(culprit, rule, "remove the attribute, or the placeholder"));
    }
    let unused: Vec<&Argument> =
        method.arguments.iter().filter(|argument| argument.kind.is_none() && !is_named(argument)).collect();
    let unfilled: Vec<&Placeholder> =
        placeholders.iter().copied().filter(|placeholder| named(method, &placeholder.name).is_none()).collect();
    let near_misses = tell_unfilled(&unfilled, &unused, method, diagnostics);
    for argument in unused {
        let name = argument.plain_name();
        if near_misses.contains(&name) {
            continue;
        }
        let message = Message::new(
            format!("the argument `{name}` is not used"),
            "every argument is sent, exactly once: the template names it, or it has an attribute",
            format!(
                "put `<{name}>` into the template, or mark it `#[query]`, `#[header(\"…\")]`, `#[body]`, `#[form]`, `#[raw(\"…\")]` or `#[multipart]`"
            ),
        );
        diagnostics.at(argument.name.span(), &message);
    }
}

/// Tells each placeholder without an argument; returns the arguments that were probably meant.
fn tell_unfilled(
    unfilled: &[&Placeholder],
    unused: &[&Argument],
    method: &Method,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let mut near_misses = Vec::new();
    // An argument that could not be read may have been meant by any of them.
    let unfilled = if method.unread_argument { &[] } else { unfilled };
    for placeholder in unfilled {
        let name = &placeholder.name;
        let unused_names: Vec<String> = unused.iter().map(|argument| argument.plain_name()).collect();
        // With one of each left over, the one was meant by the other, however it is spelt.
        let near = did_you_mean(name, unused_names.iter().map(String::as_str)).or(match &unused_names[..] {
            [only] if unfilled.len() == 1 => Some(only),
            _ => None,
        });
        let remedy = match near {
            Some(near) => format!("did you mean `<{near}>`?"),
            None => format!("add the argument `{name}: &str`"),
        };
        let culprit = format!("the placeholder `<{name}>` has no argument");
        let rule = "every placeholder is filled by the argument of its name";
        diagnostics.at(placeholder.span, &Message::new(culprit, rule, remedy));

        let meant = unused.iter().find(|argument| Some(argument.plain_name().as_str()) == near);
        if let Some(argument) = meant {
            let near = argument.plain_name();
            let note = format!("the argument `{near}` is here, and the template says `<{name}>`");
            diagnostics.note(argument.name.span(), &note);
            near_misses.push(near);
        }
    }
    near_misses
}
