//! Error: one variant for each stage at which a call can end without a declared outcome.

mod decode;
mod io;

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

pub use self::decode::DecodeError;
use crate::endpoint::Endpoint;
use crate::request::InvalidRequest;
use crate::text::{Excerpt, write_causes};
use crate::transport::{Attempts, TransportError, TransportErrorKind, WholeResponse};

/// What an endpoint's method returns: a success of type `T`, or an [`Error`] unless another error type is named.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call has no declared outcome.
///
/// The variants follow the journey: the request could not be built, there was no complete response, time ran out, the body was too
/// large, the status is not declared, the body can't be read. Every error knows its [`endpoint`](Self::endpoint), and once a
/// response began, its [`status`](Self::status) and [`headers`](Self::headers).
///
/// # Printing an error
///
/// `{}` is one line for a log: the endpoint and what happened. `{:#}` adds the causes that come from the system or from another
/// library, each after `: `, as anyhow does. `Debug` prints the same, so `unwrap` and a `main` that returns the error say everything.
/// Server text is escaped and cut, and credentials never appear, even if a server sends them back.
///
/// [`source`](StdError::source) continues with the first of these causes, so each of them is printed once by whoever walks the chain.
/// [`transport_error`](Self::transport_error) has the details of an error of the transport.
///
/// ```
/// use std::error::Error as _;
/// use std::io;
///
/// use courier_core::transport::{TransportError, TransportErrorKind};
/// use courier_core::{MemoryTransport, messages::Messages};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let refused = TransportError::not_sent(TransportErrorKind::Connect)
///     .with_server("https://api.example.com")
///     .with_source(io::Error::from(io::ErrorKind::ConnectionRefused));
/// let error = MemoryTransport::new().play(Err(refused)).cancel("1-65f0c0e1").await.expect_err("no connection");
///
/// let line = "cancel (POST /messages/<message_id>/cancel): no connection to https://api.example.com; nothing was sent";
/// assert_eq!(format!("{error}"), line);
/// assert_eq!(format!("{error:#}"), format!("{line}: connection refused"));
///
/// let io = error.source().and_then(|cause| cause.downcast_ref::<io::Error>()).expect("an I/O error");
/// assert_eq!(io.kind(), io::ErrorKind::ConnectionRefused);
///
/// let transport = error.transport_error().expect("an error of the transport");
/// assert_eq!(transport.kind(), TransportErrorKind::Connect);
/// # });
/// ```
#[non_exhaustive]
pub enum Error {
    /// The request could not be built. Nothing was sent.
    #[non_exhaustive]
    Invalid {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// What is wrong with it, and how to fix it.
        source: InvalidRequest,
    },
    /// There is no complete response. [`may_have_arrived`](Self::may_have_arrived) says whether the server may have acted.
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
        /// Which time limit.
        source: TransportError,
    },
    /// The response body is larger than `max_body_bytes`.
    #[non_exhaustive]
    TooLarge {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// The limit, and the response's status.
        source: TransportError,
    },
    /// The endpoint does not declare the status of the response.
    #[non_exhaustive]
    Status {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// The whole response.
        response: Box<WholeResponse>,
    },
    /// The status is declared, but the body can't be read. What the status reports has happened.
    #[non_exhaustive]
    Decode {
        /// The declaration.
        endpoint: &'static Endpoint,
        /// The whole response. For [`Lines`](crate::Lines) and [`Events`](crate::Events), its body is the line or the event.
        response: Box<WholeResponse>,
        /// What can't be read, and where.
        source: DecodeError,
    },
}

impl Error {
    /// The variant for the kind of this error.
    pub(crate) fn from_transport(endpoint: &'static Endpoint, source: TransportError) -> Self {
        match source.kind() {
            TransportErrorKind::Timeout { .. } => Self::Timeout { endpoint, source },
            TransportErrorKind::TooLarge { .. } => Self::TooLarge { endpoint, source },
            TransportErrorKind::Connect
            | TransportErrorKind::Tls
            | TransportErrorKind::Refused
            | TransportErrorKind::Interrupted
            | TransportErrorKind::ContentEncoding
            | TransportErrorKind::RequestBody => Self::Transport { endpoint, source },
        }
    }

    /// The error of the transport, for [`Transport`](Self::Transport), [`Timeout`](Self::Timeout) and [`TooLarge`](Self::TooLarge).
    #[must_use]
    pub fn transport_error(&self) -> Option<&TransportError> {
        match self {
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                Some(source)
            }
            Self::Invalid { .. } | Self::Status { .. } | Self::Decode { .. } => None,
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

    /// The status of the response, even if only its head was read; `None` if there was no response.
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

    /// The headers of the response, even if only its head was read: request ids, `retry-after`.
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

    /// Whether a time limit was reached.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Whether no connection could be opened, or not in time. No server processed the request then.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        match self {
            Self::Transport { source, .. } | Self::Timeout { source, .. } => source.is_connect(),
            Self::Invalid { .. } | Self::TooLarge { .. } | Self::Status { .. } | Self::Decode { .. } => false,
        }
    }

    /// The whole response, if there was one. Its own `Debug` escapes nothing and hides no credential that the server sent back.
    #[must_use]
    pub fn response(&self) -> Option<&WholeResponse> {
        match self {
            Self::Status { response, .. } | Self::Decode { response, .. } => Some(response),
            Self::Invalid { .. } | Self::Transport { .. } | Self::Timeout { .. } | Self::TooLarge { .. } => None,
        }
    }

    /// The body of the response, unescaped.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.response().map(WholeResponse::body)
    }

    /// How many attempts the call made, even if nothing was sent: 1 unless it was [retried](crate::transport::Retry), 0 if the request
    /// could not be built or the deadline was zero.
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

    /// Whether the server may have received the request, and so acted on it, in any attempt.
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

/// One line: the endpoint, what happened, and the first 200 characters of a body. `{:#}` adds the causes.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint();
        write!(f, "{} ({endpoint}): ", endpoint.name())?;
        match self {
            Self::Invalid { source, .. } => write!(f, "not sent: {source}"),
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                write!(f, "{source}")
            }
            Self::Status { response, .. } => {
                let (status, declared) = (response.status(), endpoint.outcomes());
                write!(f, "status {status} is not declared ({declared}); ")?;
                write!(f, "{}{}{}", Tried(response), Hints(response), Body(response))
            }
            Self::Decode { response, source, .. } => {
                let (status, tried) = (response.status(), Tried(response));
                write!(f, "the status was {status}, but the body can't be read: {source}; {tried}")?;
                let header = |name| Some(Excerpt::of(response.headers().get(name)?, response.extensions()));
                match header(CONTENT_TYPE) {
                    Some(content_type) => write!(f, "content-type {content_type}, ")?,
                    None => f.write_str("no content-type, ")?,
                }
                // A transport removes the header of an encoding that it decodes, so this one was not decoded.
                if let Some(encoding) = header(CONTENT_ENCODING) {
                    write!(f, "content-encoding {encoding}, ")?;
                }
                write!(f, "{}", Body(response))
            }
        }?;
        if f.alternate() { write_causes(f, self) } else { Ok(()) }
    }
}

/// The number of attempts, if there were several.
struct Tried<'r>(&'r WholeResponse);

impl fmt::Display for Tried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Attempts::of(self.0) {
            0 | 1 => Ok(()),
            attempts => write!(f, "{attempts} attempts; "),
        }
    }
}

/// The headers that say what to do next: the target of a redirect, how long to wait, the id to give to the API's support.
struct Hints<'r>(&'r WholeResponse);

impl fmt::Display for Hints<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ["location", "retry-after", "x-request-id"].into_iter().try_for_each(|name| match self.0.headers().get(name) {
            Some(value) => write!(f, "{name}: {}; ", Excerpt::of(value, self.0.extensions())),
            None => Ok(()),
        })
    }
}

/// The beginning of a body.
struct Body<'r>(&'r WholeResponse);

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

/// `{:#}` of `Display`: a derived `Debug` would show a credential that a server sent back.
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
        write!(f, "{variant}({self:#})")
    }
}

/// The text of a variant's `source` is a part of the error's own text, so the chain continues below it.
impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Invalid { source, .. } => source.source(),
            Self::Transport { source, .. } | Self::Timeout { source, .. } | Self::TooLarge { source, .. } => {
                source.source()
            }
            Self::Status { .. } => None,
            Self::Decode { source, .. } => source.source(),
        }
    }
}
