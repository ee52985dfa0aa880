//! Request: an endpoint and argument values become an `http::Request`. Pure: no I/O and no configuration. Only
//! the options of a call read the clock, for its deadline.

pub(crate) mod curl;
pub(crate) mod header;
pub(crate) mod json;
mod multipart;
mod options;
mod path;
mod private_name;
pub(crate) mod query;

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::uri::{PathAndQuery, Uri};
use http::{HeaderMap, HeaderValue, Method};
use thiserror::Error;

pub(crate) use self::multipart::Form;
pub use self::multipart::Multipart;
pub use self::options::CallOptions;
pub(crate) use self::options::{CallLimits, Expiry, Progress, State, StreamLimits, Streaming};
use crate::body::Body;
use crate::endpoint::Endpoint;
use crate::secret::{Secrets, Watch};

/// A request on its way to a [`Transport`](crate::Transport).
///
/// Its URI is in origin form (`/messages/1-65f0c0e1/cancel`); the transport adds scheme, host and any path prefix. Its
/// extensions carry the [`Endpoint`] ([`Endpoint::of`]) and the options of this one call
/// ([`CallOptions::of`](crate::CallOptions::of)) from when it is sent, or taken with
/// [`Call::into_request`](crate::Call::into_request).
pub type Request = http::Request<Body>;

/// A request with its whole body: what a [`MemoryTransport`](crate::MemoryTransport) has recorded.
pub type WholeRequest = http::Request<Bytes>;

/// Why a request could not be built. Nothing was sent.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// A path segment that addresses, or might address, a different resource: an empty segment, a dot segment, NaN.
    #[error("the path segment `{template}` would be {:?}: {rule}", excerpt(.value))]
    #[non_exhaustive]
    Segment {
        /// The segment as written in the template: `<message_id>`.
        template: &'static str,
        /// What it would have become, before encoding.
        value: String,
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// The `Display` implementation of an argument returned an error.
    #[error("the argument `{argument}` can't be written: its `Display` implementation returned an error")]
    #[non_exhaustive]
    Display {
        /// The argument's name, or the header's name for a header.
        argument: &'static str,
    },
    /// A value can't be written as query parameters.
    #[error("{what} can't be written: {problem}")]
    #[non_exhaustive]
    Query {
        /// The query's key or the argument's role: ``the query `filter` ``.
        what: String,
        /// What is wrong with the value, and the fix.
        problem: String,
    },
    /// A body can't be serialized.
    #[error("the body can't be written: {problem}")]
    #[non_exhaustive]
    Body {
        /// What is wrong with the value.
        problem: String,
    },
    /// Path and query together are longer than 16,384 bytes.
    ///
    /// Servers and proxies limit the request line or the whole head. nginx, Apache and Tomcat default to 8 KiB;
    /// `HAProxy`, `Node.js` and the AWS load balancers to 16 KiB, hence this limit. Over HTTP/2, some servers don't
    /// just refuse a request far beyond their limit: they close the connection, and every other call on it fails. Up to
    /// 8,000 bytes is safe: [RFC 9110, 4.1](https://www.rfc-editor.org/rfc/rfc9110#section-4.1) recommends that every
    /// implementation supports them.
    #[error(
        "path and query have {length} bytes after encoding; the limit is {}, because common servers and proxies accept no more: \
         pass a shorter value, split a list over several calls, or send it in a body if the API has an operation for that",
        Self::MAX_TARGET
    )]
    #[non_exhaustive]
    TooLong {
        /// The length in bytes, after encoding, without the base URL's path.
        length: usize,
    },
    /// A header with an invalid name or value, or one that only the transport may set.
    #[error("the header {name:?} can't be sent: {rule}")]
    #[non_exhaustive]
    Header {
        /// The header's name as it was given. The value isn't kept, because it may be a secret.
        name: String,
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// A part of a [`Multipart`] form that can't be sent.
    #[error("the part {name:?} of the form can't be sent: {rule}")]
    #[non_exhaustive]
    Part {
        /// The part's name.
        name: String,
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
}

impl InvalidRequest {
    /// The limit for path and query together, in bytes: the largest default among widely used servers and proxies.
    const MAX_TARGET: usize = 16 * 1024;

    /// The value under this key can't be written as query parameters.
    pub(crate) fn query(key: &str, problem: &dyn Display) -> Self {
        Self::Query { what: format!("the query `{key}`"), problem: problem.to_string() }
    }
}

impl InvalidRequest {
    /// Removes these secrets from the error, which may quote the value.
    fn without(self, secrets: &Secrets) -> Self {
        let clean = |text: String| secrets.redact(&text).into_owned();
        match self {
            Self::Segment { template, value, rule } => Self::Segment { template, value: clean(value), rule },
            Self::Query { what, problem } => Self::Query { what: clean(what), problem: clean(problem) },
            Self::Body { problem } => Self::Body { problem: clean(problem) },
            other @ (Self::Display { .. } | Self::TooLong { .. } | Self::Header { .. } | Self::Part { .. }) => other,
        }
    }
}

/// The beginning of a value, for an error message.
fn excerpt(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(200) {
        None => Cow::Borrowed(value),
        Some((end, _)) => Cow::Owned(format!("{}…", &value[..end])),
    }
}

/// Assembles the request of an endpoint. The first part that is invalid becomes the error.
#[derive(Debug)]
pub struct RequestBuilder {
    pub(crate) endpoint: &'static Endpoint,
    watch: Watch,
    parts: Parts,
    invalid: Option<InvalidRequest>,
}

#[derive(Debug)]
struct Parts {
    path: Vec<u8>,
    query: String,
    /// `None` until the first is set: most requests have none of their own.
    headers: Option<HeaderMap>,
    body: Body,
}

impl Parts {
    fn headers(&mut self) -> &mut HeaderMap {
        self.headers.get_or_insert_default()
    }
}

impl RequestBuilder {
    /// Starts with the path: `values` fill the template's placeholders in order.
    pub(crate) fn new(endpoint: &'static Endpoint, values: &[&dyn Display]) -> Self {
        let watch = Watch::begin();
        let (path, invalid) = match path::fill(endpoint, values) {
            Ok(path) => (path, None),
            Err(invalid) => (Vec::new(), Some(invalid)),
        };
        let parts = Parts { path, query: String::new(), headers: None, body: Body::empty() };
        Self { endpoint, watch, parts, invalid }
    }

    fn and(mut self, add: impl FnOnce(&mut Parts) -> Result<(), InvalidRequest>) -> Self {
        if self.invalid.is_none() {
            self.invalid = add(&mut self.parts).err();
        }
        self
    }

    /// Appends a pair that is fixed in the template.
    #[must_use]
    pub fn query_fixed(self, pair: &'static str) -> Self {
        self.and(|parts| {
            query::append_fixed(&mut parts.query, pair);
            Ok(())
        })
    }

    /// Appends the pairs of an argument.
    #[must_use]
    pub fn query(self, pairs: Result<query::Pairs, InvalidRequest>) -> Self {
        self.and(|parts| {
            for (key, value) in &pairs? {
                query::append(&mut parts.query, key, value);
            }
            Ok(())
        })
    }

    /// The pairs of a list under one key, joined.
    #[must_use]
    pub fn query_joined(self, key: &'static str, delimiter: char, pairs: Result<query::Pairs, InvalidRequest>) -> Self {
        self.and(|parts| {
            query::append_joined(&mut parts.query, key, delimiter, &pairs?)
                .map_err(|error| InvalidRequest::query(key, &error))
        })
    }

    /// Sets a header that is fixed in the attribute.
    #[must_use]
    pub fn header_fixed(self, name: &'static str, value: &'static str) -> Self {
        self.and(|parts| header::set(parts.headers(), name, value))
    }

    /// Sets a header from an argument. `None` sets nothing.
    #[must_use]
    pub fn header(self, name: &'static str, value: Option<&dyn Display>) -> Self {
        let Some(value) = value else { return self };
        let secrets = Watch::count();
        let mut text = String::new();
        let written = write!(text, "{value}").map_err(|fmt::Error| InvalidRequest::Display { argument: name });
        let is_secret = Watch::count() > secrets;
        self.and(|parts| {
            written?;
            header::set(parts.headers(), name, &text)?;
            if let Some(value) = parts.headers().get_mut(name).filter(|_| is_secret) {
                value.set_sensitive(true);
            }
            Ok(())
        })
    }

    /// Sets a body and its media type. `None` sets neither.
    #[must_use]
    pub fn body(self, media_type: &str, body: Result<Option<Bytes>, InvalidRequest>) -> Self {
        self.typed(media_type, body.map(|body| body.map(Body::from)))
    }

    /// Sets a body that is sent as it is.
    #[must_use]
    pub fn raw(self, media_type: &str, body: Option<Body>) -> Self {
        self.typed(media_type, Ok(body))
    }

    fn typed(self, media_type: &str, body: Result<Option<Body>, InvalidRequest>) -> Self {
        // The most common one: checked at compile time, and not copied.
        const JSON: HeaderValue = HeaderValue::from_static("application/json");

        self.and(|parts| match body? {
            Some(body) => {
                parts.body = body;
                if media_type == "application/json" {
                    parts.headers().insert(CONTENT_TYPE, JSON);
                    Ok(())
                } else {
                    header::set(parts.headers(), CONTENT_TYPE.as_str(), media_type)
                }
            }
            None => Ok(()),
        })
    }

    /// Sets a form with files. Its media type names the boundary between parts.
    #[must_use]
    pub fn multipart(self, form: Result<Option<Form>, InvalidRequest>) -> Self {
        self.and(|parts| {
            if let Some(Form { content_type, body }) = form? {
                parts.body = body;
                parts.headers().insert(CONTENT_TYPE, content_type);
            }
            Ok(())
        })
    }

    /// Completes the request with what every request has, except for its [`CallOptions`]. `accept` lists the media types that the
    /// declared outcomes can read.
    pub(crate) fn finish(self, accept: HeaderValue) -> Result<Request, InvalidRequest> {
        let Self { endpoint, watch, parts, invalid } = self;
        let written = watch.end();
        // Most requests have none, and need no list of them.
        let secrets = (!written.is_empty()).then(|| Secrets::new(written));
        if let Some(invalid) = invalid {
            return Err(match &secrets {
                Some(secrets) => invalid.without(secrets),
                None => invalid,
            });
        }
        let Parts { path: mut target, query, headers, body } = parts;
        if !query.is_empty() {
            // Exactly: sharing the bytes of a longer allocation takes another one.
            target.reserve_exact(1 + query.len());
            target.push(b'?');
            target.extend_from_slice(query.as_bytes());
        }
        let length = target.len();
        if length > InvalidRequest::MAX_TARGET {
            return Err(InvalidRequest::TooLong { length });
        }
        let target = PathAndQuery::from_maybe_shared(Bytes::from(target))
            .expect("templates are checked at compile time, and values are encoded");

        let mut request = Request::new(body);
        *request.method_mut() = endpoint.method().clone();
        *request.uri_mut() = Uri::from(target);
        // An `accept` header in the declaration takes precedence.
        let accepts_already = headers.as_ref().is_some_and(|headers| headers.contains_key(ACCEPT));
        if let Some(headers) = headers {
            *request.headers_mut() = headers;
        }
        if !accepts_already {
            request.headers_mut().insert(ACCEPT, accept);
        }
        if let Some(length) = content_length(request.method(), request.body()) {
            request.headers_mut().insert(CONTENT_LENGTH, length_value(length));
        }
        if let Some(secrets) = secrets.filter(|secrets| !secrets.is_empty()) {
            request.extensions_mut().insert(secrets);
        }
        Ok(request)
    }
}

/// Starts the request of an endpoint, for an expansion: `path_values` fill the template's placeholders in their order.
#[must_use]
pub fn request(endpoint: &'static Endpoint, path_values: &[&dyn Display]) -> RequestBuilder {
    RequestBuilder::new(endpoint, path_values)
}

/// Sets `content-length`, or removes one that is wrong.
#[cfg(any(test, feature = "__network"))]
pub(crate) fn set_content_length(headers: &mut HeaderMap, method: &Method, body: &Body) {
    match content_length(method, body) {
        Some(length) => headers.insert(CONTENT_LENGTH, length_value(length)),
        None => headers.remove(CONTENT_LENGTH),
    };
}

fn length_value(length: u64) -> HeaderValue {
    // Allocates nothing.
    if length == 0 { HeaderValue::from_static("0") } else { HeaderValue::from(length) }
}

/// Corrects `content-length` if a wrapper changed the body, or if the request was not built by an endpoint.
#[cfg(feature = "__network")]
pub(crate) fn correct_content_length(headers: &mut HeaderMap, method: &Method, body: &Body) {
    if !has_content_length(headers, content_length(method, body)) {
        set_content_length(headers, method, body);
    }
}

/// The `content-length` of this request, even for an empty body if the method usually has one; `None` if it should have none, as
/// with a stream of unknown length.
///
/// [RFC 9110, 8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6) requires this, and some servers return 411 without
/// it, but the HTTP stack leaves it out.
fn content_length(method: &Method, body: &Body) -> Option<u64> {
    let length = body.length()?;
    let expects_body = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
    (length > 0 || expects_body).then_some(length)
}

/// Whether these headers have exactly this `content-length`.
#[cfg(feature = "__network")]
fn has_content_length(headers: &HeaderMap, length: Option<u64>) -> bool {
    let mut values = headers.get_all(CONTENT_LENGTH).iter();
    match (values.next(), values.next(), length) {
        (None, _, None) => true,
        (Some(value), None, Some(length)) => value.to_str().is_ok_and(|text| {
            // `parse` accepts a sign, which HTTP doesn't.
            text.starts_with(|first: char| first.is_ascii_digit()) && text.parse() == Ok(length)
        }),
        _ => false,
    }
}

#[cfg(all(test, feature = "__network"))]
mod tests {
    use super::*;

    /// A request with these values of `content-length`, each marked as sensitive, and a body of two bytes unless it is a `GET`.
    fn with_lengths(method: Method, lengths: &[&'static str]) -> Request {
        let mut request = Request::new(if method == Method::GET { Body::empty() } else { Body::from("{}") });
        *request.method_mut() = method;
        for length in lengths {
            let mut value = HeaderValue::from_static(length);
            value.set_sensitive(true);
            request.headers_mut().append(CONTENT_LENGTH, value);
        }
        request
    }

    fn corrected(request: Request) -> Vec<HeaderValue> {
        let (mut head, body) = request.into_parts();
        correct_content_length(&mut head.headers, &head.method, &body);
        head.headers.get_all(CONTENT_LENGTH).iter().cloned().collect()
    }

    #[test]
    fn a_wrong_content_length_is_corrected_and_a_missing_one_is_added() {
        for lengths in
            [&[][..], &["0"], &["3"], &["+2"], &["-2"], &[" 2"], &["2, 2"], &["2", "2"], &["2", "3"], &["two"], &[""]]
        {
            let values = corrected(with_lengths(Method::POST, lengths));
            assert_eq!(values, ["2"], "{lengths:?}");
            assert!(!values[0].is_sensitive(), "{lengths:?} was kept");
        }
        for lengths in [&["0"][..], &["2"], &["0", "0"]] {
            assert!(corrected(with_lengths(Method::GET, lengths)).is_empty(), "{lengths:?}");
        }
    }

    #[test]
    fn a_correct_content_length_is_not_made_again() {
        let values = corrected(with_lengths(Method::POST, &["2"]));
        assert_eq!(values, ["2"]);
        assert!(values[0].is_sensitive(), "it was replaced");
    }
}
