//! A transport around a transport that implements no more than it must, one that passes extensions on and one that doesn't.

use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{BoxFuture, Deadline, Retry, TimeLimit, TransportError, TransportErrorKind};
use courier_core::{CallOptions, Error, MemoryTransport, Request, Response, Transport};

use crate::flow::key_search::assert_hidden;
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server};
use crate::under_test::{self, Network};

/// Passes on what came, as it came.
struct Faithful<T>(T);

impl<T: Transport> Transport for Faithful<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.0)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move { self.0.send(request).await })
    }
}

/// Builds request and response anew, and forgets their extensions.
struct Forgetful<T>(T);

impl<T: Transport> Transport for Forgetful<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.0)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let mut anew = Request::new(body);
            (*anew.method_mut(), *anew.uri_mut(), *anew.headers_mut()) = (parts.method, parts.uri, parts.headers);
            let (parts, body) = self.0.send(anew).await?.into_parts();
            let mut anew = Response::new(body);
            (*anew.status_mut(), *anew.headers_mut()) = (parts.status, parts.headers);
            Ok(anew)
        })
    }
}

/// Replaces the body, and leaves the headers as they are.
struct Rewriting<T>(T, &'static str);

impl<T: Transport> Transport for Rewriting<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.0)
    }

    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        *request.body_mut() = self.1.into();
        self.0.send(request)
    }
}

/// A wrong length would let a part of the body pass for the next request.
#[tokio::test]
async fn the_content_length_is_that_of_the_body_that_a_wrapper_put_in() {
    for body in ["", "{}", "GET /evil HTTP/1.1\r\n\r\n"] {
        let mut server = Server::start([Reply::json(200, record("CANCELED"))]).await;
        let _cancelled = Rewriting(server.transport(), body).cancel(ID).await.expect("a cancellation");
        let request = server.request().await;
        assert_eq!(request.header("content-length"), [body.len().to_string()]);
    }
}

#[test]
fn curl_has_the_base_url_through_every_wrapper_and_pointer() {
    let courier = || under_test::courier().api_key(KEY).base_url("https://example.com/v1").build().expect("a client");
    let transports: [Box<dyn Transport>; 5] = [
        Box::new(courier()),
        Box::new(Faithful(courier())),
        Box::new(Forgetful(Faithful(courier()))),
        Box::new(std::sync::Arc::new(Deadline::new(Retry::new(Faithful(Box::new(courier()))), Duration::ZERO))),
        Box::new(Faithful(Box::new(courier()) as Box<dyn Transport>)),
    ];
    for transport in transports {
        let curl = transport.cancel(ID).curl().expect("a request");
        assert!(curl.ends_with(&format!("'https://example.com/v1/messages/{ID}/cancel'")), "{curl}");
    }
}

#[tokio::test]
async fn an_error_hides_the_key_that_a_server_echoes_through_every_wrapper() {
    let echo = || Reply::json(401, format!(r#"{{"message": "bad key {KEY}"}}"#));
    let server = Server::start([echo(), echo(), echo()]).await;
    let error = Faithful(server.courier()).cancel(ID).await.expect_err("401");
    assert_hidden(&error);
    let error = Forgetful(server.courier()).cancel(ID).await.expect_err("401");
    assert!(error.to_string().contains("[redacted]"), "{error}");
    assert_hidden(&error);
    let error = Faithful(Forgetful(server.courier())).cancel(ID).await.expect_err("401");
    assert_hidden(&error);
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted_through_a_wrapper_that_passes_extensions_on() {
    let playing = || MemoryTransport::new().answer(503, "").answer(200, "[]");
    let attempts = |transport: Box<dyn Transport>| async move {
        transport.get(ID).with_response().await.expect_err("neither is a message").attempts()
    };
    assert_eq!(attempts(Box::new(Faithful(Retry::new(playing())))).await, 2);
    // Lost, and so reported as one: no less is known of the outcome.
    assert_eq!(attempts(Box::new(Forgetful(Retry::new(playing())))).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_its_deadline_through_every_wrapper() {
    /// Never responds.
    struct Silent;
    impl Transport for Silent {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(std::future::pending())
        }
    }
    let second = Duration::from_secs(1);
    let silent: [Box<dyn Transport>; 4] = [
        Box::new(Faithful(Deadline::new(Silent, 9 * second))),
        Box::new(Forgetful(Deadline::new(Silent, 9 * second))),
        Box::new(Deadline::new(Faithful(Silent), 9 * second)),
        Box::new(Deadline::new(Forgetful(Silent), 9 * second)),
    ];
    for transport in silent {
        for (call, after) in [(transport.cancel(ID).deadline(second), second), (transport.cancel(ID), 9 * second)] {
            let begin = tokio::time::Instant::now();
            let Err(Error::Timeout { source, .. }) = call.await else { panic!("it has no outcome") };
            let limit = TimeLimit::Deadline;
            assert_eq!(source.kind(), TransportErrorKind::Timeout { limit, after });
            assert!(source.may_have_arrived());
            assert_eq!(begin.elapsed(), after);
        }
    }
}

/// The call's own deadline may be longer than the client's.
#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_call_replaces_the_clients_also_if_it_is_longer() {
    struct After(Duration);
    impl Transport for After {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async {
                tokio::time::sleep(self.0).await;
                Ok(Response::new(record("CANCELED").into()))
            })
        }
    }
    let second = Duration::from_secs(1);
    let transport = Deadline::new(After(5 * second), second);
    transport.cancel(ID).await.expect_err("later than the client's");
    let _ = transport.cancel(ID).deadline(9 * second).await.expect("sooner than the call's");
    let _ = transport.cancel(ID).deadline(Duration::MAX).await.expect("it has all the time");
}

#[test]
fn what_a_call_asks_for_reaches_the_transport_below_a_wrapper_that_passes_it_on() {
    let asked = |wrap: fn(MemoryTransport) -> Box<dyn Transport>| {
        let memory = MemoryTransport::new().answer(404, "");
        let call = wrap(memory.clone());
        let call = call.cancel(ID).max_body_bytes(7).max_attempts(5);
        futures_util::FutureExt::now_or_never(call).expect("nothing to wait for").expect_err("404");
        let options = CallOptions::of(&memory.requests()[0]);
        (options.max_body_bytes(), options.max_attempts(), courier_core::Endpoint::of(&memory.requests()[0]).is_some())
    };
    assert_eq!(asked(|memory| Box::new(Faithful(memory))), (Some(7), Some(5), true));
    assert_eq!(asked(|memory| Box::new(Forgetful(memory))), (None, None, false));
}

#[tokio::test]
async fn any_api_can_have_a_deadline_for_all_calls() {
    let server = Server::start([Reply::silence()]).await;
    let transport = Network::builder(server.url()).build().expect("a transport");
    let transport = Deadline::new(transport, Duration::from_millis(50));
    let error = transport.cancel(ID).await.expect_err("no response");
    assert!(error.to_string().contains("within 50ms (`deadline`)"), "{error}");
    assert!(error.to_string().contains(&server.url()), "{error}");
}
