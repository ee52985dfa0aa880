//! An argument is taken apart.
use courier_core::{Result, Transport, endpoint};

struct Id(String);

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, Id(id): Id) -> Result<String>;
}

fn main() {}
