//! References are within what the method returns.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/list", ok = 200)]
    async fn list(&self) -> Result<Vec<&str>>;

    #[endpoint(GET, "/option", ok = 200)]
    async fn option<'a>(&'a self) -> Result<Option<&'a [u8]>>;

    #[endpoint(GET, "/map", some = 200, none = 404)]
    async fn map(&self) -> Result<Option<(u8, std::collections::HashMap<&str, &u8>)>>;
}

fn main() {}
