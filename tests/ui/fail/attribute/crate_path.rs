//! `crate` isn't given a path in quotes.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, crate = my_sdk::courier_core)]
    async fn without_quotes(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = "my sdk")]
    async fn sentence(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = "crate::Vec<u8>")]
    async fn generic(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = 1)]
    async fn number(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = "my-courier")]
    async fn package(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = "")]
    async fn empty(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = "::")]
    async fn only_colons(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = "my_sdk::")]
    async fn half(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate = )]
    async fn nothing(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, crate("courier_core"))]
    async fn in_brackets(&self) -> Result<String>;
}

fn main() {}
