//! Placeholder meets argument, and every argument is used exactly once.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;

use crate::diagnostics::{Diagnostics, Message, did_you_mean};
use crate::model::Query;
use crate::parse::{Argument, Attribute, Kind, Method, Placeholder, QueryPair, Template};
use crate::rules::{FILLED, HEADER_ONCE, MULTIPART, NO_BODY, ONE_BODY, SENT_ONCE};

/// The arguments by their plain names, which each costs the compiler a call.
pub(super) type ByName<'m> = HashMap<String, &'m Argument>;

pub(super) fn by_name(method: &Method) -> ByName<'_> {
    method.arguments.iter().map(|argument| (argument.plain_name(), argument)).collect()
}

/// Each path placeholder's argument, in the placeholders' order.
pub(super) fn path_values<'m>(template: &Template, arguments: &ByName<'m>) -> Vec<&'m Argument> {
    template.placeholders.iter().filter_map(|placeholder| arguments.get(&placeholder.name).copied()).collect()
}

/// The pairs of the query, each with its argument.
pub(super) fn query<'m>(template: &'m Template, arguments: &ByName<'m>) -> Vec<Query<'m>> {
    let pairs = template.query.iter().filter_map(|pair| match pair {
        QueryPair::Fixed(pair) => Some(Query::Fixed(pair)),
        QueryPair::Value { key, placeholder, style } => {
            arguments.get(&placeholder.name).map(|argument| Query::Value { key, argument, style: *style })
        }
    });
    pairs.collect()
}

/// The arguments with an attribute of their own. A request has one body, and some have none.
pub(super) fn attributed<'m>(
    attribute: &Attribute,
    method: &'m Method,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'m Argument, &'m Kind)> {
    let attributed: Vec<_> =
        method.arguments.iter().filter_map(|argument| Some((argument, argument.kind.as_ref()?))).collect();
    bodies(attribute, &attributed, diagnostics);
    headers(attribute, &attributed, diagnostics);
    attributed
}

fn bodies(attribute: &Attribute, attributed: &[(&Argument, &Kind)], diagnostics: &mut Diagnostics) {
    let bodies = attributed.iter().filter(|(_, kind)| !matches!(kind, Kind::Query | Kind::Header(_)));
    let bodies: Vec<&Argument> = bodies.map(|(argument, _)| *argument).collect();
    let Some((first, others)) = bodies.split_first() else { return };
    let http_method = attribute.method.as_ref().map(ToString::to_string).unwrap_or_default();
    if matches!(&*http_method, "GET" | "HEAD") {
        let remedy = "send it in the query with `#[query]`, or use the method that the API's page names";
        let culprit = format!("the argument `{}` is the body of a {http_method}", first.plain_name());
        diagnostics.at(first.name.span(), &Message::new(culprit, NO_BODY, remedy));
    }
    for second in others {
        let culprit = format!("the argument `{}` is a second body", second.plain_name());
        let remedy = "put both into one struct, or send both as parts of one `Multipart`";
        diagnostics.at(second.name.span(), &Message::new(culprit, ONE_BODY, remedy));
        diagnostics.other_end(first.name.span(), &format!("the first body is `{}`", first.plain_name()));
    }
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
        let mut firsts = HashMap::new();
        for name in names {
            let text = name.value();
            let first = *firsts.entry(text.to_ascii_lowercase()).or_insert(name);
            if !std::ptr::eq(first, name) {
                let culprit = format!("the header `{text}` is given twice");
                diagnostics.at(name.span(), &Message::new(culprit, HEADER_ONCE, "remove one of them"));
                diagnostics.other_end(first.span(), &format!("`{}` is given here first", first.value()));
            } else if has_form && text.eq_ignore_ascii_case("content-type") {
                let culprit = "the media type of a `#[multipart]` body is set by hand";
                diagnostics.at(name.span(), &Message::new(culprit, MULTIPART, "remove the header"));
            }
        }
    }
}

/// Tells where placeholders and arguments disagree.
pub(super) fn agree(template: &Template, method: &Method, arguments: &ByName<'_>, diagnostics: &mut Diagnostics) {
    let in_query = template.query.iter().filter_map(|pair| match pair {
        QueryPair::Fixed(_) => None,
        QueryPair::Value { placeholder, .. } => Some(placeholder),
    });
    let placeholders: Vec<&Placeholder> = template.placeholders.iter().chain(in_query).collect();
    let places: HashMap<&str, Span> = placeholders.iter().map(|other| (&*other.name, other.span)).collect();

    let mut unused: Vec<(String, &Argument)> = Vec::new();
    for argument in &method.arguments {
        let name = argument.plain_name();
        match places.get(&*name) {
            Some(place) if argument.kind.is_some() => {
                let culprit = format!("the argument `{name}` fills a placeholder, and has an attribute too");
                let remedy = format!("remove the attribute, or `<{name}>` from the template");
                diagnostics.at(argument.name.span(), &Message::new(culprit, SENT_ONCE, remedy));
                diagnostics.other_end(*place, &format!("the template has the placeholder `<{name}>`"));
            }
            None if argument.kind.is_none() => unused.push((name, argument)),
            _ => {}
        }
    }
    let unfilled: Vec<&Placeholder> =
        placeholders.iter().copied().filter(|placeholder| !arguments.contains_key(&placeholder.name)).collect();
    // An argument that could not be read may have been meant by any of them.
    let unfilled = if method.unread_argument { &[] } else { &unfilled[..] };
    let near_misses = tell_unfilled(unfilled, &unused, template.unread_placeholder, diagnostics);
    // A placeholder that could not be read may have been meant by any of them.
    for (name, argument) in unused {
        if template.unread_placeholder || near_misses.contains(&name) {
            continue;
        }
        let message = Message::new(
            format!("the argument `{name}` is not used"),
            SENT_ONCE,
            format!(
                "add `<{name}>` to the template, or mark it `#[query]`, `#[header(\"…\")]`, `#[body]`, `#[form]`, `#[raw(\"…\")]` or `#[multipart]`"
            ),
        );
        diagnostics.at(argument.name.span(), &message);
    }
}

/// Tells each placeholder without an argument; returns the arguments that were probably meant.
fn tell_unfilled(
    unfilled: &[&Placeholder],
    unused: &[(String, &Argument)],
    unread: bool,
    diagnostics: &mut Diagnostics,
) -> HashSet<String> {
    /// Each is compared with all that are unused. A person's declaration has fewer.
    const GUESSED: usize = 50;
    let mut near_misses = HashSet::new();
    for (position, placeholder) in unfilled.iter().enumerate() {
        let name = &placeholder.name;
        let candidates = unused.iter().filter(|_| position < GUESSED).map(|(name, _)| &**name);
        // With one of each left over, the one was meant by the other, however it is spelt.
        let near = did_you_mean(name, candidates).or(match unused {
            [(only, _)] if unfilled.len() == 1 && !unread => Some(only),
            _ => None,
        });
        let remedy = match near {
            Some(near) => format!("did you mean `<{near}>`?"),
            None => format!("add the argument `{name}: &str`"),
        };
        let culprit = format!("the placeholder `<{name}>` has no argument");
        diagnostics.at(placeholder.span, &Message::new(culprit, FILLED, remedy));

        let meant = unused.iter().find(|(unused, _)| Some(&**unused) == near);
        if let Some((near, argument)) = meant {
            let what_is_there = format!("the argument is `{near}`, and the template says `<{name}>`");
            diagnostics.other_end(argument.name.span(), &what_is_there);
            near_misses.insert(near.clone());
        }
    }
    near_misses
}
