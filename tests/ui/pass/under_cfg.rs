//! A method under `#[cfg]` exists with its declaration, or neither does, whether the `#[cfg]` comes before or after the attribute.
//! An argument may have a `#[cfg_attr]` that doesn't change how it is sent.
use courier_core::{MemoryTransport, Result, Transport, endpoint};

pub trait Api: Transport {
    #[endpoint(GET, "/here", ok = 200)]
    #[cfg(test)]
    async fn below(&self) -> Result<String>;

    #[endpoint(GET, "/not/here", ok = 200)]
    #[cfg(not(test))]
    async fn below(&self) -> Result<String>;

    #[cfg(test)]
    #[endpoint(GET, "/here", ok = 200)]
    async fn above(&self) -> Result<String>;

    #[cfg(not(test))]
    #[endpoint(GET, "/not/here", ok = 200)]
    async fn above(&self) -> Result<String>;

    #[endpoint(GET, "/here/<part>", ok = 200)]
    async fn part(&self, #[cfg_attr(test, allow(unused))] part: u64) -> Result<String>;
}

impl<T: Transport> Api for T {}

#[test]
fn a_method_under_cfg_exists_with_its_declaration() {
    let transport = MemoryTransport::new();
    for call in [transport.below(), transport.above()] {
        assert_eq!(call.request().expect("a request").uri(), "/here");
    }
    assert_eq!(MemoryTransport::below_endpoint().template(), MemoryTransport::above_endpoint().template());
}
