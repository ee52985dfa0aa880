//! A function outside of a trait has no body: the compiler's parser reports it too.
use courier_core::{Result, endpoint};

struct Client;

impl Client {
    #[endpoint(GET, "/messages", ok = 200)]
    pub async fn list(&self) -> Result<String>;
}

#[endpoint(GET, "/messages/<id>", ok = 200)]
async fn get(id: &str) -> Result<String>;

fn main() {}
