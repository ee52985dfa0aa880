//! HTTP/2: calls share a connection and each gets its own response; without one, the error says whether the request may have
//! arrived.

use std::io::Read as _;
use std::net::Shutdown;
use std::time::Duration;

use courier_core::messages::{Cancellation, Messages as _};
use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{Result, Text, Transport, endpoint};

use self::server::{Connection, END_HEADERS, END_STREAM, Listener, NONE, STATUS_200, frame, literal};
use super::transport_error;
use crate::flow::key_search;
use crate::flow::record::{ID, record};
use crate::flow::server::KEY;
use crate::under_test::{IS_OVER_HYPER, Network};

mod floods;
pub(in crate::flow::transport) mod one_connection;
mod replaced;
mod secrets;
pub(in crate::flow::transport) mod server;
mod upgraded;

/// Error codes (RFC 9113, section 7).
const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 0xb;
const HTTP_1_1_REQUIRED: u32 = 0xd;

/// A client with the key and without retries.
fn client(listener: &Listener) -> Network {
    Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge().build().expect("a client")
}

/// The error of a cancellation whose request the server reads whole before `server` continues. The returned connection, if any,
/// is dropped after the call.
async fn error_after<Kept>(server: impl AsyncFnOnce(Connection, u32) -> Kept) -> TransportError {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    let (result, _kept) = tokio::join!(transport.cancel(ID), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        server(connection, stream).await
    });
    transport_error(result)
}

/// RFC 9113, section 8.7, says that it had no effect, but within reqwest, hyper reports the same for a request that may have had one.
#[tokio::test]
async fn a_request_above_the_last_stream_of_a_goaway_may_have_arrived_over_reqwest() {
    for (code, name) in [(NO_ERROR, "NO_ERROR"), (ENHANCE_YOUR_CALM, "ENHANCE_YOUR_CALM")] {
        let error = error_after(async |mut connection, _| {
            connection.go_away(0, code, b"").await;
            connection
        });
        let error = error.await;
        assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{error}");
        let is_known = IS_OVER_HYPER && code == NO_ERROR;
        assert_eq!(error.may_have_arrived(), !is_known, "{error}");
        let text = error.to_string();
        assert!(text.contains(&format!("the server ended the connection by GOAWAY {name}: ")), "{text}");
        assert_eq!(text.ends_with("; the server did not process the request"), is_known, "{text}");
    }
}

/// RFC 9113, section 8.7.
#[tokio::test]
async fn a_refused_stream_did_not_arrive() {
    let error = error_after(async |mut connection, stream| {
        connection.reset(stream, REFUSED_STREAM).await;
        connection
    });
    let error = error.await;
    assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{error}");
    assert!(!error.may_have_arrived(), "{error}");
    let text = error.to_string();
    assert!(text.contains("the server ended the stream by RST_STREAM REFUSED_STREAM: "), "{text}");
    assert!(text.ends_with("; the server did not process the request"), "{text}");
}

#[tokio::test]
async fn a_stream_reset_for_another_reason_may_have_arrived() {
    for code in [NO_ERROR, INTERNAL_ERROR, CANCEL, ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED, 0xdead] {
        let error = error_after(async |mut connection, stream| {
            connection.reset(stream, code).await;
            connection
        });
        let error = error.await;
        assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{error}");
        assert!(error.may_have_arrived(), "{error}");
        assert!(error.to_string().ends_with("; the request may have arrived"), "{error}");
    }
}

#[tokio::test]
async fn a_stream_reset_during_the_response_keeps_the_status() {
    for code in [INTERNAL_ERROR, REFUSED_STREAM, CANCEL] {
        let error = error_after(async |mut connection, stream| {
            connection.send(frame::HEADERS, END_HEADERS, stream, STATUS_200).await.expect("a client");
            connection.send(frame::DATA, NONE, stream, b"{").await.expect("a client");
            connection.reset(stream, code).await;
            connection
        });
        let error = error.await;
        assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error}");
        assert!(error.may_have_arrived());
        assert_eq!(error.status().expect("the message is cancelled"), 200);
    }
}

#[tokio::test]
async fn a_request_that_a_goaway_includes_may_have_arrived() {
    for code in [NO_ERROR, INTERNAL_ERROR, ENHANCE_YOUR_CALM] {
        for last in [1, u32::MAX >> 1] {
            let error = error_after(async |mut connection, stream| {
                assert_eq!(stream, 1);
                connection.go_away(last, code, b"").await;
            });
            let error = error.await;
            assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{code}: {error}");
            assert!(error.may_have_arrived(), "{code}: {error}");
        }
    }
}

#[tokio::test]
async fn a_request_on_a_lost_connection_may_have_arrived() {
    let error = error_after(async |connection, _| drop(connection)).await;
    assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{error}");
    assert!(error.may_have_arrived());
}

/// The server closes each connection immediately, but still sees what arrives on it. Which happens first is up to chance;
/// the error must be right each time.
#[test]
fn a_request_reported_as_not_arrived_never_arrives() {
    key_search::begin();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    let (sender, arrivals) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            stream.shutdown(Shutdown::Write).expect("an end");
            let mut received = Vec::new();
            stream.read_to_end(&mut received).ok();
            if sender.send(has_headers(&received)).is_err() {
                return;
            }
        }
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let mut spared = 0;
    runtime.expect("a runtime").block_on(async {
        for _ in 0..100 {
            let builder = Network::builder(&url).bearer_token(KEY).http2_prior_knowledge();
            let error = transport_error(builder.build().expect("a client").cancel(ID).await);
            let arrived = arrivals.recv_timeout(Duration::from_secs(10)).expect("an end of the connection");
            assert!(error.may_have_arrived() || !arrived, "{error}");
            spared += usize::from(!error.may_have_arrived());
        }
    });
    assert!(spared > 0, "no request was ever reported as not arrived");
}

/// Whether the client sent a HEADERS frame after its preface.
fn has_headers(received: &[u8]) -> bool {
    let mut frames = received.get(24..).unwrap_or_default();
    while let [a, b, c, kind, ..] = *frames {
        if kind == frame::HEADERS {
            return true;
        }
        frames = frames.get(9 + u32::from_be_bytes([0, a, b, c]) as usize..).unwrap_or_default();
    }
    false
}

/// Asserts that the next call opens a new connection.
async fn assert_uses_a_new_connection(listener: &Listener, transport: &Network) {
    let (result, _open) = tokio::join!(transport.cancel(ID), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        connection.respond(stream, &record("CANCELED")).await;
        connection
    });
    let _cancelled = result.expect("a cancellation");
}

/// RFC 9113, section 6.8: streams that have begun may finish. The next call opens a new connection.
#[tokio::test]
async fn a_response_after_a_goaway_is_read() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    let (result, _open) = tokio::join!(transport.cancel(ID), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        connection.go_away(stream, NO_ERROR, b"").await;
        connection.respond(stream, &record("CANCELED")).await;
        connection
    });
    let _cancelled = result.expect("a cancellation");
    assert_uses_a_new_connection(&listener, &transport).await;
}

/// A `GOAWAY` can contain text. h2 logs it, so this is not the key of the other tests.
#[tokio::test]
async fn the_key_in_a_goaway_is_hidden() {
    let secret = "s3cret-of-this-test";
    let listener = Listener::bind().await;
    let builder = Network::builder(listener.url()).bearer_token(secret).http2_prior_knowledge();
    let transport = builder.build().expect("a client");
    for responds in [false, true] {
        let (result, _open) = tokio::join!(transport.cancel(ID), async {
            let mut connection = listener.accept().await;
            let stream = connection.request().await;
            if responds {
                connection.send(frame::HEADERS, END_HEADERS, stream, STATUS_200).await.expect("a client");
            }
            connection.go_away(0, ENHANCE_YOUR_CALM, format!("bad key: {secret}").as_bytes()).await;
            connection
        });
        let error = result.expect_err("an error");
        key_search::assert_hides(&error, secret);
        assert_eq!(error.status().map(|status| status.as_u16()), responds.then_some(200));
    }
}

/// RFC 9113, section 8.1: the server need not read the rest.
#[tokio::test]
async fn a_response_before_the_end_of_the_request_is_read() {
    trait Uploads: Transport {
        #[endpoint(PUT, "/file", ok = 200)]
        async fn upload(&self, #[raw("text/plain")] body: &str) -> Result<Text>;
    }
    impl<T: Transport> Uploads for T {}

    let listener = Listener::bind().await;
    let transport = client(&listener);
    let body = "x".repeat(1 << 20);
    let (result, _open) = tokio::join!(transport.upload(&body), async {
        let mut connection = listener.accept().await;
        let stream = connection.next(frame::DATA).await;
        connection.respond(stream, "enough").await;
        connection.reset(stream, NO_ERROR).await;
        connection
    });
    assert_eq!(result.expect("a response").0, "enough");
}

/// The result of a call whose response has these fields, in frames of at most 16,000 bytes.
async fn with_fields(fields: &[u8]) -> Result<Cancellation> {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    let (result, _open) = tokio::join!(transport.cancel(ID), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        let sent = connection.send(frame::HEADERS, NONE, stream, STATUS_200).await;
        sent.expect("a client that reads");
        for piece in fields.chunks(16_000) {
            connection.send(frame::CONTINUATION, NONE, stream, piece).await.ok();
        }
        connection.send(frame::CONTINUATION, END_HEADERS, stream, b"").await.ok();
        connection.send(frame::DATA, END_STREAM, stream, record("CANCELED").as_bytes()).await.ok();
        connection
    });
    result
}

#[tokio::test]
async fn a_response_with_many_headers_is_read() {
    for count in [101, 1000, 5000] {
        let fields: Vec<u8> = (0..count).flat_map(|nth| literal(&format!("x-{nth}"), "1")).collect();
        let _cancelled = with_fields(&fields).await.unwrap_or_else(|error| panic!("{count}: {error}"));
    }
    let fields = literal("set-cookie", &"x".repeat(100)).repeat(2000);
    let _cancelled = with_fields(&fields).await.unwrap_or_else(|error| panic!("{error}"));
}

/// A field counts as its name, its value and 32 bytes (RFC 9113, section 6.5.2).
#[tokio::test]
async fn headers_above_the_limit_are_refused_with_the_limit_in_the_error() {
    for fields in [literal("x", "1").repeat(13_000), literal("set-cookie", &"x".repeat(100)).repeat(3000)] {
        let error = transport_error(with_fields(&fields).await);
        assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{error}");
        assert!(error.to_string().contains("its headers are larger than 408 KiB"), "{error}");
        assert!(error.may_have_arrived(), "{error}");
    }
}
