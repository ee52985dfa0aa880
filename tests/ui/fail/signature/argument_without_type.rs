//! An argument has no type: the compiler's parser reports it first, and passes the method on.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, id) -> Result<String>;
}

fn main() {}
