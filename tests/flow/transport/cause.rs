//! The chain of an error: whoever walks it, or prints it with `{:#}`, finds each cause exactly once.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{Transport, TransportError, TransportErrorKind};
use courier_core::{Error, MemoryTransport, Result, endpoint};

use super::http2::server::Listener;
use super::tls::server::{Authority, HOST, TlsServer};
use crate::flow::key_search::assert_hidden;
use crate::flow::record::ID;
use crate::flow::server::{KEY, Reply, Server, unused_address};
use crate::under_test::Network;

trait Reads: Transport {
    #[endpoint(GET, "/file/<name>", ok = 200)]
    async fn read(&self, name: &str) -> Result<()>;
}
impl<T: Transport> Reads for T {}

fn client(base_url: impl AsRef<str>) -> Network {
    Network::builder(base_url).bearer_token(KEY).build().expect("a client")
}

/// The error of a call that has these texts: its own, and those of its causes.
///
/// `{:#}` is what anyhow prints for it, `Debug` has the same text, and no cause is in another one's text or in the error's own.
fn causes<T: std::fmt::Debug>(result: Result<T>) -> (Error, Vec<String>) {
    let error = result.expect_err("no outcome");
    assert_hidden(&error);
    let (own, all) = (error.to_string(), format!("{error:#}"));
    let causes: Vec<String> =
        std::iter::successors(error.source(), |&cause| cause.source()).map(ToString::to_string).collect();
    let joined = causes.iter().fold(own.clone(), |text, cause| format!("{text}: {cause}"));
    assert_eq!(all, joined);
    for cause in &causes {
        assert_eq!(all.matches(cause.as_str()).count(), 1, "{all}");
    }
    for debug in [format!("{error:?}"), format!("{error:#?}")] {
        assert!(debug.contains(&all), "{debug}");
    }
    if let Some(below) = transport_error(&error) {
        assert!(own.ends_with(&below.to_string()), "{own}");
        assert!(all.ends_with(&format!("{below:#}")), "{all}");
        assert!(format!("{below:?}").contains(&format!("{below:#}")), "{below:?}");
        let first = StdError::source(below).map(ToString::to_string);
        assert_eq!(first.as_ref(), causes.first(), "both chains continue with the same cause");
    }
    let error = anyhow::Error::from(error);
    assert_eq!(format!("{error:#}"), all);
    assert_eq!(error.chain().count(), 1 + causes.len());
    (error.downcast().expect("what it was made from"), causes)
}

fn transport_error(error: &Error) -> Option<&TransportError> {
    match error {
        Error::Transport { source, .. } | Error::Timeout { source, .. } | Error::TooLarge { source, .. } => {
            Some(source)
        }
        _ => None,
    }
}

fn io_kind(error: &Error) -> Option<io::ErrorKind> {
    Some(error.source()?.downcast_ref::<io::Error>()?.kind())
}

#[tokio::test]
async fn a_refused_connection_has_the_io_error_of_the_system_as_its_one_cause() {
    let url = format!("http://{}", unused_address().await);
    let (error, causes) = causes(client(&url).read("1").await);
    assert_eq!(io_kind(&error), Some(io::ErrorKind::ConnectionRefused), "{causes:?}");
    let os = error.source().and_then(|error| error.downcast_ref::<io::Error>()?.raw_os_error());
    assert!(os.is_some(), "{causes:?}");
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert_eq!(error.to_string(), format!("read (GET /file/<name>): no connection to {url}; nothing was sent"));
}

#[tokio::test]
async fn an_unknown_host_has_the_io_error_of_the_lookup_as_its_one_cause() {
    let (error, causes) = causes(client("https://nobody.invalid").read("1").await);
    assert!(io_kind(&error).is_some(), "{error:#}");
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert!(error.is_connect() && !error.to_string().contains("lookup"), "{error}");
}

#[tokio::test]
async fn a_reset_connection_has_the_io_error_as_its_one_cause_before_and_after_the_head() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    for (reply, says) in [
        (Reply::silence().and_reset(), "the connection was reset: the server, or a proxy before it"),
        (Reply::raw(head).and_reset(), "the connection was reset before the response was complete"),
    ] {
        let server = Server::start([reply]).await;
        let (error, causes) = causes(server.transport().read("1").await);
        assert_eq!(io_kind(&error), Some(io::ErrorKind::ConnectionReset), "{error:#}");
        assert_eq!(causes.len(), 1, "{causes:?}");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn a_reset_connection_of_http2_has_the_io_error_as_its_cause() {
    let listener = Listener::bind().await;
    let builder = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
    let transport = builder.build().expect("a client");
    let (result, ()) = tokio::join!(transport.read("1"), async {
        let mut connection = listener.accept().await;
        connection.request().await;
        connection.abort();
    });
    let (error, causes) = causes(result);
    // The system reports the second to a client that is still writing.
    let kinds = [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe];
    assert!(io_kind(&error).is_some_and(|kind| kinds.contains(&kind)), "{error:#}");
    assert_eq!(causes.len(), 1, "{causes:?}");
}

#[tokio::test]
async fn a_response_that_is_not_http_has_the_one_cause_that_says_what_is_wrong() {
    let server = Server::start([Reply::raw("SSH-2.0-OpenSSH_9.6\r\n\r\n").and_close()]).await;
    let (error, causes) = causes(server.transport().read("1").await);
    assert_eq!(causes, ["invalid HTTP version parsed"], "{error:#}");
}

#[tokio::test]
async fn a_tls_failure_is_in_the_errors_own_text_and_has_no_cause() {
    let server = TlsServer::start(Authority::new("Flow").server(&[HOST], |_| {}), String::new()).await;
    let (error, causes) = causes(client(server.url()).read("1").await);
    assert!(causes.is_empty(), "{causes:?}");
    assert!(error.to_string().contains(": the server's certificate is from an unknown issuer"), "{error}");
}

#[tokio::test]
async fn a_code_of_http2_is_in_the_errors_own_text_and_has_no_cause() {
    let listener = Listener::bind().await;
    let builder = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
    let transport = builder.build().expect("a client");
    let (result, _open) = tokio::join!(transport.read("1"), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        connection.reset(stream, 2).await;
        connection
    });
    let (error, causes) = causes(result);
    assert!(causes.is_empty(), "{causes:?}");
    assert!(error.to_string().contains("INTERNAL_ERROR: it had an internal error"), "{error}");
}

#[tokio::test]
async fn a_timeout_has_no_cause() {
    let server = Server::start([Reply::silence()]).await;
    let transport = Network::builder(server.url()).attempt_timeout(Duration::from_millis(50));
    let (error, causes) = causes(transport.build().expect("a client").read("1").await);
    assert!(error.is_timeout() && causes.is_empty(), "{error:#}");
    assert!(error.to_string().contains("no complete response from http://127.0.0.1:"), "{error}");
    assert!(error.to_string().ends_with(" within 50ms (`attempt_timeout`); the request may have arrived"), "{error}");
}

#[tokio::test]
async fn a_body_that_is_too_large_or_not_gzip_has_no_cause() {
    let length = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n";
    let gzip = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}";
    for (head, says) in [
        (length, "has more than 7 bytes (`max_body_bytes`); the status was 200 OK"),
        (gzip, ": it doesn't begin with a gzip header; the status was 200 OK"),
    ] {
        let server = Server::start([Reply::raw(head)]).await;
        let (error, causes) = causes(server.transport().read("1").max_body_bytes(7).await);
        assert!(causes.is_empty() && error.to_string().ends_with(says), "{error:#}");
    }
}

#[tokio::test]
async fn an_error_before_or_after_the_transport_has_no_cause() {
    for (id, status) in [("..", 200), (ID, 200), (ID, 404)] {
        let memory = MemoryTransport::new().answer(status, "{\"id\": 7}");
        let (error, causes) = causes(memory.cancel(id).await);
        assert!(causes.is_empty() && transport_error(&error).is_none(), "{error:#}");
    }
}

/// What a user's own transport gives as its source is shown with everything below it.
#[tokio::test]
async fn the_chain_of_another_transports_error_is_kept_whole() {
    #[derive(Debug)]
    struct Unplugged(io::Error);
    impl std::fmt::Display for Unplugged {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the cable is unplugged")
        }
    }
    impl StdError for Unplugged {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }
    let source = Unplugged(io::ErrorKind::NetworkDown.into());
    let error = TransportError::not_sent(TransportErrorKind::Connect).with_source(source);
    let (_, causes) = causes(MemoryTransport::new().play(Err(error)).read("1").await);
    assert_eq!(causes, ["the cable is unplugged", "network down"]);
}
