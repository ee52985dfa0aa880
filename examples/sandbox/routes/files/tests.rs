use courier_core::{ReqwestTransport, Transport as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Sandbox;

/// Ten bytes, and their SHA-256 by `printf 0123456789 | openssl dgst -sha256 -binary | base64`.
const DIGITS: &str = "0123456789";
const SHA_256: &str = "hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=";

async fn sandbox() -> (Sandbox, ReqwestTransport) {
    let sandbox = Sandbox::start().await.expect("a free port");
    let client = ReqwestTransport::builder(sandbox.base_url()).bearer_token("any").build().expect("a client");
    (sandbox, client)
}

/// Sends this request, and returns the status, the named headers and the body.
async fn send<const N: usize>(
    client: &ReqwestTransport,
    request: (&str, &str, &'static str),
    headers: &[(&str, &str)],
    names: [&str; N],
) -> (u16, [Option<String>; N], String) {
    let (method, path, body) = request;
    let mut request = courier_core::http::Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.into()).expect("a request");
    let (head, body) = client.send(request).await.expect("a response").into_parts();
    let header = |name| Some(head.headers.get(name)?.to_str().expect("ASCII").to_owned());
    let body = body.as_bytes().expect("a whole body").to_vec();
    (head.status.as_u16(), names.map(header), String::from_utf8(body).expect("text"))
}

/// Stores the digits as `/files/digits`, and returns the `ETag`.
async fn digits(client: &ReqwestTransport) -> String {
    let (status, [etag], _) = send(client, ("PUT", "/files/digits", DIGITS), &[], ["etag"]).await;
    assert_eq!(status, 201);
    etag.expect("an ETag")
}

fn some<const N: usize>(values: [&str; N]) -> [Option<String>; N] {
    values.map(|value| Some(value.to_owned()))
}

#[tokio::test]
async fn a_file_is_returned_as_it_was_stored_with_its_length_and_checksum() {
    let (_sandbox, client) = sandbox().await;
    let etag = digits(&client).await;
    let names = ["etag", "repr-digest", "content-length", "accept-ranges", "content-type", "content-range"];
    let digest = format!("sha-256=:{SHA_256}:");
    let [etag, digest, length, ranges, media_type] = some([&etag, &digest, "10", "bytes", "application/octet-stream"]);
    let head = [etag, digest, length, ranges, media_type, None];

    let got = send(&client, ("GET", "/files/digits", ""), &[], names).await;
    assert_eq!(got, (200, head.clone(), DIGITS.to_owned()));
    let got = send(&client, ("HEAD", "/files/digits", ""), &[], names).await;
    assert_eq!(got, (200, head, String::new()));
}

#[tokio::test]
async fn a_name_is_any_segment_and_never_a_path() {
    let (_sandbox, client) = sandbox().await;
    for name in ["a%2Fb", "..%2F..%2Fetc%2Fpasswd", "gr%C3%BC%C3%9F", "%00", "a%252Fb"] {
        let path = format!("/files/{name}");
        assert_eq!(send(&client, ("GET", &path, ""), &[], []).await.0, 404, "{name}");
        assert_eq!(send(&client, ("PUT", &path, DIGITS), &[], []).await.0, 201, "{name}");
        assert_eq!(send(&client, ("GET", &path, ""), &[], []).await, (200, [], DIGITS.to_owned()), "{name}");
    }
    let (status, [], body) = send(&client, ("PUT", "/files/%ff", DIGITS), &[], []).await;
    assert!(status == 400 && body.contains("UTF-8"), "{status} {body}");
    assert_eq!(send(&client, ("GET", "/files/%ff", ""), &[], []).await.0, 404);
}

#[tokio::test]
async fn a_satisfiable_range_is_a_206_with_exactly_these_bytes() {
    let (_sandbox, client) = sandbox().await;
    let etag = digits(&client).await;
    for (range, content_range, part) in [
        ("bytes=0-0", "bytes 0-0/10", "0"),
        ("bytes=3-5", "bytes 3-5/10", "345"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-3", "bytes 7-9/10", "789"),
        ("bytes=-99", "bytes 0-9/10", DIGITS),
        ("bytes=8-99", "bytes 8-9/10", "89"),
        ("bytes=0-18446744073709551615", "bytes 0-9/10", DIGITS),
        ("Bytes=9-9", "bytes 9-9/10", "9"),
    ] {
        let names = ["content-range", "content-length", "etag", "repr-digest"];
        let got = send(&client, ("GET", "/files/digits", ""), &[("range", range)], names).await;
        let digest = format!("sha-256=:{SHA_256}:");
        let head = some([content_range, &part.len().to_string(), &etag, &digest]);
        assert_eq!(got, (206, head, part.to_owned()), "{range}: the checksum is that of the whole file");
    }
}

#[tokio::test]
async fn a_range_after_the_end_is_a_416_with_the_length() {
    let (_sandbox, client) = sandbox().await;
    digits(&client).await;
    assert_eq!(send(&client, ("PUT", "/files/empty", ""), &[], []).await.0, 201);
    for (path, range, content_range) in [
        ("/files/digits", "bytes=10-", "bytes */10"),
        ("/files/digits", "bytes=99-100", "bytes */10"),
        ("/files/digits", "bytes=-0", "bytes */10"),
        ("/files/empty", "bytes=0-", "bytes */0"),
        ("/files/empty", "bytes=-0", "bytes */0"),
    ] {
        let names = ["content-range", "content-type"];
        let (status, head, body) = send(&client, ("GET", path, ""), &[("range", range)], names).await;
        assert_eq!((status, head), (416, some([content_range, "application/json"])), "{path} {range}");
        assert!(body.contains("The file has no such range"), "{body}");
    }
}

#[tokio::test]
async fn a_range_that_is_not_understood_is_ignored() {
    let (_sandbox, client) = sandbox().await;
    digits(&client).await;
    for range in ["lines=1-2", "bytes=5-3", "bytes=x-", "bytes=--1", "bytes=", "bytes", "", "bytes=0-1,4-5"] {
        let got = send(&client, ("GET", "/files/digits", ""), &[("range", range)], ["content-range"]).await;
        assert_eq!(got, (200, [None], DIGITS.to_owned()), "{range:?}");
    }
    for range in ["bytes=3-5", "bytes=99-"] {
        let names = ["content-length", "content-range"];
        let (status, head, _) = send(&client, ("HEAD", "/files/digits", ""), &[("range", range)], names).await;
        assert_eq!((status, head), (200, [Some("10".to_owned()), None]), "HEAD {range}");
    }
    assert_eq!(send(&client, ("PUT", "/files/empty", ""), &[], []).await.0, 201);
    let got = send(&client, ("GET", "/files/empty", ""), &[("range", "bytes=-5")], ["content-length"]).await;
    assert_eq!(got, (200, some(["0"]), String::new()), "the last five bytes of an empty file");
}

#[tokio::test]
async fn a_part_of_another_version_is_never_sent() {
    let (_sandbox, client) = sandbox().await;
    let etag = digits(&client).await;
    let get = ("GET", "/files/digits", "");

    let names = ["etag", "content-range", "repr-digest", "content-type"];
    let got = send(&client, get, &[("range", "bytes=7-"), ("if-range", &etag)], names).await;
    assert_eq!(got, (206, [Some(etag.clone()), Some("bytes 7-9/10".to_owned()), None, None], "789".to_owned()));

    let weak = format!("W/{etag}");
    for other in [&*weak, "\"other\"", "Tue, 15 Nov 1994 12:45:26 GMT", "", etag.trim_matches('"')] {
        for range in ["bytes=7-", "bytes=99-"] {
            let got = send(&client, get, &[("range", range), ("if-range", other)], ["content-range"]).await;
            assert_eq!(got, (200, [None], DIGITS.to_owned()), "{range} if {other}");
        }
    }
    let got = send(&client, get, &[("if-range", &etag)], ["content-range"]).await;
    assert_eq!(got, (200, [None], DIGITS.to_owned()), "no range");
}

#[tokio::test]
async fn a_replaced_file_has_another_etag_and_the_same_bytes_have_the_same() {
    let (_sandbox, client) = sandbox().await;
    let first = digits(&client).await;
    let (status, [second], _) = send(&client, ("PUT", "/files/digits", "other"), &[], ["etag"]).await;
    assert_eq!(status, 204);
    assert_ne!(second.as_ref(), Some(&first));
    assert_eq!(send(&client, ("GET", "/files/digits", ""), &[], ["etag"]).await, (200, [second], "other".to_owned()));
    let (status, [third], _) = send(&client, ("PUT", "/files/digits", DIGITS), &[], ["etag"]).await;
    assert_eq!((status, third), (204, Some(first)));
}

#[tokio::test]
async fn an_incomplete_upload_leaves_the_file_as_it_was() {
    let (sandbox, client) = sandbox().await;
    digits(&client).await;
    let (status, [], body) =
        send(&client, ("PUT", "/files/digits", "345"), &[("content-range", "bytes 3-5/10")], []).await;
    assert!(status == 400 && body.contains("Content-Range isn't supported"), "{status} {body}");

    let mut connection = TcpStream::connect(sandbox.address()).await.expect("a server that listens");
    let head =
        "PUT /files/digits HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer any\r\ncontent-length: 9\r\n\r\n";
    connection.write_all(head.as_bytes()).await.expect("a server that reads");
    connection.write_all(b"half").await.expect("a server that reads");
    connection.shutdown().await.expect("the rest never comes");
    let mut response = String::new();
    connection.read_to_string(&mut response).await.expect("a response in UTF-8");
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 400"), "{response}");

    assert_eq!(send(&client, ("GET", "/files/digits", ""), &[], []).await, (200, [], DIGITS.to_owned()));
}

#[tokio::test]
async fn a_download_continues_while_the_file_is_replaced() {
    /// More than the buffers of both ends hold.
    const LENGTH: usize = 32 * 1024 * 1024;
    let (sandbox, client) = sandbox().await;
    let large = courier_core::http::Request::put("/files/large").body(vec![b'a'; LENGTH].into()).expect("a request");
    assert_eq!(client.send(large).await.expect("a response").status(), 201);

    let mut connection = TcpStream::connect(sandbox.address()).await.expect("a server that listens");
    let request =
        "GET /files/large HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer any\r\nconnection: close\r\n\r\n";
    connection.write_all(request.as_bytes()).await.expect("a server that reads");
    let mut received = vec![0; 1024];
    connection.read_exact(&mut received).await.expect("the beginning");
    assert_eq!(send(&client, ("PUT", "/files/large", "new"), &[], []).await.0, 204);

    connection.read_to_end(&mut received).await.expect("the rest");
    let body = received.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    assert!(received[body..].iter().all(|byte| *byte == b'a'));
    assert_eq!(received.len() - body, LENGTH);
    assert_eq!(send(&client, ("GET", "/files/large", ""), &[], []).await, (200, [], "new".to_owned()));
}

#[tokio::test]
async fn an_unknown_file_is_a_404_and_a_wrong_method_a_405() {
    let (sandbox, client) = sandbox().await;
    let (status, [media_type], body) = send(&client, ("GET", "/files/unknown", ""), &[], ["content-type"]).await;
    assert_eq!((status, media_type.as_deref()), (404, Some("application/json")));
    assert!(body.contains("File not found") && body.contains("invalid_request_error"), "{body}");
    assert_eq!(send(&client, ("GET", "/files/unknown", ""), &[("range", "bytes=0-")], []).await.0, 404);
    let (status, [allowed], body) = send(&client, ("POST", "/files/unknown", ""), &[], ["allow"]).await;
    assert_eq!((status, allowed.as_deref()), (405, Some("PUT,GET,HEAD")));
    assert!(body.contains("Method not allowed: POST /files/unknown"), "{body}");

    let without = ReqwestTransport::builder(sandbox.base_url()).build().expect("a client");
    assert_eq!(send(&without, ("PUT", "/files/mine", DIGITS), &[], []).await.0, 401);
    assert_eq!(send(&client, ("GET", "/files/mine", ""), &[], []).await.0, 404);
}
