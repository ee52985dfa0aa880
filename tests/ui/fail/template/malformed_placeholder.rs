//! A placeholder is no name of an argument.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<message id>/<1st>/< kind >", ok = 200)]
    async fn get(&self, kind: &str) -> Result<String>;
}

fn main() {}
