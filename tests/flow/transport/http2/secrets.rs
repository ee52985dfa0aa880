//! h2 and hyper-util log the path, query and headers of a request; no record contains a secret.

use courier_core::{Result, Secret, Text, Transport, endpoint};

use super::server::Listener;
use crate::flow::key_search::{assert_hidden, logged_crates};
use crate::flow::server::KEY;
use crate::under_test::Network;

trait Everywhere: Transport {
    #[endpoint(GET, "/bot<token>?<api_key>", ok = 200)]
    async fn get(&self, token: &Secret, api_key: &Secret, #[header("x-api-key")] key: &Secret) -> Result<Text>;
}
impl<T: Transport> Everywhere for T {}

#[tokio::test]
async fn http2_logs_contain_no_secret_of_a_path_a_query_or_a_header() {
    let listener = Listener::bind().await;
    let builder = Network::builder(listener.url()).basic_auth("", KEY).secret_query("second", KEY);
    let transport = builder.http2_prior_knowledge().build().expect("a client");
    let key = Secret::new(KEY);
    let (response, ()) = tokio::join!(transport.get(&key, &key, &key), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        connection.respond(stream, KEY).await;
    });
    assert_eq!(response.expect("a response").0, KEY);
    // The connection is closed, and the server accepts no other.
    drop(listener);
    assert_hidden(&transport.get(&key, &key, &key).await.expect_err("a closed connection"));
    assert!(logged_crates().contains("h2"), "{:?}", logged_crates());
}
