//! Features of reqwest that other crates enable don't affect the library's requests. The environment names a proxy that does not exist.

use std::env;

use reqwest::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    own_client().await;
    #[cfg(feature = "guest")]
    std::thread::spawn(guest).join().expect("no panic");
    own_client().await;
}

#[cfg(feature = "guest")]
fn guest() {
    use guest::Echo as _;

    guest::check_plain();
    guest::check_tls();
    // The system resolver's message; that of hickory-dns is different.
    let nowhere = courier_core::ReqwestTransport::builder("http://nowhere.invalid").build().expect("a transport");
    let error = guest::block_on(async { nowhere.echo().await }).expect_err("no such host");
    assert!(format!("{error:#}").contains(SYSTEM_RESOLVER), "{error:#}");
}

const SYSTEM_RESOLVER: &str = "failed to lookup address information";

/// Shows that each of these features affects the program's own client; otherwise the guest's checks would prove nothing.
async fn own_client() {
    let client = Client::builder().no_proxy().cookie_store(true).build().expect("a client");
    for _ in 0..2 {
        println!("{}", get(&client).await.expect("a response"));
    }
    let error = get(&Client::new()).await.expect_err("no proxy listens");
    println!("by the proxy: {}", error.is_connect());
    let error = client.get("http://nowhere.invalid").send().await.expect_err("no such host");
    println!("by the system's resolver: {}", format!("{error:?}").contains(SYSTEM_RESOLVER));
}

async fn get(client: &Client) -> reqwest::Result<String> {
    client.get(env::var("HTTP_URL").expect("start it with `./run`")).send().await?.text().await
}
