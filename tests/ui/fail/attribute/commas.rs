//! Commas are missing, or there are too many.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET "/messages", ok = 200)]
    async fn after_the_method(&self) -> Result<String>;

    #[endpoint(GET, "/messages" ok = 200)]
    async fn after_the_template(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200 idempotent)]
    async fn after_an_outcome(&self) -> Result<String>;

    #[endpoint(GET, "/messages",, ok = 200)]
    async fn two_in_a_row(&self) -> Result<String>;
}

fn main() {}
