//! How long an HTTP/1.1 server keeps an idle connection, as it says in `keep-alive: timeout=5`
//! ([draft-thomson-hybi-http-timeout](https://datatracker.ietf.org/doc/html/draft-thomson-hybi-http-timeout-03#section-2)).
//!
//! A request on a connection that the server is just closing is lost, so the client must close it first.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderName};

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

/// The shortest time of all responses, in milliseconds; zero if there was none.
#[derive(Debug, Default)]
pub(super) struct IdleTimeout(AtomicU64);

impl IdleTimeout {
    pub(super) fn get(&self) -> Option<Duration> {
        let millis = self.0.load(Ordering::Relaxed);
        (millis > 0).then(|| Duration::from_millis(millis))
    }

    /// Notes a time; `false` if it isn't shorter than the shortest.
    pub(super) fn shorten(&self, timeout: Duration) -> bool {
        let millis = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let shorter = |shortest| (shortest == 0 || millis < shortest).then_some(millis);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, shorter).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

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

    #[test]
    fn only_a_shorter_time_counts() {
        let shortest = IdleTimeout::default();
        assert_eq!(shortest.get(), None);
        let seconds = Duration::from_secs;
        assert_eq!([5, 5, 6, 4, 5].map(|time| shortest.shorten(seconds(time))), [true, false, false, true, false]);
        assert_eq!(shortest.get(), Some(seconds(4)));
    }
}
