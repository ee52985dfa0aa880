//! Compares the declarations with the reference, and reports each difference on its own line.

use std::fmt::Debug;

use courier_core::{Endpoint, Request};
use http::{HeaderName, Method, header};
use serde_json::Value;

use super::declared::{BODY, Declared, LIMIT};
use super::reference::{Operation, Parameter, Reference};

/// All differences, or none if everything is declared as documented. Each line starts with the operation's name.
pub(crate) fn differences(reference: &Reference, declared: &[Declared]) -> Vec<String> {
    let mut lines = Vec::new();
    if reference.count != reference.operations.len() {
        lines.push(format!(
            "the reference counts {} operations and has {}",
            reference.count,
            reference.operations.len()
        ));
    }
    for operation in &reference.operations {
        let named: Vec<_> = declared.iter().filter(|declared| declared.operation == operation.name).collect();
        match named[..] {
            [] => lines.push(format!("{}: not declared", operation.name)),
            [only] => lines.extend(of_operation(operation, only)),
            _ => lines.push(format!("{}: declared {} times", operation.name, named.len())),
        }
    }
    for (position, one) in declared.iter().enumerate() {
        if !reference.operations.iter().any(|operation| operation.name == one.operation) {
            lines.push(format!("{}: declared, but not in the reference", one.operation));
        }
        let alike = |other: &&Declared| other.endpoint.to_string() == one.endpoint.to_string();
        if let Some(other) = declared[..position].iter().find(alike) {
            lines.push(format!("{}: same endpoint as {}", one.operation, other.operation));
        }
    }
    lines
}

fn of_operation(operation: &Operation, declared: &Declared) -> Vec<String> {
    let mut found = Findings::default();
    declaration(operation, declared.endpoint, &mut found);
    for (request, optional) in [(&declared.with, Optional::Given), (&declared.without, Optional::LeftOut)] {
        found.about = match optional {
            Optional::Given => "with every optional part, ",
            Optional::LeftOut => "with no optional part, ",
        };
        match request {
            Ok(request) => {
                target(operation, request, optional, &mut found);
                headers(operation, request, optional, &mut found);
                body(operation, request, optional, &mut found);
                response(operation, request, &mut found);
            }
            Err(invalid) => found.lines.push(format!("{}no request: {invalid}", found.about)),
        }
    }
    found.lines.iter().map(|line| format!("{}: {line}", operation.name)).collect()
}

/// Whether the request contains its optional parts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Optional {
    Given,
    LeftOut,
}

impl Optional {
    fn expects(self, parameter: &Parameter) -> bool {
        parameter.required || self == Self::Given
    }
}

#[derive(Default)]
struct Findings {
    about: &'static str,
    lines: Vec<String>,
}

impl Findings {
    fn compare<T: Copy + PartialEq + Debug>(&mut self, what: &str, documented: T, declared: T) {
        if documented != declared {
            self.lines.push(format!("{}{what}: documented {documented:?}, declared {declared:?}", self.about));
        }
    }

    /// Compares items regardless of their order.
    fn compare_each<T: PartialEq + Debug>(&mut self, what: &str, documented: Vec<T>, mut declared: Vec<T>) {
        for item in documented {
            match declared.iter().position(|other| *other == item) {
                Some(position) => drop(declared.remove(position)),
                None => self.lines.push(format!("{}{what}: {item:?} is missing", self.about)),
            }
        }
        for item in declared {
            self.lines.push(format!("{}{what}: {item:?} is not documented", self.about));
        }
    }
}

/// Method, path and outcomes, which don't depend on the arguments.
fn declaration(operation: &Operation, endpoint: &Endpoint, found: &mut Findings) {
    found.compare("method", operation.method.as_str(), endpoint.method().as_str());

    let path = endpoint.template().split('?').next().unwrap_or_default();
    found.compare("template", operation.template().as_str(), path);
    let placeholders = path.split('/').filter(|segment| segment.starts_with('<')).map(str::to_owned);
    let parameters = operation.path_params.iter().map(|name| format!("<{name}>"));
    found.compare_each("placeholders", parameters.collect(), placeholders.collect());

    let documented = operation.outcomes().into_iter().map(|status| {
        let guessed = operation.success_inferred && status == operation.success;
        if guessed { 200..=299 } else { status..=status }
    });
    let declared = endpoint.outcomes().iter().flat_map(|outcome| outcome.statuses().iter().cloned());
    found.compare_each("outcomes", documented.collect(), declared.collect());
}

/// Path and query. Each value is the name of its parameter.
fn target(operation: &Operation, request: &Request, optional: Optional, found: &mut Findings) {
    found.compare("path", operation.filled_path().as_str(), request.uri().path());

    let expected = operation.query.iter().filter(|parameter| optional.expects(parameter));
    let declared = request.uri().query().into_iter().flat_map(|query| query.split('&')).map(str::to_owned);
    found.compare_each("query", expected.flat_map(pairs).collect(), declared.collect());
}

/// A parameter's pairs in the query: two for a list, otherwise one.
fn pairs(Parameter { name, kind, .. }: &Parameter) -> Vec<String> {
    if kind.contains("Sequence") {
        vec![format!("{name}={name}"), format!("{name}={name}-2")]
    } else if kind.contains("int") {
        LIMIT.iter().map(|limit| format!("{name}={limit}")).collect()
    } else if kind.contains("bool") {
        vec![format!("{name}=true")]
    } else {
        vec![format!("{name}={name}")]
    }
}

/// The documented headers, which are all optional, and no others except those that every request has.
fn headers(operation: &Operation, request: &Request, optional: Optional, found: &mut Findings) {
    let expected = operation.headers.iter().filter(|_| optional == Optional::Given);
    let documented = expected.map(|name| format!("{}: {name}", name.to_lowercase()));

    let of_every_request = [header::ACCEPT, header::CONTENT_TYPE, header::CONTENT_LENGTH];
    let own = request.headers().iter().filter(|(name, _)| !of_every_request.contains(name));
    let declared = own.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("not text")));
    found.compare_each("headers", documented.collect(), declared.collect());
}

/// Whether the declared type reads a body: `accept: */*` means `()`, which ignores it. An operation whose success has no
/// body isn't checked if it has other outcomes, because those may have one.
fn response(operation: &Operation, request: &Request, found: &mut Findings) {
    let only_successes = operation.outcomes().iter().all(|status| (200..300).contains(status));
    if operation.response.is_some() || only_successes {
        let reads_nothing = text(request, &header::ACCEPT) == Some("*/*");
        found.compare("a response with a body", operation.response.is_some(), !reads_nothing);
    }
}

/// The JSON body, if the operation has one, and the headers that describe it.
fn body(operation: &Operation, request: &Request, optional: Optional, found: &mut Findings) {
    let sent = request.body().as_bytes().expect("a whole body");
    let present = !sent.is_empty();
    let expected = operation.body.iter().filter(|field| optional.expects(field));
    let documented: Vec<String> = expected.map(|field| field.name.clone()).collect();
    let declared = match serde_json::from_slice(sent) {
        _ if !present => Vec::new(),
        // A type of the declaration, which has the documented fields.
        Ok(Value::Object(object)) if !operation.body.is_empty() => object.into_iter().map(|(name, _)| name).collect(),
        // A JSON value from the caller, who decides what it contains.
        Ok(value) if !documented.is_empty() && (value == BODY || documented == ["<body>"]) => documented.clone(),
        _ => vec![String::from_utf8_lossy(sent).into_owned()],
    };
    found.compare_each("body", documented, declared);

    found.compare("content-type", present.then_some("application/json"), text(request, &header::CONTENT_TYPE));
    // RFC 9110, 8.6: a method that defines a meaning for a body sends `content-length` even without one.
    let stated = present || matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let length = sent.len().to_string();
    found.compare("content-length", stated.then_some(&*length), text(request, &header::CONTENT_LENGTH));
}

fn text<'r>(request: &'r Request, name: &HeaderName) -> Option<&'r str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}
