//! An HTTP/2 server that sends without end or reads nothing: the call ends within bounded memory.

use std::io;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{TimeLimit, TransportError, TransportErrorKind};
use courier_core::{Result, Transport, endpoint};

use super::server::{ACK, Connection, END_HEADERS, Listener, NONE, STATUS_200, frame};
use super::{client, transport_error};
use crate::flow::record::ID;
use crate::flow::server::KEY;
use crate::under_test::Network;

const LIMIT: Duration = Duration::from_millis(200);

/// A client with a short timeout.
fn impatient(listener: &Listener) -> Network {
    let builder = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
    builder.attempt_timeout(LIMIT).max_body_bytes(100_000).build().expect("a client")
}

/// Far more than the sockets buffer, and more than a client may take.
const ENOUGH: usize = 64 << 20;

/// Sends these bytes until the client is gone, and returns how many it took. Fails if it takes them all.
async fn flood(connection: &mut Connection, send: impl AsyncFn(&mut Connection) -> io::Result<usize>) -> usize {
    let mut taken = 0;
    while let Ok(length) = send(connection).await {
        taken += length;
        assert!(taken < ENOUGH, "the client took all {taken} bytes");
        // The client runs in the same thread.
        tokio::task::yield_now().await;
    }
    taken
}

/// The error of a cancellation whose response never ends, and the number of bytes that the client took.
async fn flooded(
    transport: Network,
    listener: &Listener,
    begin: impl AsyncFnOnce(&mut Connection, u32),
    send: impl AsyncFn(&mut Connection) -> io::Result<usize>,
) -> (TransportError, usize) {
    let (result, taken) = tokio::join!(
        async {
            // Without a clone, the connection ends with the call.
            let transport = transport;
            transport.cancel(ID).await
        },
        async {
            let mut connection = listener.accept().await;
            let stream = connection.request().await;
            begin(&mut connection, stream).await;
            flood(&mut connection, send).await
        }
    );
    (transport_error(result), taken)
}

/// 100,000 headers, and as many again, in frames that never end the block (RFC 9113, section 6.10).
#[tokio::test]
async fn endless_headers_are_an_error_and_not_buffered() {
    // Literals without indexing, with new names (RFC 7541, section 6.2.2): `h: v` a thousand times.
    let block = b"\0\x01h\x01v".repeat(1000);
    let listener = Listener::bind().await;
    let begin = async |connection: &mut Connection, stream| {
        connection.send(frame::HEADERS, NONE, stream, STATUS_200).await.expect("a client");
    };
    let send = async |connection: &mut Connection| {
        connection.send(frame::CONTINUATION, NONE, 1, &block).await?;
        Ok(block.len())
    };
    let (error, taken) = flooded(client(&listener), &listener, begin, send).await;
    assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{error}");
    assert!(error.may_have_arrived());
    assert!(taken < 1 << 20, "the client took {taken} bytes of headers");
}

/// The same number in one block that ends.
#[tokio::test]
async fn a_hundred_thousand_headers_are_an_error() {
    let block = b"\0\x01h\x01v".repeat(1000);
    let listener = Listener::bind().await;
    let transport = client(&listener);
    let (result, _open) = tokio::join!(transport.cancel(ID), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        connection.send(frame::HEADERS, NONE, stream, STATUS_200).await.expect("a client");
        for frame in 1..=100 {
            let flags = if frame == 100 { END_HEADERS } else { NONE };
            if connection.send(frame::CONTINUATION, flags, stream, &block).await.is_err() {
                break;
            }
        }
        connection
    });
    let error = transport_error(result);
    assert_eq!((error.kind(), error.status()), (TransportErrorKind::Interrupted, None), "{error}");
}

#[tokio::test]
async fn an_endless_body_is_too_large() {
    let listener = Listener::bind().await;
    let transport = impatient(&listener);
    let (result, mut connection) = tokio::join!(transport.cancel(ID), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        connection.send(frame::HEADERS, END_HEADERS, stream, STATUS_200).await.expect("a client");
        for _ in 0..10 {
            connection.send(frame::DATA, NONE, stream, &[b' '; 16_000]).await.expect("a client");
        }
        connection
    });
    let error = transport_error(result);
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 100_000 });
    assert_eq!(error.status().expect("its head was read"), 200);
    // The rest is not needed.
    connection.next(frame::RST_STREAM).await;
}

/// They keep the connection alive, but not the call.
#[tokio::test]
async fn meaningless_frames_do_not_keep_a_call_alive() {
    for (kind, flags, payload) in
        [(frame::PING, NONE, &[7; 8][..]), (frame::PING, ACK, &[7; 8]), (frame::SETTINGS, NONE, &[])]
    {
        let listener = Listener::bind().await;
        let send = async |connection: &mut Connection| {
            connection.send(kind, flags, 0, payload).await?;
            Ok(payload.len())
        };
        let (error, _) = flooded(impatient(&listener), &listener, async |_, _| {}, send).await;
        assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: LIMIT });
        assert!(error.may_have_arrived() && error.status().is_none(), "{error}");
    }
}

/// They don't reduce the flow-control window (RFC 9113, section 6.9.1), so h2 counts them.
#[tokio::test]
async fn endless_empty_data_frames_are_an_error() {
    let listener = Listener::bind().await;
    let begin = async |connection: &mut Connection, stream| {
        connection.send(frame::HEADERS, END_HEADERS, stream, STATUS_200).await.expect("a client");
    };
    let send = async |connection: &mut Connection| {
        connection.send(frame::DATA, NONE, 1, &[]).await?;
        Ok(0)
    };
    let (error, _) = flooded(impatient(&listener), &listener, begin, send).await;
    assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error}");
    assert_eq!(error.status().expect("the head was read"), 200);
}

#[tokio::test]
async fn a_server_that_never_reads_the_body_times_out() {
    trait Uploads: Transport {
        #[endpoint(PUT, "/file", ok = 200)]
        async fn upload(&self, #[raw("text/plain")] body: &str) -> Result<()>;
    }
    impl<T: Transport> Uploads for T {}

    let listener = Listener::bind().await;
    let transport = impatient(&listener);
    let (result, _open) = tokio::join!(transport.upload("a body"), async {
        // SETTINGS_INITIAL_WINDOW_SIZE is 0 (RFC 9113, section 6.9.2): the client may not send any of the body.
        let mut connection = listener.accept_with(&[0, 4, 0, 0, 0, 0]).await;
        connection.next(frame::HEADERS).await;
        connection
    });
    let error = transport_error(result);
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: LIMIT });
    assert!(error.may_have_arrived());
}
