//! Responses with more headers than a connection usually has room for.

use http::Method;

use super::*;

/// The head of a response with this many headers, and this one.
fn head(count: usize, last: &str) -> Vec<u8> {
    let others: Vec<String> = (1..count).map(|number| format!("x-{number}: value {number}\r\n")).collect();
    ["HTTP/1.1 200 OK\r\n", &others.concat(), last, "\r\n\r\n"].concat().into_bytes()
}

fn with_ok(count: usize) -> Vec<u8> {
    [head(count, "content-length: 2"), b"ok".to_vec()].concat()
}

fn assert_headers(response: &Response<Received>, count: usize) {
    assert_eq!(response.headers().len(), count);
    for number in 1..count {
        assert_eq!(response.headers()[format!("x-{number}")], format!("value {number}"));
    }
}

#[tokio::test]
async fn a_response_with_up_to_1024_headers_is_read() {
    for count in [1, 99, 100, 101, 102, 500, 1023, 1024] {
        let server = Server::responding(vec![with_ok(count)]).await;
        let pool = pool(&server, LIMITS);
        for _ in 0..3 {
            let response = pool.call(get("/own")).await.expect("a response");
            assert_headers(&response, count);
            assert_eq!(read(response).await.expect("a body"), (StatusCode::OK, "ok".to_owned()));
        }
        assert_eq!(server.most(), 1, "{count}");
    }
}

#[tokio::test]
async fn a_response_with_more_headers_is_an_error() {
    let server = Server::responding(vec![with_ok(1025)]).await;
    let pool = pool(&server, LIMITS);
    for _ in 0..2 {
        let (error, is_unsent) = lost(pool.call(get("/own")).await);
        assert!(error.is_parse() && !is_unsent, "{error}");
    }
    server.until_open(0).await;
}

#[tokio::test]
async fn its_connection_is_used_for_other_calls() {
    let mut server = Server::responding(vec![with_ok(200)]).await;
    let pool = pool(&server, LIMITS);
    ok(&pool).await;
    for _ in 0..4 {
        read(pool.call(get("/own")).await.expect("a response")).await.expect("a body");
        ok(&pool).await;
    }
    assert_eq!(server.connections(), [0; 9]);
    server.until_open(1).await;
}

#[tokio::test]
async fn it_can_arrive_in_any_pieces() {
    let response = with_ok(150);
    for size in [1, 7, 100, 1000, 4000] {
        let pieces: Vec<Vec<u8>> = response.chunks(size).map(<[u8]>::to_vec).collect();
        // One byte at a time only around the place where there are too many.
        let pieces = if size > 1 {
            pieces
        } else {
            let begin = head(95, "x: y").len();
            let mut some = vec![response[..begin].to_vec()];
            some.extend(response[begin..begin + 300].chunks(1).map(<[u8]>::to_vec));
            some.push(response[begin + 300..].to_vec());
            some
        };
        let server = Server::responding(pieces).await;
        let response = pool(&server, LIMITS).call(get("/own")).await.expect("a response");
        assert_headers(&response, 150);
        assert_eq!(read(response).await.expect("a body").1, "ok", "{size}");
    }
}

#[tokio::test]
async fn its_body_is_read_to_its_end_and_no_further() {
    let long = vec![b'x'; 1 << 20];
    let chunked = [head(150, "transfer-encoding: chunked"), b"2\r\nok\r\n".to_vec(), b"0\r\n\r\n".to_vec()];
    let sized = [head(150, &format!("content-length: {}", long.len())), long];
    let followed = [with_ok(150), with_ok(3)].concat();
    for (pieces, length, is_followed) in [
        (vec![chunked.concat()], 2, false),
        (chunked.to_vec(), 2, false),
        (vec![sized.concat()], 1 << 20, false),
        (sized.to_vec(), 1 << 20, false),
        (vec![followed], 2, true),
    ] {
        let mut server = Server::responding(pieces).await;
        let pool = pool(&server, LIMITS);
        let response = pool.call(get("/own")).await.expect("a response");
        assert_eq!(read(response).await.expect("a body").1.len(), length);
        ok(&pool).await;
        assert_eq!(server.connections(), [0, usize::from(is_followed)]);
    }
}

#[tokio::test]
async fn the_method_of_the_request_decides_whether_it_has_a_body() {
    let server = Server::responding(vec![head(150, "content-length: 1000")]).await;
    let mut request = get("/own");
    *request.method_mut() = Method::HEAD;
    let response = pool(&server, LIMITS).call(request).await.expect("a response");
    assert_headers(&response, 150);
    assert!(response.body().is_end_stream());
    assert_eq!(read(response).await.expect("no body").1, "");
}

#[tokio::test]
async fn informational_responses_before_it_are_skipped() {
    let early = b"HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n".to_vec();
    for pieces in [vec![early.clone(), with_ok(150)], vec![[early, with_ok(150)].concat()]] {
        let server = Server::responding(pieces).await;
        let response = pool(&server, LIMITS).call(get("/own")).await.expect("a response");
        assert_headers(&response, 150);
    }
}

#[tokio::test]
async fn a_connection_that_ends_within_it_is_an_error() {
    let response = with_ok(150);
    for length in [2000, response.len() - 10, response.len() - 3, response.len() - 1] {
        let server = Server::responding(vec![response[..length].to_vec()]).await;
        let result = pool(&server, LIMITS).call(get("/own-and-end")).await;
        match result {
            Ok(response) => assert!(read(response).await.is_err(), "{length}"),
            Err(failure) => assert!(length < response.len() - 2, "{length}: {failure:?}"),
        }
        server.until_open(0).await;
    }
}

/// hyper has the same error for it, and what follows is no head.
#[tokio::test]
async fn the_body_of_a_response_with_an_impossible_length_is_no_response() {
    let evil = [b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n".to_vec(), with_ok(3)];
    for pieces in [vec![evil.concat()], evil.to_vec()] {
        let server = Server::responding(pieces).await;
        let (error, _) = lost(pool(&server, LIMITS).call(get("/own")).await);
        assert!(error.is_parse(), "{error}");
        server.until_open(0).await;
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_while_it_is_read_closes_its_connection() {
    let begin = with_ok(150)[..2000].to_vec();
    let server = Server::responding(vec![begin]).await;
    let pool = pool(&server, LIMITS);
    tokio::select! {
        _ = pool.call(get("/own")) => panic!("a response"),
        () = settle() => {}
    }
    server.until_open(0).await;
    let server = Server::responding(vec![head(150, "content-length: 1000")]).await;
    let pool = pool_of(Dialer::new(server.address), LIMITS);
    drop(pool.call(get("/own")).await.expect("a response"));
    server.until_open(0).await;
}

/// A part of it may still be on its way when its response arrives, so it needs a connection with room for everything.
#[tokio::test]
async fn a_long_request_has_room_from_the_beginning() {
    let long = || {
        let mut request = get("/own");
        *request.method_mut() = Method::PUT;
        *request.body_mut() = Outgoing::Whole(vec![0; 100_000].into());
        request
    };
    for max_connections in [None, Some(1)] {
        let mut server = Server::responding(vec![with_ok(150)]).await;
        let pool = pool(&server, Limits { max_connections, ..LIMITS });
        ok(&pool).await;
        for _ in 0..2 {
            let response = pool.call(long()).await.expect("a response");
            assert_headers(&response, 150);
            read(response).await.expect("a body");
            ok(&pool).await;
        }
        assert_eq!(server.connections(), [0, 1, 1, 1, 1]);
        server.until_open(2 - max_connections.unwrap_or(0)).await;
    }
}

/// The rest of the request is lost, and the server would take the next one for it.
#[tokio::test]
async fn a_connection_whose_request_was_not_sent_completely_is_not_used_again() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let dialer = Dialer {
        opens: |_, _| {
            Box::pin(async {
                let (client, mut server) = tokio::io::duplex(16);
                tokio::spawn(async move {
                    server.read_u8().await.expect("a request");
                    server.write_all(&with_ok(150)).await.expect("a client");
                    let mut rest = Vec::new();
                    server.read_to_end(&mut rest).await.expect("the end");
                });
                let io: Io = Box::new(hyper_util::rt::TokioIo::new(client));
                (io, None)
            })
        },
        ..Dialer::new(([127, 0, 0, 1], 1).into())
    };
    let dials = Arc::clone(&dialer.dials);
    let pool = pool_of(dialer, LIMITS);
    let response = pool.call(get("/ok")).await.expect("a response");
    assert_headers(&response, 150);
    assert_eq!(read(response).await.expect("a body").1, "ok");
    settle().await;
    // Over the same connection, it would have no response.
    let second = tokio::time::timeout(Duration::from_secs(1), pool.call(get("/ok"))).await;
    assert!(second.is_ok_and(|response| response.is_ok()));
    assert_eq!(dials.load(Ordering::Relaxed), 2);
}

/// What has happened to its socket is noticed as before.
#[tokio::test]
async fn a_connection_that_the_server_closes_after_it_is_not_used_again() {
    let mut server = Server::responding(vec![with_ok(150)]).await;
    let pool = pool(&server, LIMITS);
    read(pool.call(get("/own-and-end")).await.expect("a response")).await.expect("a body");
    settle().await;
    ok(&pool).await;
    assert_eq!(server.connections(), [0, 1]);
}
