//! What every transport adds to a request, and how it limits an attempt.

use std::time::Duration;

use http::{HeaderValue, header};

use super::*;
use crate::request::Request;
use crate::transport::{ReqwestTransport, Transport as _, TransportBuilder};

fn builder(base_url: &str) -> TransportBuilder<ReqwestTransport> {
    ReqwestTransport::builder(base_url)
}

#[tokio::test]
async fn a_timeout_does_not_report_the_status_of_an_earlier_attempt() {
    // It accepts connections, but never responds.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base_url = format!("http://{}", silent.local_addr().expect("its address"));
    let transport = builder(&base_url).attempt_timeout(Duration::from_millis(50)).build().expect("a transport");
    let mut request = Request::default();
    let progress = Progress::default();
    progress.set(http::StatusCode::SERVICE_UNAVAILABLE);
    CallOptions::of_mut(&mut request).progress = Some(progress);
    let error = transport.send(request).await.expect_err("no response");
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, .. }), "{error:?}");
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn every_attempt_has_the_headers_of_its_request_in_their_order() {
    let transport = builder("http://127.0.0.1:1").user_agent("test/1").build().expect("a transport");
    let mut request = Request::default();
    let mut secret = HeaderValue::from_static("s3cret");
    secret.set_sensitive(true);
    let values = [("x-b", HeaderValue::from_static("2")), ("x-a", secret), ("x-b", HeaderValue::from_static("1"))];
    for (name, value) in values {
        request.headers_mut().append(name, value);
    }
    let (head, _) = request.into_parts();
    let sent = |headers| {
        let prepared = transport.0.prepare(&head, headers, Body::default()).expect("a request");
        let request = prepared.request.expect("not sent yet");
        request
            .headers()
            .iter()
            .map(|(name, value)| (name.clone(), value.clone(), value.is_sensitive()))
            .collect::<Vec<_>>()
    };
    let (first, last) = (sent(transport.0.copied(&head.headers)), sent(head.headers.clone()));
    assert_eq!(first, last);
    let names: Vec<_> = first.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names[..4], ["x-b", "x-b", "x-a", "user-agent"]);
}

/// A map can have more values than names, and more than it can have room for at once.
#[tokio::test]
async fn a_request_can_have_any_number_of_values_for_a_header() {
    let transport = builder("http://127.0.0.1:1").build().expect("a transport");
    let mut request = Request::default();
    for _ in 0..30_000 {
        request.headers_mut().append("x-a", HeaderValue::from_static("1"));
    }
    assert_eq!(transport.0.copied(request.headers()), *request.headers());
}

#[tokio::test]
async fn a_credential_of_a_single_request_is_not_sent_unencrypted() {
    let transport = builder("http://example.com").build().expect("without a key");
    let mut value = HeaderValue::from_static("Bearer s3cret");
    value.set_sensitive(true);
    let mut request = Request::default();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    let error = transport.send(request).await.expect_err("refused");
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Refused, false));
}
