//! Idle connections: how many are kept, how long, and how the system checks that they still work.

use std::time::{Duration, Instant};

use courier_core::Result;
use courier_core::messages::Messages as _;
use courier_core::transport::TransportBuilder;
use futures_util::future::join_all;

use super::Pings as _;
use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

const IDLE: Duration = Duration::from_millis(300);

fn builder(server: &Server) -> TransportBuilder<Network> {
    Network::builder(server.url())
}

/// The connections of all requests so far.
fn connections(server: &mut Server) -> Vec<usize> {
    server.received().iter().map(|request| request.connection).collect()
}

async fn ok(replies: usize, headers: &'static [&'static str]) -> Server {
    Server::start((0..replies).map(|_| Reply::with_headers(200, headers, record("CANCELED")))).await
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_the_idle_timeout() {
    // A server that would keep it for longer makes no difference.
    for headers in [&[][..], &["keep-alive: timeout=60"]] {
        let mut server = ok(1, headers).await;
        let courier = server.builder().pool_idle_timeout(IDLE).build().expect("a client");
        let start = Instant::now();
        let _cancelled = courier.cancel(ID).await.expect("a cancellation");
        server.closed().await;
        let elapsed = start.elapsed();
        assert!((IDLE..Duration::from_secs(2)).contains(&elapsed), "{elapsed:?}");
    }
}

#[tokio::test]
async fn an_idle_connection_is_used_until_the_idle_timeout() {
    for (idle, expected) in [(IDLE, [0, 1]), (4 * IDLE, [0, 0])] {
        let mut server = ok(2, &[]).await;
        let transport = builder(&server).pool_idle_timeout(idle).build().expect("a transport");
        transport.ping().await.expect("a response");
        tokio::time::sleep(2 * IDLE).await;
        transport.ping().await.expect("a response");
        assert_eq!(connections(&mut server), expected, "{idle:?}");
    }
}

#[tokio::test]
async fn without_idle_connections_every_call_opens_its_own() {
    let mut server = ok(3, &[]).await;
    let transport = builder(&server).pool_max_idle(0).build().expect("a transport");
    for _ in 0..3 {
        transport.ping().await.expect("a response");
    }
    server.closed().await;
    let mut server = ok(3, &[]).await;
    let courier = server.builder().pool_max_idle(0).build().expect("a client");
    for _ in 0..3 {
        let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    }
    assert_eq!(connections(&mut server), [0, 1, 2]);
}

#[tokio::test]
async fn at_most_this_many_idle_connections_are_kept() {
    for (max_idle, kept) in [(Some(2), 2), (None, 4)] {
        let mut server = ok(8, &[]).await;
        let builder = builder(&server);
        let builder = match max_idle {
            Some(connections) => builder.pool_max_idle(connections),
            None => builder,
        };
        let transport = builder.build().expect("a transport");
        for _ in 0..2 {
            let calls: Vec<Result<_>> = join_all((0..4).map(|_| transport.ping())).await;
            assert!(calls.iter().all(Result::is_ok), "{calls:?}");
        }
        let connections = connections(&mut server);
        let reused = connections[4..].iter().filter(|&&connection| connection < 4).count();
        assert_eq!(reused, kept, "{connections:?}");
    }
}

/// The time until the system checks the connection between these ports for the first time, if it does.
///
/// In `/proc/net/tcp`, the second and third column of a connection are its addresses, and the second part of the sixth is its
/// timer: 02 is the one for checks of an idle connection, with the time until it fires in hundredths of a second.
#[cfg(target_os = "linux")]
fn check_of_idle(local: u16, remote: u16) -> Option<Duration> {
    let connections = std::fs::read_to_string("/proc/net/tcp").expect("the connections of this machine");
    let line = connections.lines().find(|line| {
        let mut addresses = line.split_whitespace().skip(1);
        [local, remote]
            .iter()
            .all(|port| addresses.next().is_some_and(|address| address.ends_with(&format!(":{port:04X}"))))
    });
    let timer = line.expect("the connection").split_whitespace().nth(5).expect("a timer");
    let (kind, when) = timer.split_once(':').expect("a kind and a time");
    let hundredths = u64::from_str_radix(when, 16).expect("a number");
    (kind == "02").then(|| Duration::from_millis(hundredths * 10))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_system_checks_an_idle_connection_after_the_keepalive_interval() {
    for (interval, expected) in [(None, 15), (Some(100), 100), (Some(5), 5)] {
        let mut server = ok(1, &[]).await;
        let builder = builder(&server);
        let builder = match interval {
            Some(seconds) => builder.tcp_keepalive(Duration::from_secs(seconds)),
            None => builder,
        };
        let transport = builder.build().expect("a transport");
        let start = Instant::now();
        transport.ping().await.expect("a response");
        let port = server.request().await.peer.port();
        // Until the last bytes are acknowledged, the timer is another one.
        let wait = loop {
            if let Some(wait) = check_of_idle(port, server.address().port()) {
                break wait;
            }
            assert!(start.elapsed() < Duration::from_secs(5), "no timer");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let expected = Duration::from_secs(expected);
        assert!(wait <= expected && wait > expected / 2, "{interval:?}: {wait:?}");
    }
}
