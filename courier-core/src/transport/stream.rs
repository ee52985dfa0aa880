//! The limits of a body that is read as a stream: of silence, of time and of size.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{TimeLimit, TransportError, TransportErrorKind};
use crate::body::{Body, BoxError};
use crate::request::CallOptions;

/// How long a stream may be silent, how long it may take, and how many bytes it may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) idle: Option<Duration>,
    pub(crate) total: Option<Duration>,
    pub(crate) bytes: Option<u64>,
}

impl Limits {
    /// What the call asks for.
    pub(crate) fn of(options: &CallOptions) -> Self {
        Self { idle: options.idle_timeout, total: options.stream_timeout, bytes: options.max_body_bytes }
    }

    /// The body within these limits.
    pub(crate) fn around(self, body: Body) -> Body {
        if self.idle.is_none() && self.total.is_none() {
            return self.sized(body);
        }
        self.sized(Body::new(Patient::new(body, self)))
    }

    /// The body within the limit of its size.
    pub(crate) fn sized(self, body: Body) -> Body {
        match self.bytes {
            Some(limit) => Body::new(AtMost { body, limit, read: 0 }),
            None => body,
        }
    }
}

/// A body that is not waited for without end.
///
/// It remembers the runtime in which the response came: its timers work in whatever context the body is polled.
pub(crate) struct Patient<B> {
    body: B,
    runtime: Option<Handle>,
    idle: Option<Duration>,
    total: Option<(Duration, Instant)>,
    /// Since when nothing has come although it is waited for.
    waits_since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// A wake-up that comes this much later than the timer's shows that nobody listened in between: the consumer did something else.
const LATE: Duration = Duration::from_secs(1);

impl<B> Patient<B> {
    pub(crate) fn new(body: B, limits: Limits) -> Self {
        let now = Instant::now();
        let total = limits.total.and_then(|total| Some((total, now.checked_add(total)?)));
        let runtime = Handle::try_current().ok();
        Self { body, runtime, idle: limits.idle, total, waits_since: None, timer: None }
    }

    /// Which limit has been reached while nothing came; `Pending` wakes the task when one is.
    fn poll_limits(&mut self, context: &mut Context<'_>) -> Poll<TransportError> {
        let now = Instant::now();
        let since = *self.waits_since.get_or_insert(now);
        let mut idle_ends = self.idle.and_then(|idle| since.checked_add(idle));
        if let (Some(idle), Some(ends)) = (self.idle, idle_ends) {
            if now >= ends + LATE {
                self.waits_since = Some(now);
                idle_ends = now.checked_add(idle);
            } else if now >= ends {
                return Poll::Ready(timeout(TimeLimit::Idle, idle));
            }
        }
        let Some(at) = [idle_ends, self.total.map(|(_, ends)| ends)].into_iter().flatten().min() else {
            return Poll::Pending;
        };
        match &mut self.timer {
            Some(timer) if timer.deadline() == at => {}
            Some(timer) => timer.as_mut().reset(at),
            None => {
                let _context = self.runtime.as_ref().map(Handle::enter);
                self.timer = Some(Box::pin(sleep_until(at)));
            }
        }
        let timer = self.timer.as_mut().expect("it was just made");
        ready!(timer.as_mut().poll(context));
        // It has just run out.
        Poll::Ready(match (self.total, self.idle) {
            (Some((total, ends)), _) if ends <= at => timeout(TimeLimit::Stream, total),
            (_, idle) => timeout(TimeLimit::Idle, idle.unwrap_or_default()),
        })
    }
}

fn timeout(limit: TimeLimit, after: Duration) -> TransportError {
    TransportError::sent(TransportErrorKind::Timeout { limit, after })
}

impl<B> http_body::Body for Patient<B>
where
    B: http_body::Body<Data = Bytes, Error = BoxError> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Some((total, ends)) = this.total {
            if Instant::now() >= ends {
                return Poll::Ready(Some(Err(timeout(TimeLimit::Stream, total).into())));
            }
        }
        match Pin::new(&mut this.body).poll_frame(context) {
            Poll::Ready(frame) => {
                // An empty frame says nothing.
                let is_empty = matches!(&frame, Some(Ok(frame)) if frame.data_ref().is_some_and(Bytes::is_empty));
                if !is_empty {
                    this.waits_since = None;
                }
                Poll::Ready(frame)
            }
            Poll::Pending => this.poll_limits(context).map(|error| Some(Err(error.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that ends with an error if it has more bytes than the limit.
struct AtMost {
    body: Body,
    limit: u64,
    read: u64,
}

impl http_body::Body for AtMost {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            self.read += frame.data_ref().map_or(0, Bytes::len) as u64;
            if self.read > self.limit {
                let kind = TransportErrorKind::TooLarge { limit: self.limit };
                return Poll::Ready(Some(Err(TransportError::sent(kind).into())));
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
