//! `reqwest::Client::new()` works as before, and its ClientHello offers the same.

#[path = "../../own_client/reqwest.rs"]
mod own_client;

use own_client::own_client;

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
