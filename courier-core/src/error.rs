//! Error: one variant for each stage of the journey at which a call can end without a declared outcome.

mod decode;

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

pub use self::decode::DecodeError;
use crate::endpoint::Endpoint;
use crate::request::InvalidRequest;
use crate::text::Excerpt;
use crate::transport::{Attempts, Response, TransportError, TransportErrorKind};

/// What an endpoint's method returns: a success of type `T`, or an [`Error`] unless another error type is named.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call has no declared outcome.
///
/// The variants follow the journey: not built, not sent or without a complete response, not in time, too large, an undeclared
/// status, a body that can't be read. Each knows its [`endpoint`](Self::endpoint), and from the moment a response began its
/// [`status`](Self::status) and [`headers`](Self::headers).
///
/// `Display` is one line for a log. Text from a server is escaped and cut in it, and the client's key does not appear
/// in it even where a server sends the key back.
#[non_exhaustive]
pub enum Error {
    /// The request could not be built. Nothing was sent.
    #[non_exhaustive]
    Invalid {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// What is wrong with it, and the remedy.
        source: InvalidRequest,
    },
    /// The transport got no complete response; [`TransportError::may_have_arrived`] says what that can mean.
    #[non_exhaustive]
    Transport {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// Why.
        source: TransportError,
    },
    /// Time ran out.
    #[non_exhaustive]
    Timeout {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// Which limit.
        source: TransportError,
    },
    /// The response's body is larger than `max_body_bytes`.
    #[non_exhaustive]
    TooLarge {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// The limit, and the status that came.
        source: TransportError,
    },
    /// The endpoint does not declare the status of the response.
    #[non_exhaustive]
    Status {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// The whole response.
        response: Box<Response>,
    },
    /// The status is a declared outcome, but its body can't be read. What the status says has happened.
    #[non_exhaustive]
    Decode {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// The whole response.
        response: Box<Response>,
        /// What can't be read, and where.
        source: DecodeError,
    },
}

impl Error {
    /// An error of the transport, under the variant that names its kind.
    pub(crate) fn from_transport(endpoint: &'static Endpoint, source: TransportError) -> Self {
        match source.kind() {
            TransportErrorKind::Timeout { .. } => Self::Timeout { endpoint, source },
            TransportErrorKind::TooLarge { .. } => Self::TooLarge { endpoint, source },
            TransportErrorKind::Connect
            | TransportErrorKind::Refused
            | TransportErrorKind::Interrupted
            | TransportErrorKind::ContentEncoding => Self::Transport { endpoint, source },
        }
    }

    /// The declaration that was called.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        match self {
            Self::Invalid { endpoint, .. }
            | Self::Transport { endpoint, .. }
            | Self::Timeout { endpoint, .. }
            | Self::TooLarge { endpoint, .. }
            | Self::Status { endpoint, .. }
            | Self::Decode { endpoint, .. } => endpoint,
        }
    }

    /// The status of the response, even if only its head could be read; `None` if no response came.
    ///
    /// It compares with a number: `error.status().is_some_and(|status| status == 404)`.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Invalid { .. } => None,
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                source.status()
            }
            Self::Status { response, .. } | Self::Decode { response, .. } => Some(response.status()),
        }
    }

    /// The headers of the response: request ids, `retry-after`. They are known from the moment the response began.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Invalid { .. } => None,
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                source.headers()
            }
            Self::Status { response, .. } | Self::Decode { response, .. } => Some(response.headers()),
        }
    }

    /// Whether time ran out, whichever limit it was.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Whether there was no connection, also if the time for it ran out. Nothing was sent then.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        match self {
            Self::Transport { source, .. } | Self::Timeout { source, .. } => source.is_connect(),
            Self::Invalid { .. } | Self::TooLarge { .. } | Self::Status { .. } | Self::Decode { .. } => false,
        }
    }

    /// The whole response, if one came. It is as it came: its own `Debug` escapes nothing and hides nothing that the server sent
    /// back.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        match self {
            Self::Status { response, .. } | Self::Decode { response, .. } => Some(response),
            Self::Invalid { .. } | Self::Transport { .. } | Self::Timeout { .. } | Self::TooLarge { .. } => None,
        }
    }

    /// The body of the response, as it came and unescaped.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.response().map(Response::body)
    }

    /// How many attempts the call made, whether or not anything was sent in them: 1 unless it was
    /// [retried](crate::transport::Retry), 0 where the request could not be built or the deadline was zero.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Invalid { .. } => 0,
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                source.attempts()
            }
            Self::Status { response, .. } | Self::Decode { response, .. } => Attempts::of(response),
        }
    }

    /// Whether the server may have seen the request, and so acted on it: in whichever attempt.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Invalid { .. } => false,
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                source.may_have_arrived()
            }
            Self::Status { .. } | Self::Decode { .. } => true,
        }
    }
}

/// One line: the endpoint, what happened, and of a body its first 200 characters.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint();
        write!(f, "{} ({endpoint}): ", endpoint.name())?;
        match self {
            Self::Invalid { source, .. } => write!(f, "not sent: {source}"),
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                source.fmt(f)
            }
            Self::Status { response, .. } => {
                let (status, declared) = (response.status(), endpoint.outcomes());
                write!(f, "status {status} is not declared ({declared}); ")?;
                write!(f, "{}{}{}", Tried(response), Telling(response), Body(response))
            }
            Self::Decode { response, source, .. } => {
                let (status, tried) = (response.status(), Tried(response));
                write!(f, "status {status} came, but its body can't be read: {source}; {tried}")?;
                let header = |name| Some(Excerpt::of(response.headers().get(name)?, response.extensions()));
                match header(CONTENT_TYPE) {
                    Some(content_type) => write!(f, "content-type {content_type}, ")?,
                    None => f.write_str("no content-type, ")?,
                }
                // What a transport unpacks it names no more: this one it does not know, or did not ask for.
                if let Some(encoding) = header(CONTENT_ENCODING) {
                    write!(f, "content-encoding {encoding}, ")?;
                }
                Body(response).fmt(f)
            }
        }
    }
}

/// The number of attempts, where it was more than one.
struct Tried<'r>(&'r Response);

impl fmt::Display for Tried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Attempts::of(self.0) {
            0 | 1 => Ok(()),
            attempts => write!(f, "{attempts} attempts; "),
        }
    }
}

/// The headers that say what to do: where a redirect leads, how long to wait, what the API's support asks for.
struct Telling<'r>(&'r Response);

impl fmt::Display for Telling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ["location", "retry-after", "x-request-id"].into_iter().try_for_each(|name| match self.0.headers().get(name) {
            Some(value) => write!(f, "{name}: {}; ", Excerpt::of(value, self.0.extensions())),
            None => Ok(()),
        })
    }
}

/// The beginning of a body.
struct Body<'r>(&'r Response);

impl fmt::Display for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.0.body();
        if body.is_empty() {
            return f.write_str("empty body");
        }
        let excerpt = Excerpt::of(body, self.0.extensions());
        if excerpt.is_cut() {
            write!(f, "body of {} bytes: {excerpt}", body.len())
        } else {
            write!(f, "body: {excerpt}")
        }
    }
}

/// As `Display`: a derived `Debug` would show a key that a server echoed.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variant = match self {
            Self::Invalid { .. } => "Invalid",
            Self::Transport { .. } => "Transport",
            Self::Timeout { .. } => "Timeout",
            Self::TooLarge { .. } => "TooLarge",
            Self::Status { .. } => "Status",
            Self::Decode { .. } => "Decode",
        };
        write!(f, "{variant}({self})")
    }
}

/// `Display` holds the innermost cause already: reporters that print the chain would print it twice. It can be had from the
/// variant's `source` all the same.
impl StdError for Error {}
