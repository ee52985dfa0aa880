//! The trait is under mockall's `#[automock]`, which copies `#[endpoint]` onto what it writes: here is a part of that.
use courier_core::{Result, endpoint};

mod mockall {
    pub trait ViaDebug {}
}

struct MockApi;

impl MockApi {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String> {
        #[allow(unused_imports)]
        use mockall::ViaDebug;
        Ok(String::new())
    }
}

fn main() {}
