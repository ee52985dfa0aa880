//! The template is empty.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
