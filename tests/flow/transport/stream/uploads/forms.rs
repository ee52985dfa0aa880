//! A form with files and streams, which are sent one after the other.

use std::convert::Infallible;

use bytes::Bytes;
use courier_core::argument::MultipartBody;
use courier_core::{InvalidRequest, MemoryTransport, Multipart, Response, Secret};

use super::files::{Temporary, content};
use super::*;

trait Forms: Transport {
    #[endpoint(POST, "/form", ok = 204, idempotent)]
    async fn send_form(&self, #[multipart] form: Multipart) -> Result<()>;
    #[endpoint(POST, "/form", ok = 204)]
    async fn borrow_form(&self, #[multipart] form: &Multipart) -> Result<()>;
    #[endpoint(POST, "/form", ok = 204)]
    async fn any_form<F: MultipartBody>(&self, #[multipart] form: F) -> Result<()>;
}
impl<T: Transport> Forms for T {}

trait BlockingForms: Transport {
    #[endpoint(POST, "/form", ok = 204)]
    fn send_form(&self, #[multipart] form: Multipart) -> Result<()>;
}
impl<T: Transport> BlockingForms for T {}

/// Name, file name, media type and content of each part, as a server parses them.
type Parts = Vec<(String, Option<String>, Option<String>, Bytes)>;

async fn parts(content_type: &str, body: Bytes) -> Parts {
    let boundary = multer::parse_boundary(content_type).expect("a boundary");
    let body = stream::once(async { Ok::<_, Infallible>(body) });
    let mut form = multer::Multipart::new(body, boundary);
    let mut parts = Vec::new();
    while let Some(part) = form.next_field().await.expect("a form") {
        let name = part.name().expect("a name").to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let media_type = part.content_type().map(ToString::to_string);
        parts.push((name, file_name, media_type, part.bytes().await.expect("its content")));
    }
    parts
}

/// A text, a file, and a part with this content.
fn form(file: &Temporary, last: impl Into<Body>) -> Multipart {
    Multipart::new()
        .text("title", "Mäy\r\n--")
        .file("backup", "monday.bin", "application/zstd", file.body())
        .part("last", "text/csv", last)
}

fn expected(content: &[u8], last: &'static str) -> Parts {
    let text = |text: &str| Some(text.to_owned());
    vec![
        ("title".to_owned(), None, None, "Mäy\r\n--".into()),
        ("backup".to_owned(), text("monday.bin"), text("application/zstd"), Bytes::copy_from_slice(content)),
        ("last".to_owned(), None, text("text/csv"), last.into()),
    ]
}

/// What makes the last part, and its text.
type Last = (fn() -> Body, &'static str);

/// The next request on this connection, its head in lower case, its body without the framing of chunks.
async fn request_of(stream: &mut TcpStream) -> (String, Bytes) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a head"));
    }
    let head = String::from_utf8(head).expect("text").to_ascii_lowercase();
    let mut body = Vec::new();
    if let Some((_, length)) = head.split_once("\r\ncontent-length: ") {
        let length = length.split_once("\r\n").expect("its end").0;
        body.resize(length.parse().expect("a length"), 0);
        stream.read_exact(&mut body).await.expect("the body");
        return (head, body.into());
    }
    loop {
        let mut size = Vec::new();
        while !size.ends_with(b"\r\n") {
            size.push(stream.read_u8().await.expect("a size"));
        }
        let size = std::str::from_utf8(&size).expect("text").trim_end();
        let mut chunk = vec![0; usize::from_str_radix(size, 16).expect("a size") + 2];
        stream.read_exact(&mut chunk).await.expect("a chunk");
        if chunk == b"\r\n" {
            return (head, body.into());
        }
        body.extend_from_slice(&chunk[..chunk.len() - 2]);
    }
}

fn content_type(head: &str) -> &str {
    let (_, content_type) = head.split_once("\r\ncontent-type: ").expect("a media type");
    content_type.split_once("\r\n").expect("its end").0
}

#[tokio::test]
async fn a_form_with_a_file_and_a_text_arrives_with_its_length_and_is_retried() {
    let (content, peer) = (content(), Peer::bind().await);
    let file = Temporary::new("form", &content);
    let client = Retry::new(peer.client());
    let (result, [first, second]) = tokio::join!(Forms::send_form(&client, form(&file, "a,b")), async {
        let (mut stream, _) = peer.0.accept().await.expect("a connection");
        let first = request_of(&mut stream).await;
        write(&mut stream, "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await;
        let second = request_of(&mut stream).await;
        write(&mut stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
        [first, second]
    });
    result.expect("204");
    assert!(first == second, "the retry is another form");
    let (head, body) = first;
    assert!(head.contains("\r\ncontent-length: ") && !head.contains("transfer-encoding"), "{head}");
    assert!(parts(content_type(&head), body).await == expected(&content, "a,b"), "another form");
}

#[tokio::test]
async fn a_form_with_a_stream_without_a_length_is_sent_in_chunks() {
    let (content, peer) = (content(), Peer::bind().await);
    let file = Temporary::new("chunked", &content);
    let client = peer.client();
    let form = form(&file, chunks(&["a,", "b\n", "1,2"]));
    let (result, (head, body)) = tokio::join!(Forms::send_form(&client, form), async {
        let (mut stream, _) = peer.0.accept().await.expect("a connection");
        let request = request_of(&mut stream).await;
        write(&mut stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
        request
    });
    result.expect("204");
    assert!(head.contains("\r\ntransfer-encoding: chunked\r\n") && !head.contains("content-length"), "{head}");
    assert!(parts(content_type(&head), body).await == expected(&content, "a,b\n1,2"), "another form");
}

#[tokio::test]
async fn every_mixture_of_parts_arrives_byte_for_byte() {
    let (content, transport) = (content(), MemoryTransport::from_fn(|_| Ok(Response::default())));
    let file = Temporary::new("mixture", &content);
    let nasty = "\r\n--courier-core-0000000000000000--\r\n";
    let last: [Last; 6] = [
        (|| chunks(&["a", "b"]).with_length(2), "ab"),
        (|| chunks(&[]), ""),
        (|| Body::from_fn(|| chunks(&["a", "b"])), "ab"),
        (|| Body::from("ab").on_progress(drop), "ab"),
        (Body::empty, ""),
        (|| chunks(&["\r\n--courier-core-", "0000000000000000--\r\n"]), nasty),
    ];
    for (last, expected_last) in last {
        let _undeclared = Forms::send_form(&transport, form(&file, last())).await;
        let _undeclared = BlockingForms::send_form(&transport, form(&file, last()));
        for request in transport.requests().split_off(transport.requests().len() - 2) {
            let content_type = request.headers()["content-type"].to_str().expect("text");
            let length =
                request.headers().get("content-length").map(|length| length.to_str().expect("text").to_owned());
            assert!(length.is_none_or(|length| length == request.body().len().to_string()), "{request:?}");
            assert!(
                parts(content_type, request.body().clone()).await == expected(&content, expected_last),
                "another form"
            );
        }
    }
}

#[tokio::test]
async fn a_form_that_is_borrowed_can_have_files_but_no_stream_that_can_be_read_once() {
    let transport = MemoryTransport::new().answer(204, "").answer(204, "").answer(204, "");
    let (content, once) = (content(), || chunks(&["a", "b"]));
    let file = Temporary::new("borrowed", &content);
    let again = form(&file, Body::from_fn(once));
    for _ in 0..2 {
        transport.borrow_form(&again).await.expect("204");
    }
    let again = Some(again);
    transport.any_form([&again].first()).await.expect("204");
    for request in transport.requests() {
        let content_type = request.headers()["content-type"].to_str().expect("text");
        assert!(parts(content_type, request.body().clone()).await == expected(&content, "ab"), "another form");
    }

    let spent = form(&file, once());
    assert!(spent.try_clone().is_none());
    let error = transport.borrow_form(&spent).await.expect_err("a stream");
    assert!(matches!(error, Error::Invalid { source: InvalidRequest::Part { .. }, .. }), "{error:?}");
    let text = "the part \"last\" of the form can't be sent: it is a stream that can be read only once, and the form is passed by \
                reference; pass the form by value, or make the stream with `Body::from_fn`";
    assert!(error.to_string().contains(text), "{error}");
    assert_eq!(transport.requests().len(), 3);
    let spent = Some(spent);
    transport.any_form([&spent].first()).await.expect_err("a stream");
}

#[tokio::test]
async fn the_boundary_of_a_form_with_a_stream_can_not_be_guessed() {
    let transport = MemoryTransport::new();
    let boundary = || {
        let request = Forms::send_form(&transport, Multipart::new().part("a", "b/c", chunks(&["a"]))).into_request();
        let content_type = request.expect("a request").headers()["content-type"].clone();
        multer::parse_boundary(content_type.to_str().expect("text")).expect("a boundary")
    };
    let boundaries: std::collections::HashSet<_> = (0..1000).map(|_| boundary()).collect();
    assert_eq!(boundaries.len(), 1000);
    // 32 hexadecimal digits, and at most 70 characters (RFC 2046, 5.1.1).
    for boundary in boundaries {
        let random = boundary.strip_prefix("courier-core-").expect("the name");
        assert!(random.len() == 32 && random.bytes().all(|digit| digit.is_ascii_hexdigit()), "{boundary}");
    }
}

#[tokio::test]
async fn a_file_of_a_form_that_changed_its_length_is_an_error() {
    let (content, transport) = (content(), MemoryTransport::new());
    let file = Temporary::new("changed", &content);
    let call = Forms::send_form(&transport, form(&file, "a,b"));
    std::fs::write(&file.0, "short").expect("a file");
    let error = call.await.expect_err("another length");
    assert!(error.to_string().contains("has 5 bytes now, and had 700000"), "{error}");
}

#[tokio::test]
async fn a_secret_in_a_form_with_a_file_is_not_shown() {
    let (content, transport) = (content(), MemoryTransport::new());
    let file = Temporary::new("secret", &content);
    let call = Forms::send_form(&transport, form(&file, "a,b").secret("token", &Secret::new("hunter2hunter2")));
    let curl = call.curl().expect("a request");
    assert!(!curl.contains("hunter2") && curl.contains("[redacted]"), "{curl}");
    assert!(curl.contains(&format!("; cat '{}'; ", file.0.display())), "{curl}");
}
