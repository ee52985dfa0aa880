//! An outcome is read from a body, and some or all of its responses have none.
use courier_core::{Result, Transport, endpoint};

#[derive(serde::Deserialize)]
struct Message {
    id: String,
}

enum Outcome {
    Ok(Message),
    Unchanged,
}

trait Api: Transport {
    #[endpoint(DELETE, "/messages", ok = 204)]
    async fn never(&self) -> Result<String>;

    #[endpoint(DELETE, "/messages", ok = 205 | 304)]
    async fn option_of_nothing(&self) -> Result<Option<String>>;

    #[endpoint(HEAD, "/messages", ok = 200)]
    async fn head(&self) -> Result<Vec<String>>;

    #[endpoint(PUT, "/messages", ok = 200 | 204)]
    async fn sometimes(&self) -> Result<Vec<String>>;

    // The compiler knows whether another type needs a body.
    #[endpoint(PUT, "/messages", ok = 200 | 304)]
    async fn sometimes_a_message(&self) -> Result<Message>;

    #[endpoint(PUT, "/messages", ok = 200 | 204, unchanged = 304)]
    async fn variants(&self) -> Result<Outcome>;
}

fn main() {}
