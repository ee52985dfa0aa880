//! Request: what goes over the wire, and what a caller sees of it first.

use courier_core::messages::{Cancellation, Messages};
use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{
    Call, CallOptions, Endpoint, Error, InvalidRequest, MemoryTransport, NoRequest, Request, Response, Result,
    Transport, endpoint,
};

use super::record::{ID, record};
use super::server::{KEY, Reply, Server};
use crate::under_test::Network;

mod accept;
mod bodies;
mod headers;
mod methods;
mod not_a_number;
mod private_names;
mod query;
mod query_lists;
mod query_struct;
mod query_text;
mod segments;

const USER_AGENT: &str = concat!("courier-core/", env!("CARGO_PKG_VERSION"));

#[tokio::test]
async fn a_cancellation_sends_exactly_these_bytes() {
    let mut server = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let _cancelled = server.courier().cancel(ID).await.expect("a cancellation");

    let request = server.request().await;
    assert_eq!(request.request_line(), "POST /messages/1-65f0c0e1/cancel HTTP/1.1");
    // The complete list: nothing else identifies the caller, and the length appears once.
    assert_eq!(
        request.header_lines(),
        [
            "accept-encoding: gzip",
            "accept: application/json",
            &format!("authorization: Bearer {KEY}"),
            "content-length: 0",
            &format!("host: {}", server.address()),
            &format!("user-agent: {USER_AGENT}"),
        ]
    );
}

#[tokio::test]
async fn the_base_urls_path_precedes_the_endpoints_with_or_without_a_trailing_slash() {
    for prefix in ["/courier/v1", "/courier/v1/"] {
        let mut server = Server::start([Reply::json(200, record("CANCELED"))]).await;
        let courier = server.builder().base_url(server.url() + prefix).build().expect("a client");
        let _cancelled = courier.cancel("a/b").await.expect("a cancellation");
        assert_eq!(server.request().await.target(), "/courier/v1/messages/a%2Fb/cancel", "{prefix}");
    }
}

#[tokio::test]
async fn a_calls_header_replaces_the_clients() {
    let mut server = Server::start([Reply::json(200, record("CANCELED")), Reply::json(200, record("CANCELED"))]).await;
    let courier = server.courier();
    let call = courier
        .cancel(ID)
        .header("X-Request-Id", "7f3c")
        .header("x-request-id", "7f3d")
        .header("ACCEPT", "application/vnd.courier+json")
        .header("user-agent", "my-app/2.0")
        .header("authorization", "Bearer another");
    let _cancelled = call.await.expect("a cancellation");

    let request = server.request().await;
    assert_eq!(request.header("x-request-id"), ["7f3d"]);
    assert_eq!(request.header("accept"), ["application/vnd.courier+json"]);
    assert_eq!(request.header("user-agent"), ["my-app/2.0"]);
    assert_eq!(request.header("authorization"), ["Bearer another"]);

    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    let request = server.request().await;
    assert_eq!(request.header("x-request-id"), [""; 0], "the header was for one call");
    assert_eq!(request.header("user-agent"), [USER_AGENT]);
    assert_eq!(request.header("authorization"), [format!("Bearer {KEY}")]);
}

#[tokio::test]
async fn an_invalid_header_fails_the_call_before_anything_is_sent() {
    let mut server = Server::start([]).await;
    let courier = server.courier();
    for (name, value) in [
        ("", "s3cret"),
        ("x y", "s3cret"),
        ("x:", "s3cret"),
        ("x-ü", "s3cret"),
        ("x\r\ny", "s3cret"),
        ("x-token", "s3cret\r\nx-other: 1"),
        ("x-token", "s3cret\n"),
        ("x-token", "s3cret\0"),
        ("x-token", "s3crét"),
        // A header that frames or routes the message could smuggle in another one.
        ("Content-Length", "5"),
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
        ("host", "elsewhere.example"),
        ("upgrade", "h2c"),
    ] {
        let error = courier.cancel(ID).header(name, value).await.expect_err(name);
        let Error::Invalid { source: InvalidRequest::Header { name: message, .. }, .. } = &error else {
            panic!("{name:?}: {error:?}")
        };
        assert_eq!(message, name);
        assert!(!error.may_have_arrived());
        assert!(!format!("{error} {error:?}").contains("s3cr"), "a header's value may be a secret: {error}");
    }
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn the_first_mistake_of_a_call_is_reported() {
    let transport = MemoryTransport::new();
    let call = transport.cancel("..").header("x y", "1").header("host", "2");
    assert!(call.request().is_none());
    let error = call.await.expect_err("two dots");
    assert!(matches!(error, Error::Invalid { source: InvalidRequest::Segment { .. }, .. }), "{error:?}");
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test]
async fn a_call_shows_the_request_it_will_send() {
    let transport = MemoryTransport::new().answer(200, record("CANCELED"));
    let call = transport.cancel("a b").header("x-request-id", "7f3c");

    let request = call.request().expect("a valid request");
    let shown = format!("{request:?}");
    assert_eq!((request.method().as_str(), request.uri().to_string()), ("POST", "/messages/a%20b/cancel".to_owned()));
    assert_eq!(request.headers()["accept"], "application/json");
    assert_eq!(request.headers()["content-length"], "0");
    assert_eq!(request.headers()["x-request-id"], "7f3c");
    assert!(request.body().length() == Some(0));

    let _cancelled = call.await.expect("a cancellation");
    assert_eq!(format!("{:?}", transport.requests()[0]), shown, "exactly this was sent");
}

#[tokio::test]
async fn the_request_of_a_call_can_be_taken_and_sent_another_way() {
    let transport = MemoryTransport::new();
    let request = transport.cancel(ID).max_body_bytes(7).header("x-id", "1").into_request().expect("valid");
    assert_eq!(request.uri(), "/messages/1-65f0c0e1/cancel");
    assert_eq!(request.headers()["x-id"], "1");
    assert_eq!(CallOptions::of(&request).max_body_bytes(), Some(7), "the options travel with the request");
    assert_eq!(transport.requests().len(), 0);

    let other = MemoryTransport::new().answer(404, "");
    assert_eq!(other.send(request).await.expect("a response").status(), 404);

    let refused = transport.cancel(".").into_request().expect_err("one dot");
    assert!(
        matches!(&refused, NoRequest::Invalid(InvalidRequest::Segment { template: "<message_id>", value, .. }) if value == "."),
        "{refused:?}"
    );
    let fake: Call<'_, Result<Cancellation>> = Call::from_future(async { unreachable!("never polled") });
    assert_eq!(fake.into_request().expect_err("no request belongs to it"), NoRequest::Fake);
}

#[tokio::test]
async fn a_client_of_another_api_has_the_user_agent_of_its_program_or_none() {
    let mut server = Server::from_fn(|_| Reply::json(200, record("CANCELED"))).await;
    let _cancelled = server.without_key().cancel(ID).await.expect("a cancellation");
    assert_eq!(server.request().await.header("user-agent"), [""; 0]);
    let transport = Network::builder(server.url()).user_agent("my-app/2.0").build().expect("a transport");
    let _cancelled = transport.cancel(ID).await.expect("a cancellation");
    assert_eq!(server.request().await.header("user-agent"), ["my-app/2.0"]);
}

#[tokio::test]
async fn a_transport_finds_the_declaration_in_the_request() {
    /// Returns the template as the body.
    struct Mirror;
    impl Transport for Mirror {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            let endpoint = Endpoint::of(&request).expect("the request of an endpoint");
            Box::pin(async move { Ok(Response::new(format!("{:?}", endpoint.template()).into())) })
        }
    }
    trait Reports: Transport {
        #[endpoint(GET, "/reports/<year>-<month>", ok = 200)]
        async fn report(&self, year: u16, month: u8) -> Result<String>;
    }
    impl Reports for Mirror {}

    assert_eq!(Mirror.report(2024, 3).await.expect("a response"), "/reports/<year>-<month>");
    assert!(Endpoint::of(&Request::new("without an endpoint".into())).is_none());
}
