//! The environment can't send the key through a proxy.

use std::env;
use std::process::Command;

use courier_core::Courier;
use courier_core::messages::Messages as _;

use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server};

const NAME: &str = "flow::transport::proxies::proxies_from_the_environment_are_ignored";
const BASE_URL: &str = "COURIER_TESTS_BASE_URL";

/// The environment belongs to the process, so the test runs itself again in a child process.
#[tokio::test]
async fn proxies_from_the_environment_are_ignored() {
    if let Ok(base_url) = env::var(BASE_URL) {
        let courier = Courier::builder().api_key(KEY).base_url(base_url).build().expect("a client");
        let _cancelled = courier.cancel(ID).await.expect("a response from the server itself");
        return;
    }
    let mut server = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let mut proxy = Server::start([Reply::json(200, record("CANCELED"))]).await;

    let mut again = Command::new(env::current_exe().expect("this test's program"));
    again.args(["--exact", NAME]).env(BASE_URL, server.url());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        again.env(variable, proxy.url()).env(variable.to_lowercase(), proxy.url());
    }
    again.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = tokio::task::spawn_blocking(move || again.output()).await.expect("no panic").expect("a process");

    let message = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && message.contains("1 passed"), "{message}");
    assert_eq!(server.received().len(), 1);
    assert_eq!(proxy.received().len(), 0);
}
