//! The argument of `<path..>` is a list, which has no text of its own.
use courier_core::{Result, Transport, endpoint};

trait Files: Transport {
    #[endpoint(GET, "/files/<path..>", ok = 200)]
    async fn get(&self, path: &[&str]) -> Result<String>;
}

fn main() {}
