//! An argument's type is missing: the compiler's parser tells it first, and hands the method on all the same.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, id) -> Result<String>;
}

fn main() {}
