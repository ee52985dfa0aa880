use std::time::{Duration, Instant};

use super::Request;

/// What the caller asked for this call, instead of a transport's own settings. It travels in the request's extensions.
///
/// Your own transport reads it with [`CallOptions::of`]. An option that is `None` was not set.
#[derive(Clone, Copy, Debug, Default)]
pub struct CallOptions {
    pub(crate) deadline: Option<Deadline>,
    pub(crate) max_body_bytes: Option<u64>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) is_attempt: bool,
}

impl CallOptions {
    /// The options that came with a request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.extensions().get::<Self>().copied().unwrap_or_default()
    }

    /// When the call ends, whatever its state. The call ends itself; a transport can use it to skip a wait that would be too
    /// long.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline.and_then(Deadline::instant)
    }

    /// The deadline that the caller set, even one that never comes; otherwise that of a client.
    pub(crate) fn deadline_or(&self, after: Duration) -> Deadline {
        self.deadline.unwrap_or_else(|| Deadline::new(after))
    }

    /// The time until the deadline; `None` if there is none, or it never comes.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.deadline.and_then(Deadline::remaining)
    }

    /// The same with the deadline of a client.
    pub(crate) fn with_deadline(self, deadline: Deadline) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The same for a transport within one that retries and counts.
    pub(crate) fn of_an_attempt(self) -> Self {
        Self { max_attempts: Some(1), is_attempt: true, ..self }
    }

    /// Whether the request is an attempt of one that retries already.
    pub(crate) fn is_attempt(&self) -> bool {
        self.is_attempt
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
}

/// A deadline with the duration it was made from, which the error names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// `None` for a duration that the clock can't count: it never comes.
    pub(crate) at: Option<tokio::time::Instant>,
    pub(crate) after: Duration,
}

impl Deadline {
    /// `after` from now.
    pub(crate) fn new(after: Duration) -> Self {
        Self { at: tokio::time::Instant::now().checked_add(after), after }
    }

    fn instant(self) -> Option<Instant> {
        self.at.map(tokio::time::Instant::into_std)
    }

    fn remaining(self) -> Option<Duration> {
        self.at.map(|at| at.saturating_duration_since(tokio::time::Instant::now()))
    }
}
