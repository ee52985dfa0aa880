//! What other crates switch on in reqwest is not seen in our requests. The environment names a proxy, which is not there.

use std::env;

use reqwest::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    house().await;
    #[cfg(feature = "guest")]
    std::thread::spawn(guest).join().expect("the guest behaves");
    house().await;
}

#[cfg(feature = "guest")]
fn guest() {
    use guest::Echo as _;

    guest::check_plain();
    guest::check_tls();
    // The words are those of the system's resolver; the house's own has others.
    let nowhere = courier_core::ReqwestTransport::builder("http://nowhere.invalid").build().expect("a transport");
    let error = guest::block_on(async { nowhere.echo().await }).expect_err("no such host");
    assert!(error.to_string().contains(SYSTEM_RESOLVER), "{error}");
}

const SYSTEM_RESOLVER: &str = "failed to lookup address information";

/// Each of these features has an effect on the program's own client: otherwise the guest's checks would show nothing.
async fn house() {
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
    client.get(env::var("HTTP_URL").expect("run it by `./run`")).send().await?.text().await
}
