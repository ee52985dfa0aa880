//! Why a request got no complete response.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::body::{BoxError, Problem};
use crate::secret::Secrets;
use crate::text::{with_causes, write_causes};

/// How far the request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrival {
    Unsent,
    /// The server showed that it did nothing with it.
    #[cfg(feature = "__network")]
    Unprocessed,
    Possible,
}

/// Why a request got no complete response.
///
/// Two facts decide what a caller can know: whether the request [may have arrived](Self::may_have_arrived), for then
/// its effect may have taken place, and the [status](Self::status), for after a 200 the message *is* cancelled, whether
/// or not the body could be read.
///
/// `{}` prints what happened, and `{:#}` adds the [source](StdError::source) and each error below it, after `: `.
/// [Printing an error](crate::Error#printing-an-error) has an example.
pub struct TransportError {
    kind: TransportErrorKind,
    arrival: Arrival,
    status: Option<StatusCode>,
    headers: Option<Box<HeaderMap>>,
    attempts: u32,
    is_spent: bool,
    pub(super) is_of_shared_connection: bool,
    pub(super) are_credentials_refused: bool,
    server: Option<String>,
    reason: Option<Box<str>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Why a response is missing or not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: the host was not found or refused it, or it ended during the TLS handshake.
    Connect,
    /// TLS can't be set up, and a retry would fail in the same way: one side refused the other's certificate, they have no
    /// version or cipher in common, or the server doesn't speak TLS.
    Tls,
    /// The transport refused to send this request, or the body of its response can't be read here: the error's text says why.
    Refused,
    /// The connection was lost, the server ended it or the stream (HTTP/2), or the response was not valid HTTP.
    Interrupted,
    /// The response's body doesn't match its `content-encoding`: it is damaged, cut short, or something else.
    ContentEncoding,
    /// The request's body, a stream, ended with an error, or doesn't have its length. The request was abandoned.
    RequestBody,
    /// Time ran out.
    Timeout {
        /// The limit that was reached.
        limit: TimeLimit,
        /// Its length.
        after: Duration,
    },
    /// The response's body is larger than the limit.
    TooLarge {
        /// The limit, in bytes after decompression.
        limit: u64,
    },
}

/// The time limits. All except `Stream` are finite by default; `Deadline` needs a [`Deadline`](super::Deadline) or a call that sets one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeLimit {
    /// The time to connect, including TLS.
    Connect,
    /// One attempt, from connecting to the last byte read.
    Attempt,
    /// The whole call.
    Deadline,
    /// The time without a byte of a streamed body.
    Idle,
    /// A streamed body, from the response's head to its last byte.
    Stream,
}

impl TransportError {
    /// An error before any part of the request was written, or after the server said that it did not process the request.
    #[must_use]
    pub fn not_sent(kind: TransportErrorKind) -> Self {
        Self {
            kind,
            arrival: Arrival::Unsent,
            status: None,
            headers: None,
            attempts: 1,
            is_spent: false,
            is_of_shared_connection: false,
            are_credentials_refused: false,
            server: None,
            reason: None,
            source: None,
        }
    }

    /// An error after the request, or a part of it, was written: it may have arrived.
    #[must_use]
    pub fn sent(kind: TransportErrorKind) -> Self {
        Self { arrival: Arrival::Possible, ..Self::not_sent(kind) }
    }

    /// An error after the server showed that it did not process the request, although it may have received it.
    #[cfg(feature = "__network")]
    pub(crate) fn not_processed(kind: TransportErrorKind) -> Self {
        Self { arrival: Arrival::Unprocessed, ..Self::not_sent(kind) }
    }

    /// Sets the status, if the response's head was read before the error.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the headers, if the response's head was read before the error.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = Some(Box::new(headers));
        self
    }

    /// Sets the number of attempts that were made.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Notes whether an earlier attempt may have arrived: the request may then have taken effect, however the last one ended.
    pub(crate) fn after(mut self, may_have_arrived: bool) -> Self {
        if may_have_arrived {
            self.arrival = Arrival::Possible;
        }
        self
    }

    /// Notes that the attempt would have been retried if the request's body could be produced again.
    pub(crate) fn with_spent_body(mut self) -> Self {
        self.is_spent = true;
        self
    }

    /// Notes that a connection ended which several calls shared, after it had worked for others.
    #[cfg(feature = "__network")]
    pub(crate) fn of_shared_connection(mut self) -> Self {
        self.is_of_shared_connection = true;
        self
    }

    /// Notes that a proxy doesn't accept the credentials that it was given. Some lock a user after a few wrong passwords.
    #[cfg(feature = "__network")]
    pub(crate) fn of_refused_credentials(mut self) -> Self {
        self.are_credentials_refused = true;
        self
    }

    /// Whether another call may have another result.
    pub(crate) fn is_transient(&self) -> bool {
        !matches!(self.kind, TransportErrorKind::Refused | TransportErrorKind::Tls) && !self.are_credentials_refused
    }

    /// Creates the error of a body's stream: a transport's own error as it is, and any other as an interruption.
    pub(crate) fn of_stream(error: BoxError, secrets: &Secrets) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(error) => return *error,
            Err(error) => error,
        };
        let failure = Self::sent(TransportErrorKind::Interrupted);
        // Its text may quote what was sent.
        let text = with_causes(&*error);
        match secrets.redact(&text) {
            Cow::Borrowed(_) => failure.with_source(error),
            Cow::Owned(redacted) => failure.with_reason(redacted),
        }
    }

    /// Creates the error of a request whose own body can't be read.
    pub(crate) fn of_request_body(error: BoxError) -> Self {
        let failure = Self::sent(TransportErrorKind::RequestBody);
        match error.downcast::<Problem>() {
            Ok(problem) => failure.with_reason(problem.to_string()),
            Err(error) => failure.with_source(error),
        }
    }

    /// Sets the server that the error's text names: scheme, host and port of this base URL. The path is left out, since it may
    /// contain a secret.
    #[must_use]
    pub fn with_server(mut self, base_url: &str) -> Self {
        let authority = base_url.find("://").map_or(0, |scheme| scheme + 3);
        let end = base_url[authority..].find('/').map_or(base_url.len(), |path| authority + path);
        self.server = Some(base_url[..end].to_owned());
        self
    }

    /// Adds to the server's name over which route it was called.
    #[cfg(feature = "__network")]
    pub(crate) fn with_route(mut self, route: &str) -> Self {
        if let Some(server) = &mut self.server {
            server.push_str(route);
        }
        self
    }

    /// Adds what may help, after the reason.
    #[cfg(feature = "__network")]
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.reason = Some(match self.reason {
            Some(reason) => format!("{reason}; {hint}").into(),
            None => hint.into(),
        });
        self
    }

    /// Adds why it happened, in words: a part of the error's text. Don't repeat the text of the source in it.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<Box<str>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Sets the error that caused this one. `{}` leaves it out, and `{:#}` prints it with the errors below it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Why the response is missing or not complete.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server may have received the request, and so acted on it, in this attempt or an earlier one.
    ///
    /// It is `false` too if the server received the request and showed that it did not process it: an HTTP/2 server can say so,
    /// and one that refuses the client certificate reads no request.
    ///
    /// Through reqwest, it is `true` as well if a limit of the call itself ([`attempt_timeout`](crate::Call::attempt_timeout),
    /// [`deadline`](crate::Call::deadline)) ends connecting, since reqwest doesn't say how far it has come.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        self.arrival == Arrival::Possible
    }

    /// The response's status, if its head was read.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The response's headers, if its head was read: a request id, for example.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.headers.as_deref()
    }

    /// Whether a time limit was reached.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind, TransportErrorKind::Timeout { .. })
    }

    /// Whether no connection could be opened, or not in time. No server processed the request then.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(
            self.kind,
            TransportErrorKind::Connect
                | TransportErrorKind::Tls
                | TransportErrorKind::Timeout { limit: TimeLimit::Connect, .. }
        )
    }

    /// How many attempts were made: 1 unless a [`Retry`](super::Retry) made more, 0 if time ran out before the first.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server.as_deref().unwrap_or("the server");
        match self.kind {
            TransportErrorKind::Connect => write!(f, "no connection to {server}")?,
            TransportErrorKind::Tls => write!(f, "TLS with {server} failed")?,
            TransportErrorKind::Refused if self.status.is_some() => f.write_str("the response body can't be read")?,
            TransportErrorKind::Refused => f.write_str("the transport refused the request")?,
            TransportErrorKind::Interrupted => {
                write!(f, "connection to {server} lost, or the response was not valid HTTP")?;
            }
            TransportErrorKind::RequestBody => {
                write!(f, "the request to {server} was abandoned because its body can't be read")?;
            }
            TransportErrorKind::ContentEncoding => {
                write!(f, "the response body from {server} doesn't match its `content-encoding`")?;
            }
            TransportErrorKind::Timeout { limit, after } => {
                let (what, setting) = match limit {
                    TimeLimit::Connect => ("no connection to", "connect_timeout"),
                    TimeLimit::Attempt => ("no complete response from", "attempt_timeout"),
                    TimeLimit::Deadline => ("no outcome from", "deadline"),
                    TimeLimit::Idle => ("no byte of the body from", "idle_timeout"),
                    TimeLimit::Stream => ("no end of the body from", "stream_timeout"),
                };
                write!(f, "{what} {server} within {after:?} (`{setting}`)")?;
            }
            TransportErrorKind::TooLarge { limit } => {
                write!(f, "the response body from {server} has more than {limit} bytes")?;
                // Otherwise, the reason names the limit.
                if self.reason.is_none() {
                    f.write_str(" (`max_body_bytes`)")?;
                }
            }
        }
        if let Some(reason) = &self.reason {
            write!(f, ": {reason}")?;
        }
        match (self.status, self.arrival) {
            (Some(status), _) => write!(f, "; the status was {status}")?,
            (None, Arrival::Possible) => f.write_str("; the request may have arrived")?,
            #[cfg(feature = "__network")]
            (None, Arrival::Unprocessed) => f.write_str("; the server did not process the request")?,
            (None, Arrival::Unsent) => f.write_str("; nothing was sent")?,
        }
        if self.attempts > 1 {
            write!(f, "; {} attempts", self.attempts)?;
        }
        if self.is_spent {
            f.write_str("; not retried, since the request's body is a stream that can be read only once")?;
        }
        if f.alternate() { write_causes(f, self) } else { Ok(()) }
    }
}

/// `{:#}` of `Display`, so that `unwrap` and logs say why. The headers are left out, since the server may send a credential back.
impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransportError({self:#})")
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
