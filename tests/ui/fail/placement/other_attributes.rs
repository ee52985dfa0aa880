//! Another attribute of the trait or the method sees the declaration first.
use async_trait::async_trait;
use courier_core::{Result, Transport, endpoint};

#[async_trait]
trait Asynchronous: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

// A part of what mockall's `#[automock]` makes of a trait.
struct MockApi;

impl MockApi {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String> {
        #[allow(unused_imports)]
        use mockall::ViaDebug;
        Ok(String::new())
    }
}

mod mockall {
    pub trait ViaDebug {}
}

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    #[endpoint(GET, "/mail", ok = 200)]
    async fn two_endpoints(&self) -> Result<String>;

    // A mistake under a `#[cfg]` is reported only in the builds that have the method.
    #[endpoint(GETT, "/messages", ok = 200)]
    #[cfg(not(all()))]
    async fn in_no_build(&self) -> Result<String>;

    #[endpoint(GETT, "/messages", ok = 200)]
    #[cfg(all())]
    async fn in_every_build(&self) -> Result<String>;
}

fn main() {}
