//! No outcome is declared.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
