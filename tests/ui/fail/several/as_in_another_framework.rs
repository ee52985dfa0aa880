//! A declaration is written as in a web framework, in every part of it.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint("post", "/messages/{id}/:part", status = 200, Conflict = StatusCode::CONFLICT)]
    pub async fn post(&mut self, #[path] id: &str, part: &str, #[json] message: &str) -> Vec<u8>;
}

fn main() {}
