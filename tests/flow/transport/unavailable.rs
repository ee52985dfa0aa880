//! A 503 doesn't prove that nothing was done: a proxy also returns it if the server behind it acted and its response was
//! lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use courier_core::transport::Retry;
use courier_core::{Result, Transport, endpoint};

use crate::flow::server::{Reply, Server};

trait Orders: Transport {
    #[endpoint(POST, "/orders", ok = 201)]
    async fn order(&self) -> Result<()>;
    #[endpoint(POST, "/orders", ok = 201, idempotent)]
    async fn order_once(&self) -> Result<()>;
    #[endpoint(GET, "/orders", ok = 201)]
    async fn orders(&self) -> Result<()>;
}
impl<T: Transport> Orders for T {}

/// A server that acts on each request, and returns 503 for the first.
async fn acting() -> (Server, Arc<AtomicUsize>) {
    let acts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&acts);
    let server = Server::from_fn(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::with_headers(503, &["retry-after: 0"], ""),
        _ => Reply::json(201, ""),
    });
    (server.await, acts)
}

#[tokio::test]
async fn a_non_idempotent_request_is_executed_once_by_a_server_that_acts_and_returns_503() {
    let (server, acts) = acting().await;
    let error = server.courier().order().await.expect_err("503 is not declared");
    assert_eq!(error.status().expect("a response"), 503);
    assert!(error.may_have_arrived());
    assert_eq!((error.attempts(), acts.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn a_safe_or_idempotent_request_is_retried_after_a_503() {
    for idempotent in [true, false] {
        let (server, acts) = acting().await;
        let courier = server.courier();
        let call = if idempotent { courier.order_once() } else { courier.orders() };
        call.await.expect("the second response");
        assert_eq!(acts.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn a_503_is_retried_for_every_method_after_opt_in() {
    for by_itself in [false, true] {
        let (server, acts) = acting().await;
        let result = if by_itself {
            Retry::new(server.transport()).retry_unavailable_for_every_method().order().await
        } else {
            let builder = server.builder().retry_unavailable_for_every_method();
            builder.build().expect("a client").order().await
        };
        result.expect("the second response");
        assert_eq!(acts.load(Ordering::SeqCst), 2);
    }
}
