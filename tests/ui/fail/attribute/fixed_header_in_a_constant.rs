//! A fixed header's value is a constant.
use courier_core::{Result, Transport, endpoint};

const VERSION: &str = "2";

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("x-v" = crate::VERSION))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
