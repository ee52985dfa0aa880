//! When a connection is used for another call, and when it is closed.

use super::*;

#[tokio::test]
async fn consecutive_calls_share_a_connection() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    for path in ["/ok", "/chunked", "/empty", "/ok"] {
        let (status, body) = call(&pool, path).await;
        assert_eq!(body.is_empty(), status == StatusCode::NO_CONTENT, "{path}");
    }
    assert_eq!(server.connections(), [0; 4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn consecutive_calls_share_a_connection_whatever_thread_they_are_on() {
    let mut server = Server::start().await;
    let pool = Arc::new(pool(&server, LIMITS));
    for nth in 0..400 {
        let path = ["/ok", "/empty"][nth % 2];
        let pool = Arc::clone(&pool);
        if nth % 3 == 0 {
            call(&pool, path).await;
        } else {
            tokio::spawn(async move { call(&pool, path).await }).await.expect("no panic");
        }
    }
    assert_eq!(server.connections(), [0; 400]);
}

#[tokio::test]
async fn the_connection_that_was_used_last_is_used_first() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    let first = pool.call(get("/ok")).await.expect("a response");
    let second = pool.call(get("/ok")).await.expect("a response");
    let third = pool.call(get("/ok")).await.expect("a response");
    for response in [second, first, third] {
        read(response).await.expect("a body");
    }
    assert_eq!(server.connections(), [0, 1, 2]);
    for _ in 0..2 {
        ok(&pool).await;
    }
    let both = (pool.call(get("/ok")).await, pool.call(get("/ok")).await);
    assert!(matches!(both, (Ok(_), Ok(_))));
    assert_eq!(server.connections(), [2, 2, 2, 0]);
}

#[tokio::test]
async fn a_connection_is_not_used_before_the_body_has_been_read() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    let unread = pool.call(get("/ok")).await.expect("a response");
    settle().await;
    ok(&pool).await;
    read(unread).await.expect("a body");
    assert_eq!(server.connections(), [0, 1]);
    assert_eq!(server.open(), 2);
}

/// A reader that knows the length doesn't ask for more.
#[tokio::test]
async fn a_connection_is_returned_with_the_last_byte() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    let mut body = pool.call(get("/ok")).await.expect("a response").into_body();
    assert_eq!(chunk(&mut body).await.expect("a chunk").expect("bytes"), "ok");
    ok(&pool).await;
    drop(body);
    ok(&pool).await;
    assert_eq!(server.connections(), [0, 0, 0]);
}

#[tokio::test]
async fn a_body_that_is_dropped_early_closes_its_connection() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    for read_first in [false, true] {
        let mut body = pool.call(get("/half")).await.expect("a response").into_body();
        if read_first {
            assert_eq!(chunk(&mut body).await.expect("a chunk").expect("bytes"), "half");
        }
        drop(body);
        server.until_open(0).await;
    }
    ok(&pool).await;
    assert_eq!(server.connections(), [0, 1, 2]);
}

/// A reader may know the end of the content before the end of the body.
#[tokio::test]
async fn a_body_whose_rest_has_arrived_can_be_dropped_without_closing_its_connection() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    for _ in 0..3 {
        let mut body = pool.call(get("/chunked")).await.expect("a response").into_body();
        for part in ["o", "k"] {
            assert_eq!(chunk(&mut body).await.expect("a chunk").expect("bytes"), part);
        }
        drop(body);
        settle().await;
    }
    assert_eq!(server.connections(), [0; 3]);
}

#[tokio::test]
async fn a_call_that_is_dropped_closes_its_connection() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    ok(&pool).await;
    assert_eq!(server.request().await, 0);
    let mut exchange = Box::pin(pool.call(get("/silent")));
    tokio::select! {
        _ = &mut exchange => panic!("a response"),
        connection = server.request() => assert_eq!(connection, 0),
    }
    drop(exchange);
    server.until_open(0).await;
}

#[tokio::test]
async fn a_connection_that_the_server_or_an_upgrade_ends_is_not_used_again() {
    // Nothing announces the end of the second one.
    for (path, must_settle) in [("/close", false), ("/ok-and-end", true), ("/two", false), ("/upgrade", false)] {
        let mut server = Server::start().await;
        let pool = pool(&server, LIMITS);
        call(&pool, path).await;
        if must_settle {
            settle().await;
        }
        ok(&pool).await;
        assert_eq!(server.connections(), [0, 1], "{path}");
        server.until_open(1).await;
    }
}

/// Otherwise, hyper would go on writing, and the socket would be open until the server reads or closes it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_whose_upload_the_server_does_not_read_is_closed() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    let mut request = get("/early");
    *request.method_mut() = http::Method::PUT;
    *request.body_mut() = Outgoing::Whole(vec![0; 32 << 20].into());
    let response = pool.call(request).await.expect("a response");
    assert_eq!(read(response).await.expect("a body"), (StatusCode::PAYLOAD_TOO_LARGE, "no".to_owned()));
    ok(&pool).await;
    assert_eq!(server.connections(), [0, 1]);
    settle().await;
    assert_eq!(server.held_by_client(), 1);
}

#[tokio::test]
async fn dropping_the_pool_closes_its_connections() {
    let server = Server::start().await;
    let pool = pool(&server, LIMITS);
    let responses = (pool.call(get("/ok")).await, pool.call(get("/ok")).await);
    let (Ok(first), Ok(second)) = responses else { panic!("no response") };
    read(first).await.expect("a body");
    assert_eq!(server.open(), 2);
    drop(pool);
    server.until_open(1).await;
    // A download outlives its client.
    settle().await;
    read(second).await.expect("a body");
    server.until_open(0).await;
}

#[tokio::test]
async fn a_lost_connection_is_an_error_and_the_request_is_not_repeated() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    ok(&pool).await;
    let (_, is_unsent) = lost(pool.call(get("/end")).await);
    assert!(!is_unsent);
    assert_eq!(server.connections(), [0, 0]);
}
