//! The use of a deprecated method is warned of, and its declaration is not.
#![deny(deprecated)]

use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    #[deprecated(note = "use `search`")]
    async fn list(&self) -> Result<String>;
}

async fn call(api: impl Api) -> Result<String> {
    api.list().await
}

fn template<A: Api>() -> &'static str {
    A::list_endpoint().template()
}

fn main() {}
