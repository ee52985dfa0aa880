//! A method that is not `async` returns a future.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> impl Future<Output = Result<String>>;
}

fn main() {}
