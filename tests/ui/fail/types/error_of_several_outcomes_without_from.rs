//! The error type of a method with several outcomes has no `From<courier_core::Error>`.
use courier_core::{Transport, endpoint};

struct MyError;

trait Messages: Transport {
    #[endpoint(GET, "/messages/<id>", some = 200, none = 404)]
    async fn find(&self, id: &str) -> Result<Option<String>, MyError>;
}

fn main() {}
