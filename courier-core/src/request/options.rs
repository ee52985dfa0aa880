use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderMap, Request, StatusCode};

use crate::endpoint::Endpoint;

/// What a transport needs to know about the call that a request belongs to. It travels in the request's extensions.
///
/// That is what the caller asked for this call, instead of a transport's own settings, and the declaration
/// ([`Endpoint::of`]). An option that is `None` was not set.
///
/// A transport around a transport passes the extensions on with the request: see the
/// [contract](crate::Transport#extensions).
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    endpoint: Option<&'static Endpoint>,
    pub(crate) deadline: Option<Expiry>,
    pub(crate) max_body_bytes: Option<u64>,
    pub(crate) max_attempts: Option<u32>,
    is_attempt: bool,
    /// Set by whoever ends the call at its deadline.
    pub(crate) progress: Option<Progress>,
}

impl CallOptions {
    /// The options that came with a request.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// The options in a request, to change them.
    pub(crate) fn of_mut<B>(request: &mut Request<B>) -> &mut Self {
        request.extensions_mut().get_or_insert_default()
    }

    pub(crate) fn new(endpoint: &'static Endpoint) -> Self {
        Self { endpoint: Some(endpoint), ..Self::default() }
    }

    /// When the call ends, whatever its state. You need not end it yourself: use it to skip a wait that would be too long.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline?.at.map(tokio::time::Instant::into_std)
    }

    /// The time until the deadline; `None` if there is none, or it never comes.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.deadline?.at.map(|at| at.saturating_duration_since(tokio::time::Instant::now()))
    }

    /// The limit of the response's body, in bytes after decompression.
    #[must_use]
    pub fn max_body_bytes(&self) -> Option<u64> {
        self.max_body_bytes
    }

    /// The number of attempts that a transport which retries may make. Within a [`Retry`](crate::transport::Retry) it is 1.
    #[must_use]
    pub fn max_attempts(&self) -> Option<u32> {
        self.max_attempts
    }

    /// Says to the transport below that a transport which retries and counts is above it.
    pub(crate) fn begin_attempts(&mut self) {
        (self.max_attempts, self.is_attempt) = (Some(1), true);
    }

    /// Whether the request is an attempt of one that retries already.
    pub(crate) fn is_attempt(&self) -> bool {
        self.is_attempt
    }
}

impl Endpoint {
    /// The endpoint that a request was built from; `None` if it was built without one.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Option<&'static Self> {
        request.extensions().get::<CallOptions>()?.endpoint
    }
}

/// When a call ends, with the duration that it was made from, which the error names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expiry {
    /// `None` for a duration that the clock can't count: it never comes.
    pub(crate) at: Option<tokio::time::Instant>,
    pub(crate) after: Duration,
}

impl Expiry {
    /// `after` from now.
    pub(crate) fn new(after: Duration) -> Self {
        Self { at: tokio::time::Instant::now().checked_add(after), after }
    }
}

/// How far a request has come: for whoever ends the call before there is a response.
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
    /// The attempts that have begun; zero if nobody counts them.
    pub(crate) attempts: u32,
    /// Whether one of those that have ended may have arrived.
    pub(crate) may_have_arrived: bool,
    /// Whether nothing is on its way: one attempt has ended, and the next has not begun.
    pub(crate) is_between: bool,
    /// The status of a response that has begun.
    pub(crate) status: Option<StatusCode>,
}

impl Progress {
    /// The one that came with the request, or one that nobody else looks at.
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        request.extensions().get::<CallOptions>().and_then(|options| options.progress.clone()).unwrap_or_default()
    }

    pub(crate) fn state(&self) -> State {
        *self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Keeps the headers of a response while its body is read, for an error that comes meanwhile. What was kept is given back.
    pub(crate) fn swap_headers(&self, headers: HeaderMap) -> HeaderMap {
        std::mem::replace(&mut *self.0.headers.lock().unwrap_or_else(PoisonError::into_inner), headers)
    }
}
