//! An `async` method stands in a trait of ones that block.
use courier_core::{Result, blocking, endpoint};

trait Api: blocking::Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
