//! The method returns a boxed future.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> std::pin::Pin<Box<dyn Future<Output = Result<String>> + Send>>;
}

fn main() {}
