//! A type parameter lacks the bound that its place asks for.
use courier_core::{Result, Transport, endpoint};

trait Messages: Transport {
    #[endpoint(POST, "/messages/<id>", ok = 200)]
    async fn send<I, B>(&self, id: I, #[body] body: B) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn list<T>(&self) -> Result<T>;
}

fn main() {}
