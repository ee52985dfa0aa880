//! The attribute is on a function that has a body, or isn't in a trait.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String> {
        Ok(String::new())
    }
}

struct Client;

impl Client {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn get(&self) -> Result<String> {
        Ok(String::new())
    }
}

#[endpoint(GET, "/messages/<id>", ok = 200)]
async fn get(id: &str) -> Result<String> {
    Ok(id.to_owned())
}

fn main() {}
