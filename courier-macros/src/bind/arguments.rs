//! Every placeholder has its argument, and every argument is sent exactly once.

use std::collections::HashMap;

use crate::diagnostics::{Diagnostics, Reported, did_you_mean};
use crate::model::Query;
use crate::parse::{Argument, Attribute, Kind, Method, Pair, Placeholder, Template};
use crate::rules::{FILLED, HEADER_ONCE, MULTIPART, NO_BODY, ONE_BODY, SENT_ONCE};

/// The argument of each placeholder.
pub(super) type Filled<'m> = HashMap<&'m str, Result<&'m Argument, Reported>>;

/// The arguments, if all of them can be read, that have an attribute.
pub(super) fn attributed(method: &Method) -> Result<Vec<(&Argument, &Kind)>, Reported> {
    let arguments = method.arguments.iter().map(Result::as_ref).collect::<Result<Vec<_>, _>>()?;
    Ok(with_kind(arguments))
}

fn with_kind<'m>(arguments: impl IntoIterator<Item = &'m Argument>) -> Vec<(&'m Argument, &'m Kind)> {
    arguments.into_iter().filter_map(|argument| Some((argument, argument.kind.as_ref()?))).collect()
}

pub(super) fn path_values<'m>(template: &'m Template, filled: &Filled<'m>) -> Result<Vec<&'m Argument>, Reported> {
    template.path.iter().map(|placeholder| filled[&*placeholder.as_ref()?.name]).collect()
}

pub(super) fn query<'m>(template: &'m Template, filled: &Filled<'m>) -> Result<Vec<Query<'m>>, Reported> {
    let pair = |pair: &'m Result<Pair, Reported>| match pair.as_ref()? {
        Pair::Fixed(pair) => Ok(Query::Fixed(pair)),
        Pair::Value { key, placeholder, style } => {
            Ok(Query::Value { key, argument: filled[&*placeholder.name]?, style: *style })
        }
    };
    template.query.iter().map(pair).collect()
}

pub(super) fn agree<'m>(attribute: &'m Attribute, method: &'m Method, diagnostics: &mut Diagnostics) -> Filled<'m> {
    let attributed = with_kind(method.arguments.iter().flatten());
    bodies(attribute, &attributed, diagnostics);
    headers(attribute, &attributed, diagnostics);
    match &attribute.template {
        Ok(template) => fill(template, method, diagnostics),
        Err(_) => Filled::new(),
    }
}

/// A request has at most one body, and that of a GET has none.
fn bodies(attribute: &Attribute, attributed: &[(&Argument, &Kind)], diagnostics: &mut Diagnostics) {
    let bodies = attributed.iter().filter(|(_, kind)| !matches!(kind, Kind::Query | Kind::Header(_)));
    let bodies: Vec<&Argument> = bodies.map(|(argument, _)| *argument).collect();
    let Some((first, others)) = bodies.split_first() else { return };
    match &attribute.method {
        Ok(method) if method == "GET" || method == "HEAD" => {
            let problem = format!("the argument `{}` is the body of a {method}", first.plain_name());
            let fix = "send it in the query with `#[query]`, or use the method that the API's page names";
            diagnostics.at(first.name.span(), NO_BODY, problem, fix);
        }
        _ => {}
    }
    for second in others {
        let problem = format!("the argument `{}` is a second body", second.plain_name());
        let fix = "put both into one struct, or send both as parts of one `Multipart`";
        diagnostics.at(second.name.span(), ONE_BODY, problem, fix);
        diagnostics.other_end(first.name.span(), &format!("the first body is `{}`", first.plain_name()));
    }
}

/// A header is given once; only a fixed one, which is its default, may have an argument too.
fn headers(attribute: &Attribute, attributed: &[(&Argument, &Kind)], diagnostics: &mut Diagnostics) {
    let fixed = attribute.headers.iter().flatten().map(|header| &header.name);
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
                let problem = format!("the header `{text}` is given twice");
                diagnostics.at(name.span(), HEADER_ONCE, problem, "remove one of them");
                diagnostics.other_end(first.span(), &format!("`{}` is given here first", first.value()));
            } else if has_form && text.eq_ignore_ascii_case("content-type") {
                let problem = "this header sets the media type of a `#[multipart]` body";
                diagnostics.at(name.span(), MULTIPART, problem, "remove the header");
            }
        }
    }
}

/// Finds the argument of each placeholder, and reports what is left on either side.
fn fill<'m>(template: &'m Template, method: &'m Method, diagnostics: &mut Diagnostics) -> Filled<'m> {
    let placeholders: Vec<&Placeholder> = template.placeholders().flatten().collect();
    let mut arguments: HashMap<String, &Argument> = HashMap::new();
    for argument in method.arguments.iter().flatten() {
        let first = *arguments.entry(argument.plain_name()).or_insert(argument);
        if !std::ptr::eq(first, argument) {
            let problem = format!("a second argument is called `{}`", argument.name);
            diagnostics.at(argument.name.span(), FILLED, problem, "give it a name of its own");
            diagnostics.other_end(first.name.span(), &format!("the first `{}` is here", first.name));
        }
    }
    let mut filled = Filled::new();
    let mut unfilled = Vec::new();
    // What could not be read may have been meant by anything.
    let unread_argument = method.arguments.iter().find_map(|argument| argument.as_ref().err());
    for placeholder in placeholders {
        match (arguments.remove(&placeholder.name), unread_argument) {
            (Some(argument), _) => {
                if argument.kind.is_some() {
                    filled_and_sent(placeholder, argument, diagnostics);
                }
                filled.insert(&placeholder.name, Ok(argument));
            }
            (None, Some(reported)) => drop(filled.insert(&placeholder.name, Err(*reported))),
            (None, None) => unfilled.push(placeholder),
        }
    }
    let is_left = |argument: &&Argument| argument.kind.is_none() && arguments.contains_key(&argument.plain_name());
    let mut left: Vec<&Argument> = method.arguments.iter().flatten().filter(is_left).collect();
    let unread_placeholder = template.placeholders().any(|placeholder| placeholder.is_err());
    // With one of each left, the one was meant by the other, whatever its name.
    let is_the_only = unfilled.len() == 1 && left.len() == 1 && !unread_placeholder;
    for (position, placeholder) in unfilled.into_iter().enumerate() {
        /// Each is compared with all that are left. A person's declaration has fewer.
        const GUESSED: usize = 50;
        let guessed = left.iter().filter(|_| position < GUESSED);
        let names: Vec<String> = guessed.map(|argument| argument.plain_name()).collect();
        let near = did_you_mean(&placeholder.name, names.iter().map(String::as_str));
        let meant = names.iter().position(|name| is_the_only || Some(&**name) == near).map(|at| left.remove(at));
        filled.insert(&placeholder.name, Err(unfilled_placeholder(placeholder, meant, diagnostics)));
    }
    if !unread_placeholder {
        for argument in left {
            unused(argument, diagnostics);
        }
    }
    filled
}

fn filled_and_sent(placeholder: &Placeholder, argument: &Argument, diagnostics: &mut Diagnostics) {
    let name = &placeholder.name;
    let problem = format!("the argument `{name}` fills a placeholder, and has an attribute too");
    let fix = format!("remove the attribute, or `<{name}>` from the template");
    diagnostics.at(argument.name.span(), SENT_ONCE, problem, fix);
    diagnostics.other_end(placeholder.span, &format!("the template has the placeholder `<{name}>`"));
}

/// `meant` is the argument that was probably meant.
fn unfilled_placeholder(
    placeholder: &Placeholder,
    meant: Option<&Argument>,
    diagnostics: &mut Diagnostics,
) -> Reported {
    let name = &placeholder.name;
    let fix = match meant {
        Some(argument) => format!("did you mean `<{}>`?", argument.plain_name()),
        None => format!("add the argument `{name}: &str`"),
    };
    let problem = format!("the placeholder `<{name}>` has no argument");
    let reported = diagnostics.at(placeholder.span, FILLED, problem, fix);
    if let Some(argument) = meant {
        let what_is_there = format!("the argument is `{}`, and the template says `<{name}>`", argument.plain_name());
        diagnostics.other_end(argument.name.span(), &what_is_there);
    }
    reported
}

fn unused(argument: &Argument, diagnostics: &mut Diagnostics) {
    let name = argument.plain_name();
    let fix = format!(
        "add `<{name}>` to the template, or mark it `#[query]`, `#[header(\"…\")]`, `#[body]`, `#[form]`, `#[raw(\"…\")]` or \
         `#[multipart]`"
    );
    diagnostics.at(argument.name.span(), SENT_ONCE, format!("the argument `{name}` is not used"), fix);
}
