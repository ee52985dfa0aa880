//! `reqwest::Client::new()` still works without a crypto provider; this program has no TLS itself.

use std::env;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    own_client().await;
    #[cfg(feature = "guest")]
    std::thread::spawn(|| {
        guest::check_plain();
        guest::check_tls();
    })
    .join()
    .expect("no panic");
    own_client().await;
}

/// Prints what the server sees of the program's own client.
async fn own_client() {
    let client = reqwest::Client::new();
    println!("{}", get(&client, "HTTP_URL").await);
}

async fn get(client: &reqwest::Client, url: &str) -> String {
    let url = env::var(url).expect("start it with `./run`");
    client.get(url).send().await.expect("a response").text().await.expect("its body")
}
