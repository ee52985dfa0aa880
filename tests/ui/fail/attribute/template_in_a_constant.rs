//! The template is a constant, whose value the attribute does not know.
use courier_core::{Result, Transport, endpoint};

const LIST: &str = "/messages";

trait Api: Transport {
    #[endpoint(GET, LIST, ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
