//! A method under `#[cfg]` is there with its declaration, or neither is, on whichever side of the attribute it stands. An
//! argument may have a `#[cfg_attr]` that does not change how it is sent.
#![deny(warnings)]

use courier_core::{MemoryTransport, Result, Transport, endpoint};

pub trait Api: Transport {
    #[endpoint(GET, "/here", ok = 200)]
    #[cfg(all())]
    async fn below(&self) -> Result<String>;

    #[endpoint(GET, "/not/here", ok = 200)]
    #[cfg(not(all()))]
    async fn below(&self) -> Result<String>;

    #[cfg(all())]
    #[endpoint(GET, "/here", ok = 200)]
    async fn above(&self) -> Result<String>;

    #[cfg(not(all()))]
    #[endpoint(GET, "/not/here", ok = 200)]
    async fn above(&self) -> Result<String>;

    #[endpoint(GET, "/here/<part>", ok = 200)]
    async fn part(&self, #[cfg_attr(all(), allow(unused))] part: u64) -> Result<String>;
}

impl<T: Transport> Api for T {}

fn main() {
    let transport = MemoryTransport::new();
    for call in [transport.below(), transport.above()] {
        assert_eq!(call.request().expect("a request").uri(), "/here");
    }
    assert_eq!(MemoryTransport::below_endpoint().template(), MemoryTransport::above_endpoint().template());
}
