//! A flag is misspelt, given twice, or has the wrong value.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, idempotant)]
    async fn misspelt(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, "idempotent")]
    async fn quoted(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header)]
    async fn header_without_value(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate)]
    async fn crate_without_value(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, idempotent = true)]
    async fn idempotent_with_a_value(&self) -> Result<String>;

    #[endpoint(GET, "/messages", idempotent, ok = 200, idempotent)]
    async fn idempotent_twice(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = "courier_core", crate = "courier_core")]
    async fn crate_twice(&self) -> Result<String>;
}

fn main() {}
