//! Concurrent calls over reqwest can open several HTTP/2 connections, of which only one is kept. Over hyper, they wait for one.

use std::sync::Arc;
use std::time::Duration;

use courier_core::transport::TransportErrorKind;
use courier_core::{Result, Transport, endpoint};
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::transport_error;
use crate::flow::key_search;
use crate::flow::server::KEY;
use crate::flow::transport::tls::server::{Authority, HOST};
use crate::under_test::{IS_OVER_HYPER, Network};

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 200)]
    async fn get(&self) -> Result<()>;
}
impl<T: Transport> Files for T {}

/// The server closes each connection after the TLS handshake.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_cancelled_with_another_calls_connection_was_not_sent() {
    key_search::begin();
    let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let authority = Authority::new("Flow");
    let mut config = authority.server(&[HOST], |_| ());
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let serving = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let acceptor = acceptor.clone();
            tokio::spawn(async move { drop(acceptor.accept(stream).await) });
        }
    });
    let mut seen = 0;
    // The order is up to chance: it happens to a few calls of a thousand, and never over hyper.
    for _ in 0..if IS_OVER_HYPER { 20 } else { 200 } {
        if seen > 0 {
            break;
        }
        let builder = Network::builder(&url).bearer_token(KEY).root_certificate_pem(authority.pem());
        let transport = builder.attempt_timeout(Duration::from_secs(5)).build().expect("a client");
        let calls = (0..16).map(|_| {
            let transport = transport.clone();
            tokio::spawn(async move { transport.get().await })
        });
        for result in join_all(calls).await {
            let error = transport_error(result.expect("no panic"));
            if error.to_string().contains("this call should have shared") {
                assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Interrupted, false));
                seen += 1;
            }
        }
    }
    serving.abort();
    assert_eq!(seen > 0, !IS_OVER_HYPER, "{seen} calls lost the connection that they should have shared");
}
