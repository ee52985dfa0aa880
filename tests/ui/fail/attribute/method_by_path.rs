//! The method is a constant of the `http` crate.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(http::Method::GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
