//! A raw body's type has a space at its end.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn send(&self, #[raw("text/markdown ")] text: &str) -> Result<String>;
}

fn main() {}
