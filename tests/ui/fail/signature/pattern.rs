//! An argument is a pattern.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>/<part>", ok = 200)]
    async fn get(&self, (id, part): (&str, &str)) -> Result<String>;
}

fn main() {}
