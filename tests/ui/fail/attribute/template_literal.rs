//! The template isn't a string literal.
use courier_core::{Result, Transport, endpoint};

const LIST: &str = "/messages";

trait Api: Transport {
    #[endpoint(GET, LIST, ok = 200)]
    async fn constant(&self) -> Result<String>;

    #[endpoint(GET, b"/messages", ok = 200)]
    async fn bytes(&self) -> Result<String>;

    #[endpoint(GET, concat!("/messages", "/all"), ok = 200)]
    async fn concat(&self) -> Result<String>;

    #[endpoint(GET, /messages/<id>?<page>, ok = 200)]
    async fn without_quotes(&self, id: u64, page: u64) -> Result<String>;
}

fn main() {}
