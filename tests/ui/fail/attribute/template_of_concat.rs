//! The template is put together by a macro, which has no value yet.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, concat!("/messages", "/all"), ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
