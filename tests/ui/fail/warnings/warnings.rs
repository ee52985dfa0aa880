//! The compiler warns of what it would warn of without the attribute, once.
#![deny(deprecated, missing_docs, non_snake_case, unused_must_use)]
use courier_core::{Result, Transport, endpoint};

/// An API.
pub trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn without_documentation(&self) -> Result<String>;

    /// Its name has another style.
    #[endpoint(GET, "/messages", ok = 200)]
    async fn listAll(&self) -> Result<String>;

    /// Another method replaces it.
    #[endpoint(GET, "/messages", ok = 200)]
    #[deprecated(note = "use `search`")]
    async fn list(&self) -> Result<String>;

    /// It is expensive.
    #[endpoint(GET, "/messages", ok = 200)]
    #[must_use = "it is expensive"]
    async fn search(&self) -> Result<String>;
}

async fn call(api: impl Api) {
    let _ = api.list().await;
    api.search();
    api.search().await;
}

fn template<A: Api>() -> &'static str {
    A::list_endpoint().template()
}

fn main() {}
