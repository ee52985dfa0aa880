//! The success type borrows, or has no size.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn text<'a>(&'a self) -> Result<&'a str>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<&'static [String]>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn within(&self) -> Result<Vec<&str>>;

    #[endpoint(GET, "/messages", some = 200, none = 404)]
    async fn deep_within(&self) -> Result<Option<(u8, std::collections::HashMap<&str, &u8>)>>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn unsized_text(&self) -> Result<str>;

    #[endpoint(GET, "/messages", ok = 200)]
    fn unsized_bytes(&self) -> Result<[u8]>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn unsized_object(&self) -> Result<dyn std::fmt::Debug>;
}

fn main() {}
