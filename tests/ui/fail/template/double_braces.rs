//! The placeholder is in double braces, as in Postman and Handlebars.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/{{id}}", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
