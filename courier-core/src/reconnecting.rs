//! Opens a stream of server-sent events again when it ends.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder as _, ExponentialBackoff};
use futures_core::Stream;
use http::StatusCode;
use tokio::time::{Sleep, sleep};

use crate::call::Call;
use crate::error::{Error, Result};
use crate::outcome::{Event, Events, FromEvent};
use crate::transport::{BACKOFF, TransportError, TransportErrorKind, retry_after, runtime};

/// Server-sent events over as many connections as it takes: whenever one ends, it makes the call again, and the server
/// continues after the last event.
///
/// ```
/// use courier_core::{Events, Reconnecting, Result, Text, Transport, endpoint};
///
/// trait Feed: Transport {
///     #[endpoint(GET, "/feed", ok = 200)]
///     async fn feed(&self) -> Result<Events<Text>>;
/// }
/// impl<T: Transport> Feed for T {}
///
/// async fn follow(api: &impl Feed) -> Result<()> {
///     let mut events = Reconnecting::new(|| api.feed());
///     while let Some(event) = events.next().await {
///         println!("{}", event?.data.0);
///     }
///     Ok(())
/// }
/// ```
///
/// - Each call after the first sends the last event's id as `last-event-id`, if there is one. If a header can't have this value,
///   it ends with [`Error::Invalid`].
/// - It waits before each call but the first: as long as the server's `retry:` or `retry-after` says, up to an hour, and at
///   least as long as [`Retry`](crate::transport::Retry) waits, from half a second, doubling to 8 seconds. An event resets
///   the doubling.
/// - It ends with `None` at the event of [`until`](Self::until), and at a 204, with which a server ends it
///   ([HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html#server-sent-events-intro)).
/// - It ends with the error if the call fails in a way that another attempt doesn't change: with an undeclared status other
///   than 408, 425, 429, 500, 502, 503 and 504, or with an event that is too large or has the wrong content type.
/// - It ends with the last error, if there is one, after ten connections in a row over which nothing arrived, not even a
///   comment: [`max_failures`](Self::max_failures).
/// - An event that can't be read is an error, and the stream continues.
///
/// The endpoint must be one that may be repeated: `GET`, `HEAD`, `OPTIONS` or declared `idempotent`. For any other, it ends
/// with [`TransportErrorKind::Refused`], and nothing is sent.
///
/// Dropping it closes the connection, and nothing more is sent. It needs a tokio runtime for its waits.
#[must_use = "it is read by `next` or as a `Stream`"]
pub struct Reconnecting<'a, T, F> {
    open: F,
    state: State<'a, T>,
    last_id: Option<Arc<str>>,
    /// What the server's `retry:` said last.
    retry: Option<Duration>,
    backoff: ExponentialBackoff,
    /// How many connections in a row had no byte of a stream.
    failures: u32,
    max_failures: u32,
    max_event_bytes: Option<usize>,
    until: Option<String>,
}

#[expect(clippy::large_enum_variant, reason = "boxing the call would add an allocation to each connection")]
enum State<'a, T> {
    Closed,
    Opening(Call<'a, Result<Events<T>>>),
    Open(Events<T>),
    Waiting(Pin<Box<Sleep>>),
    Ended,
}

/// The longest time that a server can ask to wait.
const MAX_WAIT: Duration = Duration::from_secs(60 * 60);
const MAX_FAILURES: u32 = 10;

impl<'a, T, F> Reconnecting<'a, T, F>
where
    T: FromEvent,
    F: FnMut() -> Call<'a, Result<Events<T>>>,
{
    /// Calls `open` for each connection. It can configure the call, for example with [`Call::idle_timeout`].
    pub fn new(open: F) -> Self {
        Self {
            open,
            state: State::Closed,
            last_id: None,
            retry: None,
            backoff: BACKOFF.build(),
            failures: 0,
            max_failures: MAX_FAILURES,
            max_event_bytes: None,
            until: None,
        }
    }

    /// Begins after the event with this id, from [`last_event_id`](Self::last_event_id) of an earlier run.
    pub fn after(mut self, last_event_id: impl AsRef<str>) -> Self {
        self.last_id = Some(last_event_id.as_ref().into()).filter(|id: &Arc<str>| !id.is_empty());
        self
    }

    /// Sets how many connections in a row may fail, or end before anything arrived. Default: 10. After the last one, the
    /// stream ends with its error.
    pub fn max_failures(mut self, failures: u32) -> Self {
        self.max_failures = failures;
        self
    }

    /// Sets the maximum size of an event: see [`Events::max_event_bytes`].
    pub fn max_event_bytes(mut self, limit: usize) -> Self {
        self.max_event_bytes = Some(limit);
        self
    }

    /// Ends the stream at an event with exactly this data: see [`Events::until`].
    pub fn until(mut self, data: impl Into<String>) -> Self {
        self.until = Some(data.into());
        self
    }

    /// Returns the id of the last event that had one.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        match &self.state {
            State::Open(events) => events.last_event_id(),
            _ => self.last_id.as_deref(),
        }
    }

    /// Returns the next event; `None` at the end. Nothing is lost if the future is dropped.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Decode`] if the event can't be read, or the error that ended the stream.
    pub async fn next(&mut self) -> Option<Result<Event<T>>> {
        std::future::poll_fn(|context| self.poll_event(context)).await
    }

    /// Polls the next event, like [`Stream::poll_next`], for a stream that is made of this one.
    pub fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event<T>>>> {
        loop {
            let failure = match &mut self.state {
                State::Closed => match self.call() {
                    Ok(call) => {
                        self.state = State::Opening(call);
                        continue;
                    }
                    Err(refused) => {
                        self.state = State::Ended;
                        return Poll::Ready(Some(Err(refused)));
                    }
                },
                State::Opening(call) => match ready!(Pin::new(call).poll(context)) {
                    Ok(events) => {
                        self.state = State::Open(self.configure(events));
                        continue;
                    }
                    Err(error) => Some(error),
                },
                State::Open(events) => match ready!(events.poll_event(context)) {
                    Some(Err(error)) if events.has_ended() => Some(error),
                    Some(event) => {
                        self.backoff = BACKOFF.build();
                        return Poll::Ready(Some(event));
                    }
                    None => None,
                },
                State::Waiting(wait) => {
                    ready!(wait.as_mut().poll(context));
                    self.state = State::Closed;
                    continue;
                }
                State::Ended => return Poll::Ready(None),
            };
            match self.wait_after(failure) {
                Ok(wait) => self.state = State::Waiting(wait),
                Err(end) => return Poll::Ready(end.map(Err)),
            }
        }
    }

    fn configure(&self, mut events: Events<T>) -> Events<T> {
        events = events.after(self.last_id.clone());
        if let Some(limit) = self.max_event_bytes {
            events = events.max_event_bytes(limit);
        }
        match &self.until {
            Some(data) => events.until(data),
            None => events,
        }
    }

    /// Makes the call. A call that may not be repeated is refused at once, and not only when the first connection ends.
    fn call(&mut self) -> Result<Call<'a, Result<Events<T>>>> {
        let call = (self.open)();
        if let Some(endpoint) = call.endpoint().filter(|endpoint| !endpoint.may_be_retried()) {
            let rule = "it may not be repeated; use `Events` alone, or declare the endpoint `idempotent`";
            let error = TransportError::not_sent(TransportErrorKind::Refused).with_reason(rule).with_attempts(0);
            return Err(Error::from_transport(endpoint, error));
        }
        Ok(match &self.last_id {
            Some(id) => call.header("last-event-id", id),
            None => call,
        })
    }

    /// Returns the wait after a connection that ended, or a call that failed with this error.
    ///
    /// # Errors
    ///
    /// Returns how the stream ends if no call follows.
    fn wait_after(&mut self, failure: Option<Error>) -> std::result::Result<Pin<Box<Sleep>>, Option<Error>> {
        self.failures = self.failures.saturating_add(1);
        if let State::Open(events) = std::mem::replace(&mut self.state, State::Ended) {
            if events.has_begun() {
                self.failures = 0;
            }
            self.last_id = events.last_id();
            self.retry = events.retry().or(self.retry);
            if events.is_done() {
                return Err(None);
            }
        }
        let asked_for = match &failure {
            Some(error) if error.status() == Some(StatusCode::NO_CONTENT) => return Err(None),
            Some(error) if !is_transient(error) || self.failures >= self.max_failures => return Err(failure),
            None if self.failures >= self.max_failures => return Err(None),
            Some(error) => error.headers().and_then(|headers| retry_after(headers, SystemTime::now())),
            None => None,
        };
        let asked_for = asked_for.max(self.retry).unwrap_or_default().min(MAX_WAIT);
        let wait = self.backoff.next().unwrap_or_default().max(asked_for);
        match (runtime::check(), failure) {
            (Ok(()), _) => Ok(Box::pin(sleep(wait))),
            (Err(_), failure) => Err(failure),
        }
    }
}

/// Whether another call may have another result.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Transport { source, .. } => source.is_transient(),
        Error::Timeout { .. } => true,
        Error::Status { response, .. } => matches!(response.status().as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504),
        Error::Invalid { .. } | Error::TooLarge { .. } | Error::Decode { .. } => false,
    }
}

impl<'a, T, F> Stream for Reconnecting<'a, T, F>
where
    T: FromEvent,
    F: FnMut() -> Call<'a, Result<Events<T>>> + Unpin,
{
    type Item = Result<Event<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(context)
    }
}

impl<T, F> fmt::Debug for Reconnecting<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Closed => "closed",
            State::Opening(_) => "opening",
            State::Open(_) => "open",
            State::Waiting(_) => "waiting",
            State::Ended => "ended",
        };
        f.debug_struct("Reconnecting").field("state", &state).field("failures", &self.failures).finish_non_exhaustive()
    }
}
