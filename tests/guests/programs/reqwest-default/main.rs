//! `reqwest::Client::new()` works as before, and its ClientHello offers the same.

use std::{env, fs};

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
    let authority = fs::read(env::var("CA_PEM").expect("start it with `./run`")).expect("a file");
    let authority = reqwest::Certificate::from_pem(&authority).expect("a certificate");
    let client = reqwest::Client::builder().tls_certs_merge([authority]).build().expect("a client");
    println!("{}", get(&client, "HTTPS_URL").await);
}

async fn get(client: &reqwest::Client, url: &str) -> String {
    let url = env::var(url).expect("start it with `./run`");
    client.get(url).send().await.expect("a response").text().await.expect("its body")
}
