//! Declaration: the contents of an `#[endpoint]` attribute as data.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use http::{HeaderValue, Method, StatusCode};

/// A declared API operation: method, template, outcomes and flags.
///
/// The attribute creates one per method, in static memory, and a function that returns it: for `Messages::cancel`, this is
/// `Messages::cancel_endpoint()`. Each request has its endpoint in its [`http::Extensions`], so that a transport that logs,
/// measures or retries can use the template instead of the path.
///
/// ```
/// use courier_core::{MemoryTransport, messages::Messages};
///
/// let cancel = MemoryTransport::cancel_endpoint();
/// assert_eq!(cancel.to_string(), "POST /messages/<message_id>/cancel");
/// assert!(cancel.may_be_retried());
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Endpoint {
    name: &'static str,
    method: Method,
    template: &'static str,
    path: &'static [PathPart],
    fixed_length: usize,
    outcomes: Outcomes,
    idempotent: bool,
    asked: Remembered,
}

impl Endpoint {
    pub(crate) const fn new(
        name: &'static str,
        method: Method,
        template: &'static str,
        path: &'static [PathPart],
        outcomes: &'static [Outcome],
        idempotent: bool,
    ) -> Self {
        let fixed_length = fixed_length(path);
        Self {
            name,
            method,
            template,
            path,
            fixed_length,
            outcomes: Outcomes(outcomes),
            idempotent,
            asked: Remembered(OnceLock::new()),
        }
    }

    /// The path of the template, in parts.
    pub(crate) const fn path(&self) -> &'static [PathPart] {
        self.path
    }

    /// What `reader`, the address of the function that reads the outcomes, asks of a response: the value of `accept`, and which
    /// outcomes read a stream.
    ///
    /// The first call finds it out, and the others reuse it. A method with type parameters has several such functions: only the
    /// first one's is remembered. If two functions share an address, their code is the same.
    #[inline]
    pub(crate) fn asked(&self, reader: usize, find_out: &mut dyn FnMut() -> (HeaderValue, u64)) -> (HeaderValue, u64) {
        let Remembered(asked) = &self.asked;
        match asked.get_or_init(|| (reader, find_out())) {
            (first, asked) if *first == reader => asked.clone(),
            _ => find_out(),
        }
    }

    /// The length of the text in the path that is sent as written.
    pub(crate) const fn fixed_length(&self) -> usize {
        self.fixed_length
    }

    /// Returns the name of the method with the attribute: `cancel`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the HTTP method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the template as written, with its placeholders: `/messages/<message_id>/cancel`.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        self.template
    }

    /// Returns the declared outcomes, in the order of the declaration.
    #[must_use]
    pub const fn outcomes(&self) -> Outcomes {
        self.outcomes
    }

    /// Returns whether a request that may have arrived may be retried: if the method is
    /// [safe](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1), or the endpoint is declared `idempotent`.
    ///
    /// RFC 9110 also calls `PUT` and `DELETE` idempotent. Here they need the flag, because not every API complies.
    #[doc(alias = "is_idempotent")]
    #[must_use]
    pub fn may_be_retried(&self) -> bool {
        self.idempotent || self.method.is_safe()
    }
}

/// What the outcomes ask of a response, with the address of the function that reads them. It isn't part of the declaration, so it is
/// neither compared nor shown.
struct Remembered(OnceLock<(usize, (HeaderValue, u64))>);

impl PartialEq for Remembered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Remembered {}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

/// `POST /messages/<message_id>/cancel`
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}

/// The declared outcomes of an [`Endpoint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcomes(&'static [Outcome]);

impl Outcomes {
    /// Returns the outcome that declares this status, with its position. If it is `None`, the status is an
    /// [`Error::Status`](crate::Error::Status).
    #[must_use]
    pub fn of(&self, status: StatusCode) -> Option<(usize, &'static Outcome)> {
        self.iter().enumerate().find(|(_, outcome)| outcome.contains(status))
    }

    /// Returns an iterator over the outcomes, in the order of the declaration.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static Outcome> + use<> {
        self.0.iter()
    }
}

/// `200 ok, 409 conflict`
impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, outcome) in self.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{outcome}")?;
        }
        Ok(())
    }
}

/// A declared outcome: a name and its statuses.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    name: &'static str,
    statuses: &'static [RangeInclusive<u16>],
}

impl Outcome {
    pub(crate) const fn new(name: &'static str, statuses: &'static [RangeInclusive<u16>]) -> Self {
        Self { name, statuses }
    }

    /// Returns the name as written in the attribute: `conflict`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the statuses as ranges: `409` is `409..=409`, and the class `2xx` is `200..=299`.
    #[must_use]
    pub const fn statuses(&self) -> &'static [RangeInclusive<u16>] {
        self.statuses
    }

    /// Returns whether this outcome declares `status`.
    #[must_use]
    pub fn contains(&self, status: StatusCode) -> bool {
        self.statuses.iter().any(|range| range.contains(&status.as_u16()))
    }
}

/// `409 conflict`, `200 | 202 ok`, `2xx ok`
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, range) in self.statuses.iter().enumerate() {
            let separator = if position == 0 { "" } else { " | " };
            let (first, last) = (range.start(), range.end());
            if first == last {
                write!(f, "{separator}{first}")?;
            } else {
                write!(f, "{separator}{}xx", first / 100)?;
            }
        }
        write!(f, " {}", self.name)
    }
}

/// Creates an endpoint, for an expansion.
#[must_use]
pub const fn endpoint(
    name: &'static str,
    method: Method,
    template: &'static str,
    path: &'static [PathPart],
    outcomes: &'static [Outcome],
    idempotent: bool,
) -> Endpoint {
    Endpoint::new(name, method, template, path, outcomes, idempotent)
}

/// A part of a template's path, which the attribute splits.
#[derive(Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Text without placeholders, sent as written: whole segments, with their slashes.
    Fixed(&'static str),
    /// A segment with placeholders: as written, its placeholders, and the text after the last of them.
    Segment(&'static str, &'static [Placeholder], &'static str),
}

/// The length of the text in a path that is sent as written.
const fn fixed_length(mut path: &[PathPart]) -> usize {
    let mut length = 0;
    while let [part, rest @ ..] = path {
        match *part {
            PathPart::Fixed(text) => length += text.len(),
            PathPart::Segment(_, mut placeholders, end) => {
                while let [placeholder, others @ ..] = placeholders {
                    length += placeholder.before.len();
                    placeholders = others;
                }
                length += end.len();
            }
        }
        path = rest;
    }
    length
}

/// A placeholder in a segment.
#[derive(Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// The text of the segment since the placeholder before this one.
    pub before: &'static str,
    /// The name of the argument.
    pub name: &'static str,
    /// Whether it takes several segments: `<path..>`.
    pub several: bool,
}

/// Creates an outcome, for an expansion.
#[must_use]
pub const fn outcome(name: &'static str, statuses: &'static [RangeInclusive<u16>]) -> Outcome {
    Outcome::new(name, statuses)
}

#[cfg(test)]
mod tests {
    use super::*;

    static ENDPOINT: Endpoint = Endpoint::new(
        "get",
        Method::GET,
        "/<id>",
        &[],
        &[Outcome::new("ok", &[200..=200, 202..=202]), Outcome::new("failed", &[500..=599])],
        false,
    );

    fn outcome_of(status: u16) -> Option<usize> {
        let status = StatusCode::from_u16(status).expect("a status of three digits");
        ENDPOINT.outcomes().of(status).map(|(position, _)| position)
    }

    #[test]
    fn a_status_selects_only_the_outcome_that_declares_it() {
        assert_eq!([200, 202, 500, 599].map(outcome_of), [Some(0), Some(0), Some(1), Some(1)]);
        assert_eq!([201, 204, 302, 499, 600].map(outcome_of), [None; 5]);
    }

    #[test]
    fn display_is_as_written() {
        assert_eq!(ENDPOINT.to_string(), "GET /<id>");
        assert_eq!(ENDPOINT.outcomes().to_string(), "200 | 202 ok, 5xx failed");
    }

    #[test]
    fn only_safe_methods_may_be_retried_without_the_flag() {
        let put = Endpoint::new("put", Method::PUT, "/", &[], &[], false);
        assert_eq!((ENDPOINT.may_be_retried(), put.may_be_retried()), (true, false));
    }
}
