//! A placeholder is written with `r#`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<r#type>", ok = 200)]
    async fn get(&self, r#type: &str) -> Result<String>;
}

fn main() {}
