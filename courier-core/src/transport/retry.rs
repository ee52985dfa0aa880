//! The transport around a transport that retries after transient failures.

mod after;
mod budget;
mod table;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use tokio::time::sleep;

use self::after::retry_after;
use self::budget::Budget;
use self::table::{Again, Asked};
use super::{BoxFuture, Response, Transport, TransportError, runtime};
use crate::request::{CallOptions, Progress, Request};

/// Sends a request again after a transient failure, where that can do no harm.
///
/// [`Courier`](crate::Courier) has one inside. For any other API, put it around the transport:
///
/// ```
/// use courier_core::ReqwestTransport;
/// use courier_core::transport::Retry;
///
/// let github = Retry::new(ReqwestTransport::builder("https://api.github.com").build()?);
/// # Ok::<(), courier_core::ConfigError>(())
/// ```
///
/// A call makes at most three attempts; another number for all calls is [`Retry::max_attempts`], for one
/// [`Call::max_attempts`](crate::Call::max_attempts).
///
/// # What is retried
///
/// | what happened to an attempt | retried |
/// |---|---|
/// | a status that the endpoint declares as an outcome, whichever it is, whether or not its body came | never |
/// | nothing was sent: no connection, refused, failed or not in time ([`TransportError::may_have_arrived`] is false) | every method |
/// | a response 429: the request was one too many, and was not processed | every method |
/// | a response 408, 425, 500, 502, 503 or 504 | `GET`, `HEAD`, `OPTIONS`, and endpoints that are declared `idempotent` |
/// | sent, and then no response: not in time, or the connection was lost | `GET`, `HEAD`, `OPTIONS`, and endpoints that are declared `idempotent` |
/// | any other status | never |
/// | refused by the transport, larger than the limit, or the deadline has come | never |
///
/// A 503 doesn't prove that nothing was done: a proxy also sends it, with `retry-after`, when the server behind it has acted and the
/// response was lost. If yours means it, say so with
/// [`retry_unavailable_for_every_method`](Self::retry_unavailable_for_every_method).
///
/// A response counts from its head on: a 503 whose body is cut short is a 503. A request that was not made by an `#[endpoint]`
/// goes by its method alone.
///
/// A request that was retried may have taken effect in an attempt whose response was lost:
/// [`TransportError::may_have_arrived`] is true if that is possible of any attempt, and the response to the last attempt may describe
/// a state that an earlier one made.
///
/// # How long it waits
///
/// - Half a second to a second before the second attempt, and twice that before each further one, up to 8 seconds. Where between
///   these is left to chance, so that clients which failed together do not come back together.
/// - At least as long as `Retry-After` says ([RFC 9110, 10.2.3]), in seconds or as a date; a fraction of a second is rounded up.
///   If it is absent or nonsense, `retry-after-ms` counts, in milliseconds. Nonsense there too is as if both were absent, and so is
///   what a response says whose body is cut short.
/// - Never past the call's deadline: a wait that does not fit into what is left of it is not begun, and the call ends at once with
///   what happened (the 429, say). Without a deadline no wait is longer than a minute: three attempts of 20
///   seconds, with two such waits, end within three minutes.
///
/// Dropping the call ends the wait, and nothing is sent any more. A wait needs the timer of a
/// tokio runtime: on a thread without a runtime the call fails with [`TransportErrorKind::Refused`](super::TransportErrorKind::Refused) instead.
///
/// # The budget
///
/// A service that is down is not asked three times as often for it. All clones share 100 tokens: a retry takes one, and gives it
/// back if it succeeds; a call that succeeds at once gives back a tenth. Success is every response that the table never retries.
/// Where none is left calls end with what happened, so that 1,000 failing calls make at most 1,100 requests. A call that is dropped
/// while it waits has taken its token.
///
/// # What a caller sees
///
/// The number of attempts is in [`Error::attempts`](crate::Error::attempts) and [`WithResponse`](crate::WithResponse). Each
/// retry is a record of the `log` crate: level debug, target `courier_core::retry`, with method, template, attempt, reason and
/// wait, and with no value of the request.
///
/// Where several `Retry` are nested, only the outermost one retries.
///
/// [RFC 9110, 10.2.3]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
#[derive(Clone, Debug)]
pub struct Retry<T> {
    transport: T,
    policy: Policy,
    budget: Arc<Budget>,
}

/// The settings, for this and for what has one inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) max_attempts: u32,
    /// Whether a 503 is taken as proof that nothing was done.
    pub(crate) trusts_unavailable: bool,
}

impl Policy {
    /// Once more for a fault that was over by then, and once for one that took longer.
    const MAX_ATTEMPTS: u32 = 3;
}

impl Default for Policy {
    fn default() -> Self {
        Self { max_attempts: Self::MAX_ATTEMPTS, trusts_unavailable: false }
    }
}

/// The jitter adds up to as much again: half a second to a second at first, 8 seconds at most.
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_jitter()
    .with_min_delay(Duration::from_millis(500))
    .with_max_delay(Duration::from_secs(4))
    .without_max_times();
/// The longest wait of a call without a deadline.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// The target of the log.
const LOG: &str = "courier_core::retry";

impl<T: Transport> Retry<T> {
    /// Around this transport, with at most three attempts and a budget of its own.
    #[must_use]
    pub fn new(transport: T) -> Self {
        Self::with_policy(transport, Policy::default())
    }

    pub(crate) fn with_policy(transport: T, policy: Policy) -> Self {
        Self { transport, policy, budget: Arc::new(Budget::full()) }
    }

    /// The number of attempts that a call makes at most. Default: 3. With 1, like 0, nothing is retried.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.policy.max_attempts = attempts;
        self
    }

    /// Retries after a 503 whatever the method is, as after a 429, also endpoints that are not declared `idempotent`.
    ///
    /// For an API whose 503 always means that the request was not processed, and whose proxies say so too. Otherwise a request can
    /// take effect twice: gateways and caches such as Varnish also send a 503 when the server behind them has acted and its
    /// response was lost. A declared 503 stays an outcome.
    #[must_use]
    pub fn retry_unavailable_for_every_method(mut self) -> Self {
        self.policy.trusts_unavailable = true;
        self
    }

    async fn send_repeatedly(&self, mut request: Request, options: CallOptions) -> Result<Response, TransportError> {
        let max_attempts = options.max_attempts().unwrap_or(self.policy.max_attempts);
        let call = Retrying {
            asked: Asked::of(&request, self.policy.trusts_unavailable),
            progress: Progress::of(&request),
            options,
            max_attempts,
            budget: &self.budget,
        };
        CallOptions::of_mut(&mut request).begin_attempts();
        let mut backoff = BACKOFF.build();
        for attempt in 1..max_attempts {
            call.progress.begin();
            let result = self.transport.send(request.clone()).await;
            let Some(wait) = call.wait_after(attempt, &result, &mut backoff) else {
                return call.progress.conclude(result);
            };
            call.progress.end(&result);
            drop(result);
            if let Err(error) = runtime::check() {
                return call.progress.conclude(Err(error));
            }
            sleep(wait).await;
        }
        // The last attempt: the request itself, and nothing to wait for.
        call.progress.begin();
        let result = self.transport.send(request).await;
        call.give_back(max_attempts, call.asked.again(&result), &result);
        call.progress.conclude(result)
    }
}

impl<T: Transport> Transport for Retry<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.transport)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let options = CallOptions::of(&request);
        if options.is_attempt() {
            return self.transport.send(request);
        }
        Box::pin(self.send_repeatedly(request, options))
    }
}

/// A call on its way through its attempts.
struct Retrying<'t> {
    asked: Asked,
    progress: Progress,
    options: CallOptions,
    max_attempts: u32,
    budget: &'t Budget,
}

impl Retrying<'_> {
    /// How long to wait after this attempt, counted from 1, for the next one; `None` where there is to be none.
    fn wait_after(
        &self,
        attempt: u32,
        result: &Result<Response, TransportError>,
        backoff: &mut ExponentialBackoff,
    ) -> Option<Duration> {
        let again = self.asked.again(result);
        self.give_back(attempt, again, result);
        if !self.asked.allows(again) {
            return None;
        }
        let asked_for = result.as_ref().ok().and_then(|response| retry_after(response.headers(), SystemTime::now()));
        let wait = wait(backoff.next()?, asked_for);
        if !fits(wait, self.options.remaining()) {
            self.log(attempt, result, format_args!("not again: no time for a wait of {wait:?}"));
            return None;
        }
        if !self.budget.take() {
            self.log(attempt, result, format_args!("not again: the budget of retries is empty"));
            return None;
        }
        self.log(attempt, result, format_args!("again in {wait:?}"));
        Some(wait)
    }

    /// A response that is not a failure of the service earns tokens.
    fn give_back(&self, attempt: u32, again: Again, result: &Result<Response, TransportError>) {
        if again == Again::Never && result.is_ok() {
            self.budget.give_back(attempt);
        }
    }

    fn log(&self, attempt: u32, result: &Result<Response, TransportError>, then: fmt::Arguments<'_>) {
        let Self { asked, max_attempts, .. } = self;
        log::debug!(target: LOG, "{asked}: attempt {attempt} of {max_attempts}: {}; {then}", Reason(result));
    }
}

/// At least as long as the server asks for, and never zero.
fn wait(backoff: Duration, asked_for: Option<Duration>) -> Duration {
    asked_for.map_or(backoff, |asked_for| backoff.max(asked_for))
}

/// Whether an attempt can be made after this wait.
fn fits(wait: Duration, remaining: Option<Duration>) -> bool {
    remaining.map_or(wait <= MAX_WAIT, |remaining| wait < remaining)
}

/// What happened to an attempt, for a log: a status, or the error with its causes. No value of the request is in it.
struct Reason<'r>(&'r Result<Response, TransportError>);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ok(response) => write!(f, "status {}", response.status().as_u16()),
            Err(error) => write!(f, "{error:#}"),
        }
    }
}

#[cfg(test)]
mod tests;
