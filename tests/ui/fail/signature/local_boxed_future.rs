//! The return type is a `LocalBoxFuture`.
use courier_core::{Result, Transport, endpoint};
type LocalBoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + 'a>>;

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> LocalBoxFuture<'_, Result<String>>;
}

fn main() {}
