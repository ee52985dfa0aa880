//! The error type can't hold a call's own errors.
use courier_core::{Result, Transport, endpoint};

struct MyError;

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String, MyError>;

    #[endpoint(DELETE, "/messages", some = 200, none = 404)]
    async fn delete(&self) -> Result<Option<String>, MyError>;
}

fn main() {}
