//! `Retry-After`: the wait that a response asks for. Depends on nothing else in the crate.

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName};

/// The wait in milliseconds, which some APIs send instead of `Retry-After` or next to it.
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// The wait that `Retry-After` asks for ([RFC 9110, 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)), in
/// seconds or until a date; otherwise the one from `retry-after-ms`. If both are valid, `Retry-After` counts.
///
/// `None` without a valid value: there must be exactly one, without a sign, not in the past, and at most 32 bits large.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    standard(headers, now).or_else(|| only(headers, &RETRY_AFTER_MS).and_then(number).map(Duration::from_millis))
}

fn standard(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = only(headers, &RETRY_AFTER)?;
    if let Some(seconds) = number(value) {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    // Measured by the server's clock if the response has a date: the local clock may be wrong.
    let now = only(headers, &DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    until.duration_since(now).ok()
}

/// A decimal number, rounded up: a server that asks for 2.5 seconds isn't ready after two. The standard library's
/// parsers would accept a sign, an exponent and `inf`.
fn number(value: &str) -> Option<u64> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let is_more = fraction.bytes().any(|digit| digit != b'0');
    whole.checked_add(is_more.into()).map(u64::from)
}

/// The header's value if there is exactly one, and it is text.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    value.to_str().ok().map(str::trim_ascii)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the RFC's own example.
    const NOW: u64 = 784_111_777;

    fn read(headers: &[(HeaderName, &[u8])]) -> Option<Duration> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_bytes(value).expect("a header's value"));
        }
        retry_after(&map, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
    }

    fn after(value: &str) -> Option<u64> {
        read(&[(RETRY_AFTER, value.as_bytes())]).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_are_digits_and_nothing_else() {
        assert_eq!(["0", "7", "007", " 120\t", "4294967295"].map(after), [0, 7, 7, 120, 4_294_967_295].map(Some));
    }

    #[test]
    fn a_fraction_of_a_second_is_rounded_up() {
        let waits = ["2.5", "2.000", "0.001", "0.0", "1.9999999999999999999999", "4294967294.1"].map(after);
        assert_eq!(waits, [3, 2, 1, 0, 2, 4_294_967_295].map(Some));
    }

    #[test]
    fn milliseconds_count_if_they_alone_can_be_read() {
        let wait = |standard: &[u8], ms: &[u8]| read(&[(RETRY_AFTER, standard), (RETRY_AFTER_MS, ms)]);
        for standard in [&b"soon"[..], b"-1", b"", b"Sun, 06 Nov 1994 08:49:36 GMT"] {
            assert_eq!(wait(standard, b"350"), Some(Duration::from_millis(350)));
        }
        assert_eq!(read(&[(RETRY_AFTER_MS, b"350.2")]), Some(Duration::from_millis(351)));
        assert_eq!(wait(b"2", b"350"), Some(Duration::from_secs(2)), "`Retry-After` counts");
        assert_eq!(wait(b"2", b"soon"), Some(Duration::from_secs(2)));
        for nonsense in [&b"soon"[..], b"-350", b"1e3", b"", b"Sun, 06 Nov 1994 08:49:47 GMT", b"4294967296"] {
            assert_eq!(read(&[(RETRY_AFTER_MS, nonsense)]), None, "{nonsense:?}");
        }
        assert_eq!(read(&[(RETRY_AFTER_MS, b"1"), (RETRY_AFTER_MS, b"1")]), None, "two values");
    }

    #[test]
    fn a_date_is_the_time_until_then_in_all_three_formats() {
        let dates = ["Sun, 06 Nov 1994 08:49:47 GMT", "Sunday, 06-Nov-94 08:49:47 GMT", "Sun Nov  6 08:49:47 1994"];
        assert_eq!(dates.map(after), [Some(10); 3]);
        assert_eq!(after("Fri, 31 Dec 9999 23:59:59 GMT"), Some(253_402_300_799 - NOW));
    }

    #[test]
    fn a_date_is_measured_by_the_servers_clock_if_the_response_has_one() {
        let until = &b"Sun, 06 Nov 1994 08:49:47 GMT"[..];
        let wait = |date: &[u8]| read(&[(RETRY_AFTER, until), (DATE, date)]).map(|wait| wait.as_secs());
        assert_eq!(wait(b"Sun, 06 Nov 1994 08:49:40 GMT"), Some(7));
        assert_eq!(wait(b"Sun, 06 Nov 1994 08:49:48 GMT"), None, "in the past for the server");
        assert_eq!(wait(b"yesterday"), Some(10), "not a date");
    }

    #[test]
    fn nonsense_asks_for_no_wait() {
        for nonsense in [
            "",
            " ",
            "-1",
            "+1",
            "1e3",
            "1.",
            ".5",
            "1.5.5",
            "1.-5",
            "1,5",
            "-1.5",
            "4294967295.5",
            "inf",
            "0x10",
            "1 2",
            "1, 2",
            "4294967296",
            "99999999999999999999999999",
            "soon",
            "\t\t",
            "Sun, 06 Nov 1994 08:49:36 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Mon, 06 Nov 1994 08:49:47 GMT",
            "Sun, 31 Feb 2094 08:49:47 GMT",
            "Sun, 06 Nov 1994 08:49:47",
            "Sun, 06 Nov 1994 08:49:47 CET",
            "Fri, 31 Dec 10000 23:59:59 GMT",
        ] {
            assert_eq!(after(nonsense), None, "{nonsense:?}");
        }
        for bytes in [&b"\xff"[..], "\u{661}".as_bytes(), b"7\xa0"] {
            assert_eq!(read(&[(RETRY_AFTER, bytes)]), None, "{bytes:?}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[(RETRY_AFTER, b"7"), (RETRY_AFTER, b"7")]), None, "two values");
    }
}
