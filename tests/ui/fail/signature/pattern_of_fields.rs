//! A struct is taken apart by its fields.
use courier_core::{Result, Transport, endpoint};

struct Id {
    part: String,
}

trait Api: Transport {
    #[endpoint(GET, "/messages/<part>", ok = 200)]
    async fn get(&self, Id { part }: Id) -> Result<String>;
}

fn main() {}
