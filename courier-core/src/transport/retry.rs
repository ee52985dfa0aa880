//! A transport that wraps another one and retries after transient failures.

mod after;
mod budget;
mod table;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use http::request::Parts;
use tokio::time::sleep;

pub(crate) use self::after::retry_after;
use self::budget::Budget;
use self::table::{Again, Asked, Cost};
use super::whole::Wanted;
use super::{BoxFuture, Response, Transport, TransportError, TransportErrorKind, runtime};
use crate::body::Body;
use crate::request::{CallOptions, Expiry, Progress, Request};

/// Retries requests after transient failures, if that can do no harm.
///
/// [`Courier`](crate::Courier) has one built in. For your own API, wrap the transport:
///
/// ```
/// use courier_core::ReqwestTransport;
/// use courier_core::transport::Retry;
///
/// let github = Retry::new(ReqwestTransport::builder("https://api.github.com").build()?);
/// # Ok::<(), courier_core::ConfigError>(())
/// ```
///
/// A call makes at most three attempts. To change that, use [`Retry::max_attempts`] for all calls or
/// [`Call::max_attempts`](crate::Call::max_attempts) for one.
///
/// # What is retried
///
/// The first row that applies counts.
///
/// | result of an attempt | retried for |
/// |---|---|
/// | TLS refused (a certificate of the server or of this client, say), refused by the transport, larger than the limit, past the deadline, or the request's own body failed | never |
/// | no connection, because a proxy doesn't accept the user and password | never |
/// | any, if the body is a stream that can be read only once and was read from | never |
/// | a status that the endpoint declares as an outcome, even if its body was lost | never |
/// | nothing was sent: no connection, connection refused, or not in time ([`TransportError::may_have_arrived`] is false) | every method |
/// | 429: the request was one too many, and wasn't processed | every method |
/// | 408, 425, 500, 502, 503 or 504 | `GET`, `HEAD`, `OPTIONS`, and endpoints declared `idempotent` |
/// | sent, but no response: it timed out, or the connection was lost | `GET`, `HEAD`, `OPTIONS`, and endpoints declared `idempotent` |
/// | any other status | never |
///
/// A 503 doesn't prove that nothing was done. Proxies also send one, with `retry-after`, when the server behind them
/// has acted but its response was lost. If your API's 503 is proof, say so with
/// [`retry_unavailable_for_every_method`](Self::retry_unavailable_for_every_method).
///
/// The head of a response decides: a 503 with a truncated body is a 503. A request without an `#[endpoint]` is judged
/// by its method alone.
///
/// A retried request may have taken effect in an earlier attempt whose response was lost.
/// [`TransportError::may_have_arrived`] is true if that is possible for any attempt. The last response may then
/// describe a state that an earlier attempt caused.
///
/// # How long it waits
///
/// - Between half a second and a second before the second attempt, then twice as long each time, up to 8 seconds. The
///   waits are random within these limits, so that clients that failed together don't retry together.
/// - At least as long as `Retry-After` says ([RFC 9110, 10.2.3]), in seconds or as a date. A fraction of a second is
///   rounded up. If the header is missing or invalid, `retry-after-ms` is used, in milliseconds. If that is invalid
///   too, or if the body was truncated, neither counts.
/// - Never past the call's deadline. If a wait doesn't fit, the call ends at once with the current result (the 429,
///   say). Without a deadline, a wait is at most a minute, so three attempts of 20 seconds with two waits end within
///   three minutes.
///
/// There is no wait after an HTTP/2 connection ended that had worked for other calls, unless the server said that there was an error
/// (`GOAWAY`): servers close one after some number of requests, or when they restart. The retry opens a new connection. This holds
/// for two retries of a call; a third one waits, like any other. (Over an [own client](crate::ReqwestTransport::from_client), there is
/// always a wait, because nothing is known about its connections.)
///
/// Dropping the call ends the wait, and nothing more is sent. Waiting needs the timer of a tokio runtime. On a thread
/// without a runtime, the call fails with [`TransportErrorKind::Refused`].
///
/// # The budget
///
/// Retries must not triple the load on a service that is down. All clones share 100 tokens. A retry takes one, and
/// returns it if it succeeds; a call that succeeds without one returns a tenth. A retry takes none if no connection was opened,
/// because the service was not asked for anything, and none if there is no wait (see above). Any response that the table never retries
/// is a success. When no token is left, calls end with the current result, so 1,000 failing calls make at most 1,100
/// requests. A call that is dropped while it waits doesn't return its token.
///
/// # More patience
///
/// Three attempts outlast a fault of one and a half to three seconds. If a deploy takes half a minute in which connections are refused,
/// allow more attempts, and let the deadline end the call:
///
/// ```
/// use std::time::Duration;
/// use courier_core::Courier;
///
/// let courier = Courier::builder().api_key("key").max_attempts(20).deadline(Duration::from_secs(60)).build()?;
/// # Ok::<(), courier_core::ConfigError>(())
/// ```
///
/// # What the caller sees
///
/// [`Error::attempts`](crate::Error::attempts) and [`WithResponse`](crate::WithResponse) have the number of attempts.
/// Each retry is a record of the `log` crate at level debug with target `courier_core::retry`. It has the method,
/// template, attempt, reason and wait, but no values from the request.
///
/// If several `Retry` are nested, only the outermost one retries.
///
/// [RFC 9110, 10.2.3]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
#[derive(Clone, Debug)]
pub struct Retry<T> {
    transport: T,
    policy: Policy,
    budget: Arc<Budget>,
}

/// The settings of a `Retry`, also used by types that contain one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) max_attempts: u32,
    /// Whether a 503 proves that nothing was done.
    pub(crate) trusts_unavailable: bool,
}

impl Policy {
    /// One retry for a fault that is over by then, and one for a fault that takes longer.
    const MAX_ATTEMPTS: u32 = 3;
}

impl Default for Policy {
    fn default() -> Self {
        Self { max_attempts: Self::MAX_ATTEMPTS, trusts_unavailable: false }
    }
}

/// Jitter adds up to the same again: half a second to a second at first, 8 seconds at most.
pub(crate) const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_jitter()
    .with_min_delay(Duration::from_millis(500))
    .with_max_delay(Duration::from_secs(4))
    .without_max_times();
/// The retries of a call that cost nothing. A server that ends each connection after its first response would get all of a patient
/// call's attempts at once otherwise.
const MAX_FREE: u8 = 2;
/// The longest wait of a call without a deadline.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// The target of log records.
const LOG: &str = "courier_core::retry";

impl<T: Transport> Retry<T> {
    /// Wraps a transport, with at most three attempts and its own budget.
    #[must_use]
    pub fn new(transport: T) -> Self {
        Self::with_policy(transport, Policy::default())
    }

    pub(crate) fn with_policy(transport: T, policy: Policy) -> Self {
        Self { transport, policy, budget: Arc::new(Budget::full()) }
    }

    /// Sets the maximum number of attempts per call. Default: 3. With 1 or 0, nothing is retried.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.policy.max_attempts = attempts;
        self
    }

    /// Retries a 503 for every method, like a 429, including endpoints that aren't declared `idempotent`.
    ///
    /// Use this only if a 503 of your API, and of its proxies, always means that the request wasn't processed.
    /// Otherwise a request can take effect twice: gateways and caches such as Varnish also send a 503 when the server
    /// behind them has acted but its response was lost. A declared 503 stays an outcome.
    #[must_use]
    pub fn retry_unavailable_for_every_method(mut self) -> Self {
        self.policy.trusts_unavailable = true;
        self
    }

    /// Makes the attempts. It borrows the request: an async function keeps two copies of an argument.
    async fn send_repeatedly(&self, head: &mut Parts, body: &mut Body) -> Result<Response, TransportError> {
        let options = CallOptions::of_extensions_mut(&mut head.extensions);
        let max_attempts = options.max_attempts().unwrap_or(self.policy.max_attempts);
        let mut call = Retrying {
            asked: Asked::new(options.endpoint, head.method.clone(), self.policy.trusts_unavailable),
            progress: options.progress.clone().unwrap_or_default(),
            deadline: options.deadline,
            max_attempts,
            budget: &self.budget,
            has_token: false,
            free: 0,
        };
        let wanted = Wanted::of(options);
        options.begin_attempts();
        let mut backoff = BACKOFF.build();
        for attempt in 1..max_attempts {
            call.progress.begin();
            let next = body.for_attempt().expect("a retry follows only if the body isn't spent");
            let mut result = self.transport.__attempt(head, next).await;
            if let Some(response) = wanted.left_in(&mut result) {
                result = wanted.read_during(response, &call.progress).await;
            }
            let Some(wait) = call.wait_after(attempt, &result, body, &mut backoff) else {
                let result = if body.is_spent() { call.noted(result) } else { result };
                return call.progress.conclude(result);
            };
            call.progress.end(&result);
            drop(result);
            if wait.is_zero() {
                continue;
            }
            if let Err(error) = runtime::check() {
                return call.progress.conclude(Err(error));
            }
            sleep(wait).await;
        }
        // The last attempt sends the original request, and no wait follows.
        call.progress.begin();
        let head = std::mem::replace(head, http::Request::new(()).into_parts().0);
        let mut result = self.transport.send(Request::from_parts(head, std::mem::take(body))).await;
        if let Some(response) = wanted.left_in(&mut result) {
            result = wanted.read_during(response, &call.progress).await;
        }
        call.give_back(call.asked.again(&result), &result);
        call.progress.conclude(result)
    }
}

impl<T: Transport> Transport for Retry<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.transport)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        if CallOptions::get(&request).is_attempt() {
            return self.transport.send(request);
        }
        let (mut head, mut body) = request.into_parts();
        Box::pin(async move { self.send_repeatedly(&mut head, &mut body).await })
    }
}

/// A call that is making its attempts.
struct Retrying<'t> {
    asked: Asked,
    progress: Progress,
    deadline: Option<Expiry>,
    max_attempts: u32,
    budget: &'t Budget,
    /// Whether the attempt took a token.
    has_token: bool,
    /// The number of retries that cost nothing.
    free: u8,
}

impl Retrying<'_> {
    /// How long to wait after this attempt, counted from 1; `None` if there won't be another.
    fn wait_after(
        &mut self,
        attempt: u32,
        result: &Result<Response, TransportError>,
        body: &Body,
        backoff: &mut ExponentialBackoff,
    ) -> Option<Duration> {
        let again = self.asked.again(result);
        self.give_back(again, result);
        if !self.asked.allows(again) {
            return None;
        }
        if body.is_spent() {
            self.log(attempt, result, format_args!("no retry: the body is a stream that can be read only once"));
            return None;
        }
        let cost = match Cost::of(result) {
            Cost::Nothing if self.free == MAX_FREE => Cost::Token,
            cost => cost,
        };
        let asked_for = result.as_ref().ok().and_then(|response| retry_after(response.headers(), SystemTime::now()));
        let wait = if cost == Cost::Nothing { Duration::ZERO } else { wait(backoff.next()?, asked_for) };
        if !fits(wait, self.deadline.and_then(Expiry::remaining)) {
            self.log(attempt, result, format_args!("no retry: no time left for a wait of {wait:?}"));
            return None;
        }
        self.free += u8::from(cost == Cost::Nothing);
        self.has_token = cost == Cost::Token;
        if self.has_token && !self.budget.take() {
            self.log(attempt, result, format_args!("no retry: the retry budget is empty"));
            return None;
        }
        self.log(attempt, result, format_args!("retry in {wait:?}"));
        Some(wait)
    }

    /// Adds to an error that would have been retried why it wasn't.
    fn noted(&self, result: Result<Response, TransportError>) -> Result<Response, TransportError> {
        if self.asked.allows(self.asked.again(&result)) {
            result.map_err(TransportError::with_spent_body)
        } else {
            result
        }
    }

    /// Returns tokens to the budget if the response isn't a failure of the service.
    fn give_back(&self, again: Again, result: &Result<Response, TransportError>) {
        if again == Again::Never && result.is_ok() {
            self.budget.give_back(self.has_token);
        }
    }

    fn log(&self, attempt: u32, result: &Result<Response, TransportError>, then: fmt::Arguments<'_>) {
        let Self { asked, max_attempts, .. } = self;
        log::debug!(target: LOG, "{asked}: attempt {attempt} of {max_attempts}: {}; {then}", Reason(result));
    }
}

/// At least as long as the server asks for.
fn wait(backoff: Duration, asked_for: Option<Duration>) -> Duration {
    asked_for.map_or(backoff, |asked_for| backoff.max(asked_for))
}

/// Whether there is time for an attempt after this wait.
fn fits(wait: Duration, remaining: Option<Duration>) -> bool {
    remaining.map_or(wait <= MAX_WAIT, |remaining| wait < remaining)
}

/// The result of an attempt, for a log. It contains nothing from the request or the server.
struct Reason<'r>(&'r Result<Response, TransportError>);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match self.0 {
            Ok(response) => return write!(f, "status {}", response.status().as_u16()),
            Err(error) => error,
        };
        match (error.status(), error.kind()) {
            (Some(status), _) => write!(f, "status {} with a truncated body", status.as_u16()),
            (None, TransportErrorKind::Connect) => f.write_str("no connection"),
            (None, TransportErrorKind::Tls) => f.write_str("no TLS"),
            (None, TransportErrorKind::Timeout { after, .. }) => write!(f, "no response within {after:?}"),
            (None, _) => f.write_str("connection lost"),
        }
    }
}

#[cfg(test)]
mod tests;
