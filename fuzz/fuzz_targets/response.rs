//! Any response becomes a declared outcome, or an error with the response's status and a short, escaped text. Nothing
//! panics, and an undeclared status is never an outcome.
#![no_main]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use courier_core::messages::{MessageFilter, Messages as _};
use courier_core::{Call, Error, MemoryTransport, Raw, Result, Text, Transport, WholeResponse, WithResponse, endpoint};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;

#[derive(Deserialize)]
#[allow(dead_code)]
struct Loan {
    due: Option<i64>,
    holders: Vec<String>,
    of: Option<Box<Loan>>,
}

#[allow(dead_code)]
enum Lending {
    Lent(Loan),
    Pending(Text),
    NotFound,
    Conflict(WithResponse<Raw>),
}

trait Library: Transport {
    #[endpoint(POST, "/lend", lent = 200 | 201, pending = 202, not_found = 404, conflict = 409)]
    async fn lend(&self) -> Result<Lending>;

    #[endpoint(GET, "/find", some = 2xx, none = 404)]
    async fn find(&self) -> Result<Option<Loan>>;

    #[endpoint(DELETE, "/loan", ok = 204)]
    async fn delete(&self) -> Result<()>;
}

impl Library for MemoryTransport {}

// The input is written like a response, so that seeds are readable: the status, one line per header (`name: value`), an
// empty line and the body.
fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    let mut line = || {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        line
    };
    let Ok(status) = StatusCode::from_bytes(line()) else { return };
    let mut headers = HeaderMap::new();
    while let header @ [_, ..] = line() {
        let mut parts = header.splitn(2, |byte| *byte == b':');
        let (name, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default().trim_ascii());
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    let mut response = WholeResponse::new(rest.to_vec().into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let playing = || MemoryTransport::new().play(Ok(response.clone().map(Into::into)));

    check(status, &[200, 409], playing().cancel("1"));
    check(status, &[200, 404], playing().get("1"));
    check(status, &[200], playing().list(None, &MessageFilter::default()));
    check(status, &[200, 404], playing().content("1"));
    check(status, &[200, 404], playing().history("1", None));
    check(status, &[200, 201, 202, 404, 409], playing().lend());
    check(status, &(200..300).chain([404]).collect::<Vec<_>>(), playing().find());
    check(status, &[204], playing().delete());
});

fn check<R>(status: StatusCode, declared: &[u16], call: Call<'_, Result<R>>) {
    // A call in memory completes at once.
    let Poll::Ready(result) = pin!(call).poll(&mut Context::from_waker(Waker::noop())) else { panic!("it is pending") };
    let is_declared = declared.contains(&status.as_u16());
    let error = match result {
        Ok(_) => return assert!(is_declared, "{status} isn't a declared outcome"),
        Err(error) => error,
    };
    assert_eq!(error.status(), Some(status), "{error}");
    assert_eq!(matches!(error, Error::Decode { .. }), is_declared, "{error}");
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
    // The text quotes only excerpts of the response.
    assert!(text.len() < 4096, "{} bytes: {text}", text.len());
    drop(format!("{error:?}"));
}
