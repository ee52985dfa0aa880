//! Fixed headers follow an equals sign.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, headers = [("x-v", "5")])]
    async fn list(&self) -> Result<String>;
}

fn main() {}
