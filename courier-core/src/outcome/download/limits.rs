//! The limits of a body that is read as it arrives: silence, time and size.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::body::{Body, BoxError};
use crate::request::{CallOptions, StreamLimits};
use crate::transport::{TimeLimit, TransportError, TransportErrorKind, runtime};

/// How long a stream may be silent, how long it may take, and how many bytes it may have.
///
/// It keeps the runtime in which the response arrived, so that its timer works wherever the body is polled. If that runtime may not
/// run meanwhile, the timer belongs to the runtime in which the body is polled, and once a thread has blocked for the body, to the
/// runtime of blocking calls.
pub(crate) struct Limits {
    bytes: Option<u64>,
    read: u64,
    idle: Duration,
    total: Option<(Duration, Instant)>,
    runtime: Option<Handle>,
    /// When the wait for a byte began.
    waits_since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
    /// The task that the timer wakes.
    waker: Waker,
    has_blocked: bool,
}

/// Servers of events send a comment every 15 seconds or so, to keep proxies from closing the connection.
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// If a timer fires this late, nobody polled it in time: the consumer was doing something else.
const LATE: Duration = Duration::from_secs(1);

impl Limits {
    /// Starts with a response's head. The call's own limits take precedence over the transport's.
    pub(crate) fn new(call: &CallOptions, transport: StreamLimits) -> Self {
        let StreamLimits { idle, total } = call.stream_limits().or(transport);
        let ends = |total| Some((total, Instant::now().checked_add(total)?));
        Self {
            bytes: call.max_body_bytes(),
            read: 0,
            idle: idle.unwrap_or(DEFAULT_IDLE_TIMEOUT),
            total: total.and_then(ends),
            runtime: Handle::try_current().ok(),
            waits_since: None,
            timer: None,
            waker: Waker::noop().clone(),
            has_blocked: runtime::of_blocked_thread().is_some(),
        }
    }

    /// The runtime in which the response arrived, or that of blocking calls.
    pub(crate) fn runtime(&self) -> Option<Handle> {
        self.runtime.clone()
    }

    /// Checks the length of the body, if it is known.
    ///
    /// # Errors
    ///
    /// Returns [`TransportErrorKind::TooLarge`] if the body is larger than the limit.
    pub(crate) fn check(&self, body: &Body) -> Result<(), TransportError> {
        match (self.bytes, body.length()) {
            (Some(limit), Some(length)) if length > limit => Err(too_large(limit)),
            _ => Ok(()),
        }
    }

    /// Polls the next chunk of the body, within the limits.
    #[inline]
    pub(crate) fn poll_chunk(
        &mut self,
        body: &mut Body,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BoxError>>> {
        // The clock is read only if a limit depends on it: a chunk that has arrived is read in less time than that takes.
        let begun = (self.total.is_some() || self.waits_since.is_some()).then(Instant::now);
        if let (Some((total, ends)), Some(begun)) = (self.total, begun) {
            if begun >= ends {
                return Poll::Ready(Some(Err(timeout(TimeLimit::Stream, total).into())));
            }
        }
        let Poll::Ready(chunk) = body.poll_chunk(context) else {
            return self.poll_time(begun, context).map(|error| Some(Err(error.into())));
        };
        self.waits_since = None;
        if let Some(Ok(chunk)) = &chunk {
            self.read += chunk.len() as u64;
            if let Some(limit) = self.bytes.filter(|limit| self.read > *limit) {
                return Poll::Ready(Some(Err(too_large(limit).into())));
            }
        }
        Poll::Ready(chunk)
    }

    /// Moves the timer into a runtime that runs while the body is waited for.
    fn move_timer(&mut self, context: &mut Context<'_>) {
        if self.has_blocked {
            return;
        }
        if let Some(runtime) = runtime::of_blocked_thread() {
            (self.runtime, self.timer, self.has_blocked) = (Some(runtime), None, true);
            return;
        }
        // A runtime of one thread runs only while somebody blocks on it. Another task may belong to another runtime.
        let may_stop = |runtime: &Handle| runtime.runtime_flavor() == RuntimeFlavor::CurrentThread;
        if self.runtime.as_ref().is_some_and(may_stop) && !self.waker.will_wake(context.waker()) {
            self.waker.clone_from(context.waker());
            if let Ok(here) = Handle::try_current() {
                (self.runtime, self.timer) = (Some(here), None);
            }
        }
    }

    /// Returns which time limit was reached. If it is pending, the task is woken when one is.
    ///
    /// `begun` is the time when this poll began, if a byte was waited for before. The poll itself may take long, and that isn't a
    /// pause of the consumer.
    fn poll_time(&mut self, begun: Option<Instant>, context: &mut Context<'_>) -> Poll<TransportError> {
        self.move_timer(context);
        // Nothing waits for a network without a runtime, so no limit is needed.
        let Some(runtime) = &self.runtime else { return Poll::Pending };
        let now = Instant::now();
        let since = *self.waits_since.get_or_insert(now);
        let mut idle_ends = since.checked_add(self.idle);
        if let Some(ends) = idle_ends {
            if begun.is_some_and(|begun| begun >= ends + LATE) {
                self.waits_since = Some(now);
                idle_ends = now.checked_add(self.idle);
            } else if now >= ends {
                return Poll::Ready(timeout(TimeLimit::Idle, self.idle));
            }
        }
        let total_ends = self.total.map(|(_, ends)| ends);
        let Some(at) = [idle_ends, total_ends].into_iter().flatten().min() else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| {
            let _entered = runtime.enter();
            Box::pin(sleep_until(at))
        });
        if timer.deadline() != at {
            timer.as_mut().reset(at);
        }
        ready!(timer.as_mut().poll(context));
        Poll::Ready(match self.total {
            Some((total, ends)) if ends <= at => timeout(TimeLimit::Stream, total),
            _ => timeout(TimeLimit::Idle, self.idle),
        })
    }
}

fn timeout(limit: TimeLimit, after: Duration) -> TransportError {
    TransportError::sent(TransportErrorKind::Timeout { limit, after })
}

fn too_large(limit: u64) -> TransportError {
    TransportError::sent(TransportErrorKind::TooLarge { limit })
}
