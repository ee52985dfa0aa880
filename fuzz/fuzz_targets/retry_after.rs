//! `Retry-After` is a server's text: any bytes give a wait or none, at any time of the clock, and never a panic.
#![no_main]

// It is no part of the public API, and needs nothing of the crate.
#[path = "../../courier-core/src/transport/retry/after.rs"]
mod after;

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

// A line with the clock in seconds since 1970, one with a `Date`, and one for each `Retry-After`.
fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let seconds = str::from_utf8(line()).ok().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
    let mut headers = HeaderMap::new();
    if let Ok(date) = HeaderValue::from_bytes(line()) {
        headers.insert(DATE, date);
    }
    for value in lines {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(RETRY_AFTER, value);
        }
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into());
    let Some(wait) = after::retry_after(&headers, now) else { return };
    assert_eq!(headers.get_all(RETRY_AFTER).iter().count(), 1, "several values are nonsense");
    // What a timer is given must be a time that the clock can count: HTTP dates are of the years 1970 to 9999.
    assert!(wait.as_secs() < 8030 * 366 * 86_400, "{wait:?}");
    assert!(now.checked_add(wait).is_some());
});
