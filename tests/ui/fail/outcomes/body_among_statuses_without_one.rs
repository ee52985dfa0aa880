//! The one outcome is read from a body, and some of its statuses have none.
use courier_core::{Result, Transport, endpoint};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message {
    id: String,
}

trait Api: Transport {
    #[endpoint(PUT, "/messages/<id>", ok = 200 | 204)]
    async fn update(&self, id: &str) -> Result<Vec<String>>;

    #[endpoint(GET, "/messages/<id>", ok = 200 | 304)]
    async fn get(&self, id: &str) -> Result<Message>;

    #[endpoint(HEAD, "/messages/<id>", ok = 200)]
    async fn head(&self, id: &str) -> Result<Message>;
}

fn main() {}
