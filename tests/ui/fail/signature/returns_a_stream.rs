//! The method returns a stream, or another type that it doesn't name.
use courier_core::{Result, Transport, endpoint};
use futures_util::Stream;

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> impl Stream<Item = String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn boxed(&self) -> Result<Box<dyn Stream<Item = String>>>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn iterate(&self) -> Result<impl Iterator<Item = String>>;
}

fn main() {}
