//! `reqwest::Client::new()` doesn't ask for a provider of cryptography, which the program has no reason to know of.

use std::env;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    house().await;
    #[cfg(feature = "guest")]
    std::thread::spawn(|| {
        guest::check_plain();
        guest::check_tls();
    })
    .join()
    .expect("the guest behaves");
    house().await;
}

/// What the server sees of the program's own client.
async fn house() {
    let client = reqwest::Client::new();
    println!("{}", get(&client, "HTTP_URL").await);
}

async fn get(client: &reqwest::Client, url: &str) -> String {
    let url = env::var(url).expect("run it by `./run`");
    client.get(url).send().await.expect("a response").text().await.expect("its body")
}
