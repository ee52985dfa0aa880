//! How long a server keeps an idle connection.
//!
//! A request on a connection that the server is just closing is lost, so the client must close it first. Some servers of HTTP/1.1 say
//! how long they wait, in `keep-alive: timeout=5`
//! ([draft-thomson-hybi-http-timeout](https://datatracker.ietf.org/doc/html/draft-thomson-hybi-http-timeout-03#section-2)). The others
//! show it when a connection is lost after a pause.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use tokio::time::Instant;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");

/// The time that a response and a request may spend on the network, at most a quarter of the timeout.
const MARGIN: Duration = Duration::from_secs(1);

/// How long to keep an idle connection if the server says in these headers how long it does.
pub(super) fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(KEEP_ALIVE)?.to_str().ok()?;
    let seconds = value.split(',').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("timeout").then(|| value.trim().trim_matches('"').parse().ok())?
    });
    let timeout = Duration::from_secs(seconds.filter(|&seconds| seconds > 0)?);
    Some(timeout.saturating_sub(MARGIN.min(timeout / 4)))
}

/// The calls of a client, and the last pause between them. Times are in milliseconds since the first call.
#[cfg(any(feature = "reqwest", feature = "http2"))]
#[derive(Debug)]
pub(super) struct Pauses {
    start: Instant,
    running: AtomicU64,
    /// When the last call ended.
    ended: AtomicU64,
    /// How long no call ran before the last one that followed a pause, and when that began.
    pause: AtomicU64,
    resumed: AtomicU64,
}

#[cfg(any(feature = "reqwest", feature = "http2"))]
impl Pauses {
    pub(super) fn new() -> Self {
        let zero = || AtomicU64::new(0);
        Self { start: Instant::now(), running: zero(), ended: zero(), pause: zero(), resumed: zero() }
    }

    fn now(&self) -> u64 {
        millis(self.start.elapsed())
    }

    /// How long ago the first call began.
    #[cfg(feature = "reqwest")]
    pub(super) fn age(&self) -> Duration {
        self.start.elapsed()
    }

    /// Notes that a call begins.
    pub(super) fn begin(&self) {
        if self.running.fetch_add(1, Ordering::Relaxed) == 0 {
            let now = self.now();
            self.pause.store(now.saturating_sub(self.ended.load(Ordering::Relaxed)), Ordering::Relaxed);
            self.resumed.store(now, Ordering::Relaxed);
        }
    }

    /// Notes that a call ends.
    pub(super) fn end(&self) {
        self.ended.store(self.now(), Ordering::Relaxed);
        self.running.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether no call is running.
    #[cfg(all(feature = "hyper", feature = "http2"))]
    pub(super) fn is_idle(&self) -> bool {
        self.running.load(Ordering::Relaxed) == 0
    }

    /// How long no call has been running.
    #[cfg(all(feature = "hyper", feature = "http2"))]
    pub(super) fn idle_for(&self) -> Duration {
        if self.running.load(Ordering::Relaxed) > 0 {
            return Duration::ZERO;
        }
        Duration::from_millis(self.now().saturating_sub(self.ended.load(Ordering::Relaxed)))
    }

    /// How long to keep an idle connection from now on, if one was lost just now and a pause is the likely reason.
    pub(super) fn timeout_after_loss(&self) -> Option<Duration> {
        let pause = self.pause.load(Ordering::Relaxed);
        let since = self.now().saturating_sub(self.resumed.load(Ordering::Relaxed));
        timeout_after_loss(Duration::from_millis(pause), Duration::from_millis(since))
    }
}

/// How long to keep an idle connection from now on, if one was lost this long after a request followed a pause, and the pause is the
/// likely reason.
pub(super) fn timeout_after_loss(pause: Duration, since: Duration) -> Option<Duration> {
    /// A pause that may have made the server close the connection. Shorter ones happen all the time.
    const SHORTEST: Duration = Duration::from_millis(500);
    /// How soon after a pause its connection is lost, if the pause is the reason.
    const SOON: Duration = Duration::from_secs(1);

    (pause >= SHORTEST && since < SOON).then(|| pause.saturating_sub(pause / 10))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The shortest time that was noted lately.
#[derive(Debug)]
pub(super) struct IdleTimeout {
    start: Instant,
    /// In milliseconds; zero if none was noted.
    shortest: AtomicU64,
    /// When it was noted for the last time, in milliseconds since the start.
    noted: AtomicU64,
}

impl IdleTimeout {
    /// How long a time counts. The connection may have been lost for another reason, or the server been given another time.
    const LIFETIME: u64 = 10 * 60 * 1000;

    pub(super) fn get(&self) -> Option<Duration> {
        let shortest = self.shortest.load(Ordering::Relaxed);
        (shortest > 0 && !self.is_outdated()).then(|| Duration::from_millis(shortest))
    }

    /// Notes a time.
    pub(super) fn shorten(&self, timeout: Duration) {
        let millis = millis(timeout);
        let is_outdated = self.is_outdated();
        let shorter = |shortest| (shortest == 0 || millis <= shortest || is_outdated).then_some(millis);
        if self.shortest.fetch_update(Ordering::Relaxed, Ordering::Relaxed, shorter).is_ok() {
            self.noted.store(self.now(), Ordering::Relaxed);
        }
    }

    fn is_outdated(&self) -> bool {
        self.now().saturating_sub(self.noted.load(Ordering::Relaxed)) >= Self::LIFETIME
    }

    fn now(&self) -> u64 {
        millis(self.start.elapsed())
    }
}

impl Default for IdleTimeout {
    fn default() -> Self {
        Self { start: Instant::now(), shortest: AtomicU64::new(0), noted: AtomicU64::new(0) }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use tokio::time::advance;

    use super::*;

    fn millis(value: &'static str) -> Option<u128> {
        let headers = HeaderMap::from_iter([(KEEP_ALIVE, HeaderValue::from_static(value))]);
        timeout(&headers).map(|timeout| timeout.as_millis())
    }

    #[test]
    fn the_client_closes_an_idle_connection_before_the_server_does() {
        for (value, expected) in [
            ("timeout=1", Some(750)),
            ("timeout=1, max=99", Some(750)),
            ("max=99, Timeout = \"5\"", Some(4000)),
            ("timeout=60", Some(59_000)),
            ("timeout=18446744073709551615", Some(18_446_744_073_709_551_614_000)),
            ("timeout=0", None),
            ("timeout=-1", None),
            ("timeout=1.5", None),
            ("timeout", None),
            ("max=5", None),
            ("", None),
        ] {
            assert_eq!(millis(value), expected, "{value}");
        }
        assert_eq!(timeout(&HeaderMap::new()), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_counts_until_it_was_not_noted_for_ten_minutes() {
        let shortest = IdleTimeout::default();
        let [second, minute] = [Duration::from_secs(1), Duration::from_secs(60)];
        shortest.shorten(second);
        advance(9 * minute).await;
        shortest.shorten(2 * second);
        shortest.shorten(second);
        advance(9 * minute).await;
        assert_eq!(shortest.get(), Some(second));
        shortest.shorten(2 * second);
        advance(minute).await;
        assert_eq!(shortest.get(), None);
        shortest.shorten(2 * second);
        assert_eq!(shortest.get(), Some(2 * second));
    }

    #[test]
    fn only_a_shorter_time_counts() {
        let shortest = IdleTimeout::default();
        assert_eq!(shortest.get(), None);
        let seconds = Duration::from_secs;
        for (time, expected) in [(5, 5), (6, 5), (4, 4), (5, 4)] {
            shortest.shorten(seconds(time));
            assert_eq!(shortest.get(), Some(seconds(expected)));
        }
    }
}
