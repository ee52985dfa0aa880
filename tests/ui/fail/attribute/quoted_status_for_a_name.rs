//! A quoted status is given by name.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/issues", status = "404")]
    async fn get(&self) -> Result<()>;
}

fn main() {}
