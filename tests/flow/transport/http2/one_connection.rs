//! An HTTP/2 server that follows the rules: over TLS with ALPN, with prior knowledge, and for many concurrent calls.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use courier_core::{Result, Text, Transport, endpoint};
use futures_util::future::join_all;
use http::{Request, Response, Version};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::server::{Listener, frame};
use super::{assert_uses_a_new_connection, client, transport_error};
use crate::flow::key_search;
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, settle};
use crate::flow::transport::tls::server::{Authority, HOST, TlsServer};
use crate::under_test::{IS_OVER_HYPER, Network};

pub(in crate::flow::transport) trait Echoes: Transport {
    #[endpoint(GET, "/echo/<text>", ok = 200)]
    async fn echo(&self, text: &str) -> Result<Text>;
}

impl<T: Transport> Echoes for T {}

/// Responds to each request with its path, the last request first, and reports the connection of each.
async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    nth: usize,
    at_once: usize,
    sender: UnboundedSender<(usize, Request<()>)>,
) {
    let mut connection = h2::server::handshake(stream).await.expect("a preface");
    let mut waiting = Vec::new();
    while let Some(Ok((request, respond))) = connection.accept().await {
        waiting.push((request.uri().path().to_owned(), respond));
        sender.send((nth, request.map(drop))).ok();
        if waiting.len() < at_once {
            continue;
        }
        for (path, mut respond) in waiting.drain(..).rev() {
            let mut body = respond.send_response(Response::new(()), false).expect("a stream");
            body.send_data(Bytes::from(path), true).expect("a stream");
        }
    }
}

/// An echo server behind this listener, which responds once this many requests have arrived.
pub(in crate::flow::transport) fn echo(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    at_once: usize,
) -> UnboundedReceiver<(usize, Request<()>)> {
    key_search::begin();
    let (sender, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        for nth in 0.. {
            let (stream, _) = listener.accept().await.expect("a connection");
            let (tls, sender) = (tls.clone(), sender.clone());
            connections.spawn(async move {
                match tls {
                    Some(tls) => serve(tls.accept(stream).await.expect("a handshake"), nth, at_once, sender).await,
                    None => serve(stream, nth, at_once, sender).await,
                }
            });
        }
    });
    requests
}

pub(in crate::flow::transport) async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener").to_string();
    (listener, address)
}

/// Makes this many calls at the same time, over one connection. The server responds once it has them all.
pub(in crate::flow::transport) async fn assert_shared(
    transport: &Network,
    requests: &mut UnboundedReceiver<(usize, Request<()>)>,
    calls: usize,
) {
    let names: Vec<String> = (0..calls).map(|number| format!("number-{number}")).collect();
    let responses = join_all(names.iter().map(|name| transport.echo(name))).await;
    for (name, response) in names.iter().zip(responses) {
        assert_eq!(response.expect("a response").0, format!("/echo/{name}"));
    }
    for _ in 0..calls {
        let (connection, request) = requests.recv().await.expect("a request");
        assert_eq!((connection, request.version()), (0, Version::HTTP_2));
    }
}

#[tokio::test]
async fn a_hundred_concurrent_calls_share_a_connection_and_each_gets_its_own_response() {
    let (listener, address) = listener().await;
    let mut requests = echo(listener, None, 100);
    let builder = Network::builder(format!("http://{address}")).http2_prior_knowledge();
    let transport = builder.build().expect("a client");
    assert_shared(&transport, &mut requests, 100).await;
}

#[tokio::test]
async fn http2_is_used_if_the_server_offers_it() {
    let authority = Authority::new("Flow");
    let (listener, address) = listener().await;
    let mut config = authority.server(&[HOST], |_| {});
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut requests = echo(listener, Some(TlsAcceptor::from(Arc::new(config))), 1);

    let builder = Network::builder(format!("https://{address}")).bearer_token(KEY);
    let transport = builder.root_certificate_pem(authority.pem()).build().expect("a client");
    for text in ["a", "b"] {
        let response = transport.echo(text).await.expect("a response");
        assert_eq!(response.0, format!("/echo/{text}"));
        let (nth, request) = requests.recv().await.expect("a request");
        assert_eq!((nth, request.version()), (0, Version::HTTP_2));
        assert_eq!(request.headers()["authorization"], format!("Bearer {KEY}"));
    }

    // Every crate that has logged any of this is searched for the key.
    let logged = key_search::logged_crates();
    let of_transport: &[&str] = if IS_OVER_HYPER { &[] } else { &["hyper_util", "reqwest"] };
    for name in ["h2", "rustls"].iter().chain(of_transport) {
        assert!(logged.contains(*name), "{name} is not among {logged:?}");
    }
}

/// It is sent as a literal that neither the server nor a proxy may index (RFC 7541, section 7.1.3).
#[tokio::test]
async fn the_key_is_not_stored_in_the_header_compression_table() {
    // "Never indexed", and `authorization`, number 23 in the static table, in a prefix of four bits (sections 5.1 and
    // 6.2.3).
    const LITERAL: [u8; 2] = [0b0001_1111, 23 - 15];
    let listener = Listener::bind().await;
    let transport = client(&listener);
    let calls = async { (transport.cancel(ID).await, transport.cancel(ID).await) };
    let (results, _open) = tokio::join!(calls, async {
        let mut connection = listener.accept().await;
        for stream in [1, 3] {
            let block = connection.headers().await;
            assert!(block.windows(2).any(|two| two == LITERAL), "{block:02x?}");
            connection.respond(stream, &record("CANCELED")).await;
        }
        connection
    });
    assert!(matches!(results, (Ok(_), Ok(_))), "{results:?}");
}

#[tokio::test]
async fn http1_is_used_if_the_server_offers_nothing_else() {
    let authority = Authority::new("Flow");
    for offered in [vec![], vec![b"http/1.1".to_vec()]] {
        let mut config = authority.server(&[HOST], |_| {});
        config.alpn_protocols = offered;
        let response = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
        let server = TlsServer::start(config, response).await;
        let builder = Network::builder(server.url()).root_certificate_pem(authority.pem());
        assert_eq!(builder.build().expect("a client").echo("a").await.expect("a response").0, "ok");
    }
}

/// RFC 7301, section 3.2: a server that supports none of the protocols ends the handshake.
#[tokio::test]
async fn prior_knowledge_over_tls_offers_only_http2() {
    let authority = Authority::new("Flow");
    let mut config = authority.server(&[HOST], |_| {});
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let server = TlsServer::start(config, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let builder = Network::builder(server.url()).root_certificate_pem(authority.pem()).bearer_token(KEY);
    let transport = builder.http2_prior_knowledge().build().expect("a client");
    let error = transport_error(transport.cancel(ID).await);
    assert_eq!(error.kind(), TransportErrorKind::Tls);
    assert!(!error.may_have_arrived(), "{error}");
}

/// Otherwise every later call would use the connection and time out.
#[tokio::test]
async fn an_unresponsive_connection_is_closed_and_not_reused() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    let call = tokio::spawn({
        let transport = transport.clone();
        async move { transport.cancel(ID).await }
    });
    let mut silent = listener.accept().await;
    silent.request().await;
    settle().await;
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    let error = transport_error(call.await.expect("no panic"));
    assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error}");
    assert!(error.may_have_arrived());
    assert!(start.elapsed() < Duration::from_secs(16), "{:?}", start.elapsed());
    silent.next(frame::PING).await;

    tokio::time::resume();
    assert_uses_a_new_connection(&listener, &transport).await;
}
