//! Request: an endpoint and argument values become an `http::Request`. Pure: no I/O, no clock, no configuration.

pub(crate) mod curl;
mod multipart;
pub(crate) mod path;

use std::fmt::Display;

use bytes::Bytes;
use http::uri::{PathAndQuery, Uri};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use thiserror::Error;

pub use self::multipart::Multipart;
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
    Segment {
        /// The segment as the template has it: `<message_id>`.
        template: &'static str,
        /// What it would have become.
        value: String,
    },
    /// The `Display` implementation of an argument reported an error.
    #[error("the argument `{argument}` can't be written: its `Display` implementation returned an error")]
    Display {
        /// The argument's name.
        argument: &'static str,
    },
    /// The path is longer than a URI may be.
    #[error("the path has {length} bytes: a request can carry {} at the most", Self::MAX_TARGET)]
    TooLong {
        /// The path's length in bytes, encoded.
        length: usize,
    },
    /// A header that is no header, or that only the transport may set.
    #[error("the header {name:?} can't be sent: {rule}")]
    Header {
        /// The header's name as it was given. Its value is not kept: it may be a secret.
        name: String,
        /// The rule that it breaks, with the remedy.
        rule: &'static str,
    },
    /// A part of a [`Multipart`] form that can't be sent.
    #[error("the part {name:?} of the form can't be sent: {rule}")]
    Part {
        /// The part's name.
        name: String,
        /// The rule that it breaks, with the remedy.
        rule: &'static str,
    },
    /// The call was made by hand (`Call::ready`, `Call::from_future`): no request belongs to it.
    #[error("the call was made by hand, with `Call::ready` or `Call::from_future`: it has no request")]
    ByHand,
}

impl InvalidRequest {
    /// What `http::Uri` holds at the most, in bytes.
    const MAX_TARGET: usize = u16::MAX as usize - 1;
}

/// Builds the request of an endpoint: `values` fill the template's placeholders in their order, `accept` says what the
/// declared outcomes can read.
pub(crate) fn build(
    endpoint: &'static Endpoint,
    values: &[&dyn Display],
    accept: HeaderValue,
) -> Result<Request, InvalidRequest> {
    let target = path::fill(endpoint.template(), values)?;
    let length = target.len();
    let target =
        PathAndQuery::from_maybe_shared(Bytes::from(target)).map_err(|_| InvalidRequest::TooLong { length })?;

    let mut request = Request::new(Bytes::new());
    *request.method_mut() = endpoint.method().clone();
    *request.uri_mut() = Uri::from(target);
    request.headers_mut().insert(header::ACCEPT, accept);
    set_content_length(&mut request);
    request.extensions_mut().insert(endpoint);
    Ok(request)
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

/// Checks a header given for one call and adds it, in place of one of the same name.
pub(crate) fn set_header(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), InvalidRequest> {
    let invalid = |rule| InvalidRequest::Header { name: name.to_owned(), rule };
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| invalid("a header's name is one or more letters, digits, `-` or `_`"))?;
    if FRAMING.contains(&name) {
        return Err(invalid("it frames the message, which is the transport's to do; leave it out"));
    }
    let value = HeaderValue::from_str(value).ok().filter(|_| value.is_ascii()).ok_or_else(|| {
        invalid("its value has a control character or one outside ASCII; encode it as the API's page says")
    })?;
    headers.insert(name, value);
    Ok(())
}

/// What decides where a message ends and who gets it: a wrong value here is request smuggling.
const FRAMING: [HeaderName; 5] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::HOST, header::UPGRADE];
