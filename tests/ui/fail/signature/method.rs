//! The method isn't one that borrows its transport, and nothing more.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn no_self() -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn mutable(&mut self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn by_value(self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn boxed(self: Box<Self>) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    unsafe fn not_safe(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    const fn constant(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    unsafe extern "C" fn foreign(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    pub async fn public(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    pub(crate) async fn public_in_the_crate(&self) -> Result<String>;

    // As `Transport` has it.
    #[endpoint(GET, "/messages", ok = 200)]
    async fn base_url(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn send(&self) -> Result<String>;

    #[endpoint(GET, "/inner", ok = 200)]
    async fn inner(&self) -> Result<String>;
}

fn main() {}
