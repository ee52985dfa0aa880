//! Any `Retry-After` header gives a wait that a clock can count, or none, whatever the time is. Nothing panics.
#![no_main]

// The module isn't public, and uses nothing else from its crate.
#[path = "../../courier-core/src/transport/retry/after.rs"]
mod after;

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

// The input: a line with the time in seconds since 1970, a line with a `Date`, and one line per `Retry-After`.
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
    assert_eq!(headers.get_all(RETRY_AFTER).iter().count(), 1, "several values must be ignored");
    // The wait must be one that a clock can represent. HTTP dates range from the year 1970 to 9999.
    assert!(wait.as_secs() < 8030 * 366 * 86_400, "{wait:?}");
    assert!(now.checked_add(wait).is_some());
});
