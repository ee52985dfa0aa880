//! The name of a method is warned of once.
#![deny(non_snake_case)]

use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn listAll(&self) -> Result<String>;
}

fn main() {}
