//! A request whose body is a file: each attempt sends all of it, or none of them looks complete.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::*;
use crate::under_test::Network;

/// A file that is removed at the end.
pub(super) struct Temporary(pub(super) PathBuf);

impl Temporary {
    pub(super) fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("courier-upload-{name}-{}", std::process::id()));
        std::fs::write(&path, content).expect("a file");
        Self(path)
    }

    pub(super) fn body(&self) -> Body {
        Body::from_file(&self.0).expect("a body")
    }

    fn set_len(&self, length: u64) {
        std::fs::OpenOptions::new().write(true).open(&self.0).expect("a file").set_len(length).expect("a file");
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

/// More than one chunk, and no two of them alike.
pub(super) fn content() -> Vec<u8> {
    (0..=250_u8).cycle().take(700_000).collect()
}

trait Uploads: Transport {
    #[endpoint(PUT, "/file", ok = 204, idempotent)]
    async fn upload(&self, #[raw("application/zstd")] file: Body) -> Result<()>;
    #[endpoint(PUT, "/file", ok = 204)]
    async fn perhaps(&self, #[raw("application/zstd")] file: Option<Body>) -> Result<()>;
}
impl<T: Transport> Uploads for T {}

trait BlockingUploads: Transport {
    #[endpoint(PUT, "/file", ok = 204, idempotent)]
    fn upload(&self, #[raw("application/zstd")] file: Body) -> Result<()>;
}
impl<T: Transport> BlockingUploads for T {}

const UNAVAILABLE: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// The next request on this connection, whose head has this `content-length` and no `transfer-encoding`.
async fn body_of(stream: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a head"));
    }
    let head = String::from_utf8(head).expect("text");
    assert!(
        head.contains(&format!("\r\ncontent-length: {length}\r\n")) && !head.contains("transfer-encoding"),
        "{head}"
    );
    assert!(head.contains("\r\ncontent-type: application/zstd\r\n"), "{head}");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.expect("the body");
    body
}

#[tokio::test]
async fn a_file_is_retried_from_its_beginning_and_arrives_whole() {
    let (content, peer) = (content(), Peer::bind().await);
    let file = Temporary::new("retried", &content);
    let client = Retry::new(peer.client());
    let positions = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&positions);
    let body = file.body().on_progress(move |position| seen.lock().expect("no panic").push(position));
    let (response, ()) = tokio::join!(Uploads::upload(&client, body).with_response(), async {
        let (mut stream, _) = peer.0.accept().await.expect("a connection");
        for response in [UNAVAILABLE, NO_CONTENT] {
            assert!(body_of(&mut stream, content.len()).await == content, "another file");
            write(&mut stream, response).await;
        }
    });
    assert_eq!(response.expect("204").attempts, 2);

    // Each attempt reports positions from 0 to the length.
    let positions = positions.lock().expect("no panic").clone();
    let attempts: Vec<_> = positions.chunk_by(|before, after| before <= after).collect();
    assert_eq!(attempts.len(), 2, "{positions:?}");
    for attempt in attempts {
        assert_eq!((attempt[0], attempt[attempt.len() - 1]), (0, content.len() as u64));
        assert!(attempt.len() > 2, "{attempt:?}");
    }
}

#[tokio::test]
async fn a_file_is_retried_over_http2() {
    let content = content();
    let file = Temporary::new("http2", &content);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let client = Network::builder(format!("http://{}", listener.local_addr().expect("bound")));
    let client = Retry::new(client.http2_prior_knowledge().build().expect("a client"));
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        let mut connection = h2::server::handshake(stream).await.expect("a preface");
        let (mut statuses, mut bodies) = ([204, 503].to_vec(), Vec::new());
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            assert_eq!(request.headers()["content-length"], "700000");
            let mut body = request.into_body();
            let status = statuses.pop().expect("two requests");
            bodies.push(tokio::spawn(async move {
                let mut received = Vec::new();
                while let Some(Ok(data)) = body.data().await {
                    body.flow_control().release_capacity(data.len()).expect("a window");
                    received.extend_from_slice(&data);
                }
                let response = http::Response::builder().status(status).body(()).expect("a response");
                respond.send_response(response, true).expect("a client");
                received
            }));
        }
        futures_util::future::join_all(bodies).await
    });
    Uploads::upload(&client, file.body()).await.expect("204");
    drop(client);
    let received = server.await.expect("no panic");
    assert_eq!(received.len(), 2);
    for body in received {
        assert!(body.expect("no panic") == content, "another file");
    }
}

#[tokio::test]
async fn a_stream_that_can_be_read_once_is_not_retried_after_a_503() {
    let peer = Peer::bind().await;
    let client = Retry::new(peer.client());
    let (result, _stream) = tokio::join!(Uploads::upload(&client, chunks(&["ab", "c"]).with_length(3)), async {
        let (mut stream, _) = peer.0.accept().await.expect("a connection");
        assert_eq!(body_of(&mut stream, 3).await, b"abc");
        write(&mut stream, UNAVAILABLE).await;
        stream
    });
    let error = result.expect_err("undeclared");
    assert_eq!((error.status().expect("a status").as_u16(), error.attempts()), (503, 1));
}

fn assert_changed(error: &Error, file: &Temporary, found: u64) {
    let Error::Transport { source, .. } = error else { panic!("{error:?}") };
    assert_eq!((source.kind(), source.may_have_arrived()), (TransportErrorKind::RequestBody, true));
    let text = format!("has {found} bytes now, and had 700000 when `Body::from_file` was called");
    assert!(error.to_string().contains(&text), "{error}");
    assert!(error.to_string().contains(file.0.to_str().expect("UTF-8")), "{error}");
}

#[tokio::test]
async fn a_file_that_changed_its_length_between_attempts_is_an_error_and_not_a_request() {
    for found in [700_001, 699_999, 0] {
        let (content, peer) = (content(), Peer::bind().await);
        let file = Temporary::new("between", &content);
        let client = Retry::new(peer.client());
        let (result, rest) = tokio::join!(Uploads::upload(&client, file.body()), async {
            let (mut stream, _) = peer.0.accept().await.expect("a connection");
            body_of(&mut stream, content.len()).await;
            file.set_len(found);
            write(&mut stream, UNAVAILABLE).await;
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.ok();
            rest
        });
        let error = result.expect_err("another length");
        assert_changed(&error, &file, found);
        assert_eq!(error.attempts(), 2);
        let rest = String::from_utf8(rest).expect("at most a head");
        assert!(rest.is_empty() || rest.ends_with("\r\n\r\n"), "{rest}");
    }
}

#[tokio::test]
async fn a_file_that_changes_its_length_while_it_is_sent_is_an_error_and_never_a_complete_request() {
    const LENGTH: u64 = 64 << 20;
    for found in [LENGTH + 1, LENGTH - 1, 1000] {
        let peer = Peer::bind().await;
        let file = Temporary::new("while", b"");
        file.set_len(LENGTH);
        let client = Retry::new(peer.client());
        let (result, received) = tokio::join!(Uploads::upload(&client, file.body()), async {
            let mut stream = peer.request().await;
            // Much more than the client and the system can have read ahead is still to come.
            file.set_len(found);
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.unwrap_or(0)
        });
        let error = result.expect_err("another length");
        let Error::Transport { source, .. } = &error else { panic!("{error:?}") };
        assert_eq!((source.kind(), source.attempts()), (TransportErrorKind::RequestBody, 1));
        assert!(error.to_string().contains(&format!("has {found} bytes now, and had {LENGTH}")), "{error}");
        assert!(received < LENGTH, "it passed for complete");
    }
}

#[tokio::test]
async fn a_file_is_sent_if_there_is_one() {
    let (content, peer) = (content(), Peer::bind().await);
    let file = Temporary::new("perhaps", &content);
    let client = peer.client();
    let (result, ()) = tokio::join!(client.perhaps(Some(file.body())), async {
        let (mut stream, _) = peer.0.accept().await.expect("a connection");
        assert!(body_of(&mut stream, content.len()).await == content, "another file");
        write(&mut stream, NO_CONTENT).await;
    });
    result.expect("204");
    let request = client.perhaps(None).into_request().expect("a request");
    assert_eq!((request.body().length(), request.headers().get("content-type")), (Some(0), None));
}

/// A server on a thread, which reads this many bytes after a head, and says 204.
fn blocking_server(length: usize) -> (String, std::thread::JoinHandle<Vec<u8>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("a head");
            head.push(byte[0]);
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).expect("the body");
        stream.write_all(NO_CONTENT.as_bytes()).expect("a client");
        body
    });
    (url, server)
}

#[test]
fn a_blocking_call_uploads_a_file() {
    let content = content();
    let file = Temporary::new("blocking", &content);
    let (url, server) = blocking_server(content.len());
    let client = Network::builder(url).build().expect("a client");
    BlockingUploads::upload(&client, file.body()).expect("204");
    assert!(server.join().expect("no panic") == content, "another file");
}

#[tokio::test]
async fn a_transport_in_memory_records_what_is_in_the_file() {
    let content = content();
    let file = Temporary::new("memory", &content);
    let transport = courier_core::MemoryTransport::new().answer(204, "").answer(204, "");
    Uploads::upload(&transport, file.body()).await.expect("204");
    BlockingUploads::upload(&transport, file.body()).expect("204");
    for request in transport.requests() {
        assert!(request.body() == &Bytes::from(content.clone()), "another file");
    }
}
