//! How many connections there are, and for how long.

use futures_util::future::join_all;

use super::*;

const SHORT: Duration = Duration::from_millis(60);

#[tokio::test]
async fn an_idle_connection_is_closed_although_no_other_call_is_made() {
    let mut server = Server::start().await;
    let pool = pool(&server, Limits { idle_timeout: SHORT, ..LIMITS });
    for _ in 0..2 {
        ok(&pool).await;
        tokio::time::sleep(SHORT / 2).await;
        ok(&pool).await;
        assert_eq!(server.open(), 1);
        server.until_open(0).await;
    }
    assert_eq!(server.connections(), [0, 0, 1, 1]);
}

#[tokio::test]
async fn each_idle_connection_has_its_own_time() {
    let mut server = Server::start().await;
    let pool = pool(&server, Limits { idle_timeout: SHORT, ..LIMITS });
    let both = (pool.call(get("/ok")).await.expect("a response"), pool.call(get("/ok")).await.expect("a response"));
    read(both.0).await.expect("a body");
    read(both.1).await.expect("a body");
    let start = std::time::Instant::now();
    while start.elapsed() < 2 * SHORT {
        ok(&pool).await;
        tokio::time::sleep(SHORT / 4).await;
    }
    assert_eq!(server.open(), 1);
    assert!(server.connections()[2..].iter().all(|&connection| connection == 1));
}

#[tokio::test]
async fn a_server_that_says_how_long_it_keeps_connections_shortens_the_time() {
    let server = Server::start().await;
    let pool = pool(&server, LIMITS);
    let both =
        (pool.call(get("/ok")).await.expect("a response"), pool.call(get("/keep-alive")).await.expect("a response"));
    read(both.0).await.expect("a body");
    read(both.1).await.expect("a body");
    let start = std::time::Instant::now();
    server.until_open(0).await;
    // The client closes it a quarter of a second before the server does.
    assert!((700..1000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_pause_after_which_a_connection_was_lost_is_not_risked_again() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    let pause = |millis| tokio::time::sleep(Duration::from_millis(millis));
    ok(&pool).await;
    pause(600).await;
    lost(pool.call(get("/end")).await);
    ok(&pool).await;
    pause(560).await;
    assert_eq!(server.open(), 0);
    ok(&pool).await;
    assert_eq!(server.connections(), [0, 0, 1, 2]);
}

#[tokio::test]
async fn without_idle_connections_every_call_opens_its_own() {
    let mut server = Server::start().await;
    for limits in [Limits { max_idle: 0, ..LIMITS }, Limits { idle_timeout: Duration::ZERO, ..LIMITS }] {
        let pool = pool(&server, limits);
        ok(&pool).await;
        ok(&pool).await;
        server.until_open(0).await;
    }
    assert_eq!(server.connections(), [0, 1, 2, 3]);
}

#[tokio::test]
async fn at_most_this_many_idle_connections_are_kept() {
    for (max_idle, kept) in [(1, 1), (2, 2), (usize::MAX, 4)] {
        let server = Server::start().await;
        let pool = pool(&server, Limits { max_idle, ..LIMITS });
        join_all((0..4).map(|_| call(&pool, "/slow"))).await;
        assert_eq!(server.most(), 4);
        server.until_open(kept).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_this_many_connections_are_open_and_every_call_gets_one() {
    for max_connections in [1, 2, 5] {
        let mut server = Server::start().await;
        let pool = Arc::new(pool(&server, Limits { max_connections: Some(max_connections), ..LIMITS }));
        let calls = (0..40).map(|_| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { call(&pool, "/slow").await })
        });
        for result in join_all(calls).await {
            assert_eq!(result.expect("no panic").1, "ok");
        }
        assert_eq!(server.most(), max_connections);
        assert_eq!(server.connections().len(), 40);
    }
}

#[tokio::test]
async fn calls_that_wait_get_a_connection_in_their_order() {
    let server = Server::start().await;
    let pool = pool(&server, Limits { max_connections: Some(1), ..LIMITS });
    let held = pool.call(get("/ok")).await.expect("a response");
    let order = std::sync::Mutex::new(Vec::new());
    let calls = join_all((0..8).map(|number| {
        let (pool, order) = (&pool, &order);
        async move {
            let response = pool.call(get("/ok")).await.expect("a response");
            order.lock().expect("no panic").push(number);
            read(response).await.expect("a body");
        }
    }));
    tokio::join!(calls, async {
        settle().await;
        read(held).await.expect("a body");
    });
    assert_eq!(*order.lock().expect("no panic"), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(server.most(), 1);
}

#[tokio::test]
async fn a_call_that_waits_is_let_in_after_any_end_of_another_one() {
    let server = Server::start().await;
    let pool = pool(&server, Limits { max_connections: Some(1), ..LIMITS });
    // One waits and is dropped.
    let held = pool.call(get("/ok")).await.expect("a response");
    tokio::select! {
        biased;
        _ = pool.call(get("/ok")) => panic!("two connections"),
        () = settle() => {}
    }
    read(held).await.expect("a body");
    // A body is dropped, a call is dropped, a connection is lost, and an upgrade ends it.
    drop(pool.call(get("/half")).await.expect("a response"));
    tokio::select! {
        _ = pool.call(get("/silent")) => panic!("a response"),
        () = settle() => {}
    }
    lost(pool.call(get("/end")).await);
    drop(pool.call(get("/upgrade")).await.expect("a response"));
    ok(&pool).await;
}

#[tokio::test]
async fn a_call_that_waits_for_too_long_is_an_error_that_says_so() {
    let server = Server::start().await;
    let pool = pool(&server, Limits { max_connections: Some(1), free_timeout: SHORT, ..LIMITS });
    let held = pool.call(get("/ok")).await.expect("a response");
    assert!(matches!(pool.call(get("/ok")).await.map(drop), Err(Failure::NoneFree)));
    read(held).await.expect("a body");
    ok(&pool).await;
}

#[tokio::test]
async fn a_connection_that_takes_too_long_is_an_error_that_says_so() {
    let server = Server::start().await;
    let silent = Dialer { before: Box::new(|_| Box::pin(std::future::pending())), ..Dialer::new(server.address) };
    let pool = pool_of(silent, Limits { connect_timeout: SHORT, ..LIMITS });
    assert!(matches!(pool.call(get("/ok")).await.map(drop), Err(Failure::ConnectTimeout)));
}

/// Another call's connection becomes free before.
#[tokio::test]
async fn a_call_whose_connection_hangs_takes_one_that_another_call_returns() {
    let mut server = Server::start().await;
    let dialer =
        Dialer {
            before: Box::new(|number| {
                if number == 1 { Box::pin(std::future::pending()) } else { Box::pin(std::future::ready(())) }
            }),
            ..Dialer::new(server.address)
        };
    let pool = pool_of(dialer, Limits { connect_timeout: Duration::from_millis(400), ..LIMITS });
    let held = pool.call(get("/ok")).await.expect("a response");
    tokio::join!(ok(&pool), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        read(held).await.expect("a body");
    });
    assert_eq!(server.connections(), [0, 0]);
}

/// Otherwise, a pool that is a little too small would open and give up connections all the time.
#[tokio::test]
async fn a_call_does_not_give_up_a_connection_that_is_almost_open() {
    let server = Server::start().await;
    let dialer = Dialer {
        before: Box::new(|_| Box::pin(tokio::time::sleep(Duration::from_millis(50)))),
        ..Dialer::new(server.address)
    };
    let dials = Arc::clone(&dialer.dials);
    let pool = pool_of(dialer, LIMITS);
    for _ in 0..10 {
        join_all((0..4).map(|_| call(&pool, "/ok"))).await;
    }
    assert_eq!(dials.load(Ordering::Relaxed), 4);
    assert_eq!(server.open(), 4);
}
