//! The template has a backslash, which URL parsers read as a slash.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages\\cancel", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
