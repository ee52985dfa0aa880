//! The connections of several runtimes.

use tokio::runtime::{Builder, Runtime};

use super::*;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// A server in a runtime with a thread of its own.
fn server() -> (Runtime, Server) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = runtime.block_on(Server::start());
    (runtime, server)
}

#[test]
fn each_runtime_has_its_own_connections() {
    let (_runtime, mut server) = server();
    let pool = pool(&server, LIMITS);
    let (first, second) = (runtime(), runtime());
    for runtime in [&first, &second, &first, &second] {
        runtime.block_on(ok(&pool));
    }
    assert_eq!(server.connections(), [0, 1, 0, 1]);
    drop(first);
    second.block_on(ok(&pool));
    runtime().block_on(ok(&pool));
    assert_eq!(server.connections(), [1, 2]);
}

#[test]
fn a_pool_outlives_more_runtimes_than_it_keeps_connections_for() {
    let (server_runtime, server) = server();
    let pool = pool(&server, LIMITS);
    for _ in 0..70 {
        runtime().block_on(ok(&pool));
    }
    drop(pool);
    server_runtime.block_on(server.until_open(0));
}

#[test]
fn a_body_that_is_read_outside_its_runtime_returns_its_connection() {
    let (server_runtime, mut server) = server();
    let pool = pool(&server, Limits { idle_timeout: Duration::from_millis(300), ..LIMITS });
    let home = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let response = home.block_on(pool.call(get("/chunked"))).expect("a response");
    runtime().block_on(async { read(response).await.expect("a body") });
    let mut body = home.block_on(pool.call(get("/ok"))).expect("a response").into_body();
    // No runtime at all.
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    while Pin::new(&mut body).poll_frame(&mut context).is_pending() {
        std::thread::yield_now();
    }
    home.block_on(ok(&pool));
    assert_eq!(server.connections(), [0, 0, 0]);
    // The runtime of the call closes it.
    server_runtime.block_on(server.until_open(0));
}
