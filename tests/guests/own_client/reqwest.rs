//! The own clients of the programs whose reqwest has TLS: a module of each, so that no crate between them has a feature in common.

use std::{env, fs};

/// Prints what the server sees of the program's own client.
pub(crate) async fn own_client() {
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
