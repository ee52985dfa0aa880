//! The trait is no `Transport`.
use courier_core::{Result, endpoint};

trait Api {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
