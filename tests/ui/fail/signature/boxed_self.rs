//! The method takes a boxed `self`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(self: Box<Self>) -> Result<String>;
}

fn main() {}
