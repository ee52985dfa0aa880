//! An outcome has no variant, or none that it can build.
use courier_core::{Result, Transport, endpoint};

#[derive(serde::Deserialize)]
struct Message;

enum Outcome {
    Ok(String),
    Conflict(String, u64),
    Gone { since: u64 },
}

trait Api: Transport {
    // A struct.
    #[endpoint(GET, "/messages", ok = 200, conflict = 409)]
    async fn of_a_struct(&self) -> Result<Message>;

    // A variant with two fields, one with named fields, and none of the name.
    #[endpoint(GET, "/messages", ok = 200, conflict = 409, gone = 410, failed = 500)]
    async fn of_an_enum(&self) -> Result<Outcome>;

    // A misspelt one.
    #[endpoint(GET, "/messages", ok = 200, conflcit = 409)]
    async fn misspelt(&self) -> Result<Outcome>;
}

fn main() {}
