use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::{Extensions, HeaderMap, Request, StatusCode};

use crate::endpoint::Endpoint;

/// What a transport needs to know about the call of a request. It is in the request's extensions.
///
/// It holds the options of this call, which replace the transport's own settings, and the declaration ([`Endpoint::of`]). An
/// option that wasn't set is `None`.
///
/// A transport that wraps another one must pass the extensions on with the request: see the
/// [contract](crate::Transport#extensions).
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    pub(crate) endpoint: Option<&'static Endpoint>,
    pub(crate) deadline: Option<Expiry>,
    pub(crate) max_attempts: Option<u32>,
    /// In a box, since most calls set none.
    limits: Option<Box<CallLimits>>,
    /// The outcomes that read a stream: see [`Streaming`].
    pub(crate) streaming: Streaming,
    is_attempt: bool,
    /// Set by the code that ends the call at its deadline.
    pub(crate) progress: Option<Progress>,
}

impl CallOptions {
    /// Returns the options of a request.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Self {
        Self::get(request).clone()
    }

    /// Returns the options of a request, to look at them.
    pub(crate) fn get<B>(request: &Request<B>) -> &Self {
        Self::of_extensions(request.extensions())
    }

    /// The same for the extensions of a request.
    pub(crate) fn of_extensions(extensions: &Extensions) -> &Self {
        static NONE: CallOptions = CallOptions {
            endpoint: None,
            deadline: None,
            max_attempts: None,
            limits: None,
            streaming: Streaming(0),
            is_attempt: false,
            progress: None,
        };
        extensions.get().unwrap_or(&NONE)
    }

    /// Returns the options of a call, to change them. They are added to its request when the first one is set, or when it is sent:
    /// an extension is three allocations.
    pub(crate) fn of_call<'r, B>(
        request: &'r mut Request<B>,
        endpoint: &'static Endpoint,
        streaming: Streaming,
    ) -> &'r mut Self {
        request.extensions_mut().get_or_insert_with(|| Self { endpoint: Some(endpoint), streaming, ..Self::default() })
    }

    /// Returns the options of a request, to change them.
    pub(crate) fn of_mut<B>(request: &mut Request<B>) -> &mut Self {
        Self::of_extensions_mut(request.extensions_mut())
    }

    /// The same for the extensions of a request.
    pub(crate) fn of_extensions_mut(extensions: &mut Extensions) -> &mut Self {
        extensions.get_or_insert_default()
    }

    /// Returns the limits that the call sets, to change them.
    pub(crate) fn limits_mut(&mut self) -> &mut CallLimits {
        self.limits.get_or_insert_default()
    }

    /// Returns the limits that the call sets for a body that is read as a stream.
    pub(crate) fn stream_limits(&self) -> StreamLimits {
        self.limits.as_ref().map(|limits| limits.stream).unwrap_or_default()
    }

    /// Returns when the call ends. A transport needn't end it itself, but can use this to skip a wait that is too long.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline?.at.map(tokio::time::Instant::into_std)
    }

    /// Returns the maximum size of the response's body, in bytes after decompression.
    #[must_use]
    pub fn max_body_bytes(&self) -> Option<u64> {
        self.limits.as_ref()?.max_body_bytes
    }

    /// Returns the longest time of an attempt.
    #[must_use]
    pub fn attempt_timeout(&self) -> Option<Duration> {
        self.limits.as_ref()?.attempt_timeout
    }

    /// Returns the longest time without a byte of a streamed body.
    #[must_use]
    pub fn idle_timeout(&self) -> Option<Duration> {
        self.stream_limits().idle
    }

    /// Returns the longest time for a streamed body, from the response's head to its last byte.
    #[must_use]
    pub fn stream_timeout(&self) -> Option<Duration> {
        self.stream_limits().total
    }

    /// Returns whether a response with this status is declared as an outcome that reads a stream.
    ///
    /// A transport then returns the response after its head, with the body as a stream. It reads the body of any other
    /// response whole, up to its limit, before it returns, as a part of the attempt. If it doesn't, the call does.
    #[must_use]
    pub fn streams(&self, status: StatusCode) -> bool {
        self.streaming.outcome_of(self.endpoint, status).is_some()
    }

    /// Returns the maximum number of attempts for a transport that retries. Inside [`Retry`](crate::transport::Retry), it
    /// is 1.
    #[must_use]
    pub fn max_attempts(&self) -> Option<u32> {
        self.max_attempts
    }

    /// Marks the request as an attempt, so that the wrapped transport neither retries nor counts.
    pub(crate) fn begin_attempts(&mut self) {
        (self.max_attempts, self.is_attempt) = (Some(1), true);
    }

    /// Returns whether an outer transport already retries the request.
    pub(crate) fn is_attempt(&self) -> bool {
        self.is_attempt
    }
}

/// The limits that a call sets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CallLimits {
    pub(crate) max_body_bytes: Option<u64>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) stream: StreamLimits,
}

/// The time limits of a body that is read as a stream. `None` if they weren't set.
///
/// A transport puts its own into the response's extensions: the call, which knows the others, enforces them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StreamLimits {
    /// The longest time without a byte.
    pub(crate) idle: Option<Duration>,
    /// The longest time from the response's head to the last byte.
    pub(crate) total: Option<Duration>,
}

impl StreamLimits {
    /// Fills what wasn't set.
    pub(crate) fn or(self, other: Self) -> Self {
        Self { idle: self.idle.or(other.idle), total: self.total.or(other.total) }
    }
}

/// Which outcomes of a declaration read a stream, by their positions. Those from the 64th on share a bit: if one of them reads
/// a stream, transports stream them all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Streaming(pub(crate) u64);

impl Streaming {
    pub(crate) fn add(&mut self, outcome: usize) {
        self.0 |= Self::bit(outcome);
    }

    /// The outcome that declares this status and reads a stream.
    pub(crate) fn outcome_of(self, endpoint: Option<&'static Endpoint>, status: StatusCode) -> Option<usize> {
        if !self.is_any() {
            return None;
        }
        let (outcome, _) = endpoint?.outcomes().of(status)?;
        (self.0 & Self::bit(outcome) != 0).then_some(outcome)
    }

    pub(crate) fn is_any(self) -> bool {
        self.0 != 0
    }

    fn bit(outcome: usize) -> u64 {
        1 << outcome.min(63)
    }
}

impl Endpoint {
    /// Returns the endpoint of a request; `None` if it was built without one.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Option<&'static Self> {
        CallOptions::get(request).endpoint
    }
}

/// When a call ends, and the original duration, for the error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expiry {
    /// `None` if the time is too far away for the clock, so that the call never ends at it.
    pub(crate) at: Option<tokio::time::Instant>,
    pub(crate) after: Duration,
}

impl Expiry {
    /// Creates the deadline `after` from now.
    pub(crate) fn new(after: Duration) -> Self {
        Self { at: tokio::time::Instant::now().checked_add(after), after }
    }

    /// Returns the time until the deadline; `None` if it is too far away for the clock.
    pub(crate) fn remaining(self) -> Option<Duration> {
        self.at.map(|at| at.saturating_duration_since(tokio::time::Instant::now()))
    }
}

/// The progress of a request, for the error if the call ends before its response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// The headers of a response whose body is being read.
    headers: Mutex<HeaderMap>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    /// The number of attempts that began; zero if they aren't counted.
    pub(crate) attempts: u32,
    /// Whether any attempt that ended may have arrived.
    pub(crate) may_have_arrived: bool,
    /// Whether nothing of an attempt can have arrived: none is in progress, or it has no connection yet.
    pub(crate) is_unsent: bool,
    /// The status of the response that is being read.
    pub(crate) status: Option<StatusCode>,
}

impl Progress {
    pub(crate) fn state(&self) -> State {
        *self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Stores the headers of a response while its body is read, for an error in the meantime. Returns the previous ones.
    pub(crate) fn swap_headers(&self, headers: HeaderMap) -> HeaderMap {
        std::mem::replace(&mut *self.0.headers.lock().unwrap_or_else(PoisonError::into_inner), headers)
    }
}
