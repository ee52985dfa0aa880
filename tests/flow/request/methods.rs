//! The seven methods on the wire.

use courier_core::{Result, Transport, endpoint};

use crate::flow::server::{Received, Reply, Server};

trait Things: Transport {
    #[endpoint(GET, "/things/<id>", ok = 204)]
    async fn get(&self, id: u8) -> Result<()>;
    #[endpoint(HEAD, "/things/<id>", ok = 204)]
    async fn head(&self, id: u8) -> Result<()>;
    #[endpoint(POST, "/things/<id>", ok = 204)]
    async fn post(&self, id: u8) -> Result<()>;
    #[endpoint(PUT, "/things/<id>", ok = 204)]
    async fn put(&self, id: u8) -> Result<()>;
    #[endpoint(PATCH, "/things/<id>", ok = 204)]
    async fn patch(&self, id: u8) -> Result<()>;
    #[endpoint(DELETE, "/things/<id>", ok = 204)]
    async fn delete(&self, id: u8) -> Result<()>;
    #[endpoint(OPTIONS, "/things/<id>", ok = 204)]
    async fn options(&self, id: u8) -> Result<()>;
    #[endpoint(HEAD, "/large", ok = 200)]
    async fn large(&self) -> Result<()>;
}

impl<T: Transport> Things for T {}

#[tokio::test]
async fn each_method_is_sent_as_declared_with_a_length_if_it_allows_a_body() {
    let mut server = Server::from_fn(|_| Reply::raw("HTTP/1.1 204 No Content\r\n\r\n")).await;
    let transport = server.without_key();
    transport.get(1).await.expect("204");
    transport.head(2).await.expect("204");
    transport.post(3).await.expect("204");
    transport.put(4).await.expect("204");
    transport.patch(5).await.expect("204");
    transport.delete(6).await.expect("204");
    transport.options(7).await.expect("204");

    let sent = |request: &Received| {
        let lengths = request.header("content-length").join(", ");
        assert_eq!(request.header("transfer-encoding"), [""; 0]);
        format!("{} [{lengths}]", request.request_line())
    };
    assert_eq!(
        server.received().iter().map(sent).collect::<Vec<_>>(),
        [
            "GET /things/1 HTTP/1.1 []",
            "HEAD /things/2 HTTP/1.1 []",
            "POST /things/3 HTTP/1.1 [0]",
            "PUT /things/4 HTTP/1.1 [0]",
            "PATCH /things/5 HTTP/1.1 [0]",
            "DELETE /things/6 HTTP/1.1 []",
            "OPTIONS /things/7 HTTP/1.1 []",
        ]
    );
}

/// The `content-length` is that of the body which a GET would return.
#[tokio::test]
async fn a_response_to_head_has_no_body_regardless_of_its_length() {
    let response = "HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n";
    let server = Server::start([Reply::raw(response)]).await;
    let response = server.without_key().large().with_response().await.expect("200");
    assert_eq!(response.headers["content-length"], "999999999");
}
