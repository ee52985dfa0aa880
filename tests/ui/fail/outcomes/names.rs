//! The name of an outcome isn't one that a variant can have.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    NotFound,
    Conflict,
}

trait Api: Transport {
    #[endpoint(GET, "/messages", Ok = 200)]
    async fn capitalised(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, notFound = 404)]
    async fn camel_case(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", ok = 200, NOT_FOUND = 404)]
    async fn capitals(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", ok = 200, _ = 4xx)]
    async fn underscore(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", ok = 200, _404 = 404)]
    async fn number(&self) -> Result<Outcome>;

    #[endpoint(GET, "/messages", status = 200)]
    async fn status(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, conflict = 409, ok = 202)]
    async fn twice(&self) -> Result<Outcome>;
}

fn main() {}
