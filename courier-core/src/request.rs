//! Request: an endpoint and argument values become an `http::Request`. Pure: no I/O, no clock, no configuration.

pub(crate) mod curl;
mod multipart;
mod options;
mod path;
pub(crate) mod query;

use std::fmt::{self, Display, Write as _};

use bytes::Bytes;
use http::uri::{PathAndQuery, Uri};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use thiserror::Error;

pub use self::multipart::Multipart;
pub use self::options::CallOptions;
pub(crate) use self::options::Deadline;
use crate::endpoint::Endpoint;

/// A request on its way to a [`Transport`](crate::Transport).
///
/// Its URI is in origin form (`/messages/1-65f0c0e1/cancel`): scheme, host and a path prefix are the transport's. Its
/// extensions carry the [`Endpoint`] ([`Endpoint::of`]) and what the caller asked for this one call
/// ([`CallOptions::of`](crate::CallOptions::of)).
pub type Request = http::Request<Bytes>;

/// Why a request could not be built. Nothing was sent.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// A segment of the path came out empty, `.` or `..`, which would address another resource.
    #[error(
        "the path segment `{template}` would be {value:?}: a segment must not be empty, `.` or `..`, which URL parsers \
         resolve to another path; pass the value that the API gave you"
    )]
    #[non_exhaustive]
    Segment {
        /// The segment as the template has it: `<message_id>`.
        template: &'static str,
        /// What it would have become.
        value: String,
    },
    /// The `Display` implementation of an argument reported an error.
    #[error("the argument `{argument}` can't be written: its `Display` implementation returned an error")]
    #[non_exhaustive]
    Display {
        /// The argument's name; for a header, the header's.
        argument: &'static str,
    },
    /// A value has no form in a query.
    #[error("{what} can't be written: {problem}")]
    #[non_exhaustive]
    Query {
        /// The query's key or the argument's role: ``the query `filter` ``.
        what: String,
        /// What is wrong with the value, and the remedy.
        problem: String,
    },
    /// A body could not be written.
    #[error("the body can't be written: {problem}")]
    #[non_exhaustive]
    Body {
        /// What is wrong with the value.
        problem: String,
    },
    /// Path and query are longer than a URI may be.
    #[error("path and query have {length} bytes: a request can carry {} at the most", Self::MAX_TARGET)]
    #[non_exhaustive]
    TooLong {
        /// The length in bytes, encoded.
        length: usize,
    },
    /// A header that is no header, or that only the transport may set.
    #[error("the header {name:?} can't be sent: {rule}")]
    #[non_exhaustive]
    Header {
        /// The header's name as it was given. Its value is not kept: it may be a secret.
        name: String,
        /// The rule that it breaks, with the remedy.
        rule: &'static str,
    },
    /// A part of a [`Multipart`] form that can't be sent.
    #[error("the part {name:?} of the form can't be sent: {rule}")]
    #[non_exhaustive]
    Part {
        /// The part's name.
        name: String,
        /// The rule that it breaks, with the remedy.
        rule: &'static str,
    },
    /// The call was polled before: its request is with the transport.
    #[error("the call was polled, and its request is on its way; look at it before")]
    Sent,
    /// The call was made by hand (`Call::ready`, `Call::from_future`): no request belongs to it.
    #[error("the call was made by hand, with `Call::ready` or `Call::from_future`: it has no request")]
    ByHand,
}

impl InvalidRequest {
    /// What `http::Uri` holds at the most, in bytes.
    const MAX_TARGET: usize = u16::MAX as usize - 1;
}

/// The request of an endpoint while its parts are put together. What is wrong with the first is the error.
#[derive(Debug)]
pub struct RequestBuilder {
    pub(crate) endpoint: &'static Endpoint,
    parts: Result<Parts, InvalidRequest>,
}

#[derive(Debug)]
struct Parts {
    path: String,
    query: String,
    headers: HeaderMap,
    body: Bytes,
}

impl RequestBuilder {
    /// Starts with the path: `values` fill the template's placeholders in their order.
    pub(crate) fn new(endpoint: &'static Endpoint, values: &[&dyn Display]) -> Self {
        let parts = path::fill(endpoint.template(), values);
        let parts =
            parts.map(|path| Parts { path, query: String::new(), headers: HeaderMap::new(), body: Bytes::new() });
        Self { endpoint, parts }
    }

    fn and(mut self, add: impl FnOnce(&mut Parts) -> Result<(), InvalidRequest>) -> Self {
        self.parts = self.parts.and_then(|mut parts| add(&mut parts).map(|()| parts));
        self
    }

    /// A pair that the template has as it is sent.
    #[must_use]
    pub fn query_fixed(self, pair: &'static str) -> Self {
        self.and(|parts| {
            if !parts.query.is_empty() {
                parts.query.push('&');
            }
            parts.query.push_str(pair);
            Ok(())
        })
    }

    /// Pairs of an argument.
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
        self.and(|parts| parts.add_joined(key, delimiter, &pairs?))
    }

    /// A header that the attribute has with its value.
    #[must_use]
    pub fn header_fixed(self, name: &'static str, value: &'static str) -> Self {
        self.and(|parts| set_header(&mut parts.headers, name, value))
    }

    /// A header from an argument; nothing for `None`.
    #[must_use]
    pub fn header(self, name: &'static str, value: Option<&dyn Display>) -> Self {
        self.and(|parts| {
            let Some(value) = value else { return Ok(()) };
            let mut text = String::new();
            write!(text, "{value}").map_err(|fmt::Error| InvalidRequest::Display { argument: name })?;
            set_header(&mut parts.headers, name, &text)
        })
    }

    /// A body with its media type; nothing of both for `None`.
    #[must_use]
    pub fn body(self, media_type: &str, body: Result<Option<Bytes>, InvalidRequest>) -> Self {
        self.and(|parts| match body? {
            Some(body) => {
                parts.body = body;
                set_header(&mut parts.headers, header::CONTENT_TYPE.as_str(), media_type)
            }
            None => Ok(()),
        })
    }

    /// Bytes that are sent as they are.
    #[must_use]
    pub fn raw(self, media_type: &str, bytes: Option<Bytes>) -> Self {
        self.body(media_type, Ok(bytes))
    }

    /// A form with files, whose media type names the boundary of its parts.
    #[must_use]
    pub fn multipart(self, form: Option<&Multipart>) -> Self {
        let Some(form) = form else { return self };
        self.and(|parts| {
            let (content_type, body) = form.encode()?;
            parts.body = body;
            parts.headers.insert(header::CONTENT_TYPE, content_type);
            Ok(())
        })
    }

    /// The request, with what every request has. `accept` says what the declared outcomes can read.
    pub(crate) fn finish(self, accept: HeaderValue) -> Result<Request, InvalidRequest> {
        let Parts { path: mut target, query, headers, body } = self.parts?;
        if !query.is_empty() {
            target.push('?');
            target.push_str(&query);
        }
        let length = target.len();
        let target =
            PathAndQuery::from_maybe_shared(Bytes::from(target)).map_err(|_| InvalidRequest::TooLong { length })?;

        let mut request = Request::new(body);
        *request.method_mut() = self.endpoint.method().clone();
        *request.uri_mut() = Uri::from(target);
        *request.headers_mut() = headers;
        // A header that the declaration has for itself stays.
        request.headers_mut().entry(header::ACCEPT).or_insert(accept);
        set_content_length(&mut request);
        request.extensions_mut().insert(self.endpoint);
        Ok(request)
    }
}

impl Parts {
    /// A server splits the joined list after decoding it, so that a delimiter within an element would make two of one.
    fn add_joined(&mut self, key: &str, delimiter: char, pairs: &query::Pairs) -> Result<(), InvalidRequest> {
        let refuse = |problem: String| InvalidRequest::Query { what: format!("the query `{key}`"), problem };
        for (nested, element) in pairs {
            if nested != key {
                return Err(refuse("its elements are objects, which can't be joined".to_owned()));
            }
            if element.contains(delimiter) {
                return Err(refuse(format!("{element:?} contains the {delimiter:?} that its list is joined with")));
            }
        }
        let Some(((_, first), rest)) = pairs.split_first() else { return Ok(()) };
        query::append(&mut self.query, key, first);
        for (_, element) in rest {
            // A comma is legal in a query; a space and a pipe are not.
            self.query.push_str(match delimiter {
                ' ' => "%20",
                '|' => "%7C",
                _ => ",",
            });
            query::append_value(&mut self.query, element);
        }
        Ok(())
    }
}

/// Starts the request of an endpoint, for an expansion: `path_values` fill the template's placeholders in their order.
#[must_use]
pub fn request(endpoint: &'static Endpoint, path_values: &[&dyn Display]) -> RequestBuilder {
    RequestBuilder::new(endpoint, path_values)
}

/// States the body's length, also where it is zero and the method gives a body a meaning:
/// [RFC 9110, 8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6) asks for it, servers answer 411 without it, and
/// the HTTP stack below leaves it out.
pub(crate) fn set_content_length(request: &mut Request) {
    let length = request.body().len();
    let expects_body = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    if length > 0 || expects_body {
        request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    } else {
        request.headers_mut().remove(header::CONTENT_LENGTH);
    }
}

/// Checks a header and adds it, in place of one of the same name.
pub(crate) fn set_header(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), InvalidRequest> {
    let invalid = |rule| InvalidRequest::Header { name: name.to_owned(), rule };
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| invalid("a header's name is one or more letters, digits, `-` or `_`"))?;
    if FRAMING.contains(&name) {
        return Err(invalid("it frames the message, which is the transport's to do; leave it out"));
    }
    let mut value =
        HeaderValue::from_str(value).ok().filter(|_| value.is_ascii() && !value.contains('\t')).ok_or_else(|| {
            invalid("its value has a control character or one outside ASCII; encode it as the API's page says")
        })?;
    // Hidden in `Debug` and left out of `curl`.
    value.set_sensitive(CREDENTIALS.contains(&name));
    headers.insert(name, value);
    Ok(())
}

/// The headers that hold credentials by their definition.
pub(crate) const CREDENTIALS: [HeaderName; 3] = [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE];

/// What decides where a message ends and who gets it: a wrong value here is request smuggling.
pub(crate) const FRAMING: [HeaderName; 5] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::HOST, header::UPGRADE];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_with_a_control_character_or_one_outside_ascii_is_refused_and_its_value_not_told() {
        for value in ["s3cret\t", "s3cret\r\nx: y", "s3cret\0", "s3crét", "\u{7f}s3cret"] {
            let mut headers = HeaderMap::new();
            let error = set_header(&mut headers, "x-token", value).expect_err(value);
            assert!(matches!(&error, InvalidRequest::Header { name, .. } if name == "x-token"));
            assert!(!format!("{error} {error:?}").contains("s3c") && headers.is_empty());
        }
    }

    #[test]
    fn what_frames_a_message_is_refused_in_any_case() {
        for name in ["Content-Length", "transfer-encoding", "HOST", "connection", "Upgrade", "", "a b", "ü"] {
            set_header(&mut HeaderMap::new(), name, "1").expect_err(name);
        }
    }
}
