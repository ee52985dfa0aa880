//! The attribute where `courier-core` has another name: a renamed dependency is found, and a crate that gets it from
//! another one says where.
#![deny(warnings, missing_docs)]

/// A dependency that is called `post` in `Cargo.toml`.
pub mod by_the_manifest {
    use post::{Result, Transport, endpoint};

    /// Found under its new name.
    pub trait Api: Transport {
        /// Gets a thing.
        #[endpoint(GET, "/things/<id>", some = 200, none = 404)]
        async fn get(&self, id: &str) -> Result<Option<String>>;
    }

    impl<T: Transport + ?Sized> Api for T {}
}

/// As an SDK passes it on.
pub mod sdk {
    pub use post as courier_core;
}

/// A module, standing for a crate, that knows it only by way of the SDK.
pub mod by_the_attribute {
    use crate::sdk::courier_core::{Result, Transport, endpoint};

    /// Found where the attribute says.
    pub trait Api: Transport {
        /// Gets a thing.
        #[endpoint(GET, "/things/<id>", ok = 200, crate = "crate::sdk::courier_core")]
        async fn get(&self, id: &str) -> Result<String>;
    }

    impl<T: Transport + ?Sized> Api for T {}
}

#[cfg(test)]
mod tests {
    use post::MemoryTransport;

    #[test]
    fn both_build_the_request_that_was_declared() {
        let transport = MemoryTransport::new();
        let by_the_manifest = super::by_the_manifest::Api::get(&transport, "1");
        let by_the_attribute = super::by_the_attribute::Api::get(&transport, "1");
        assert_eq!(by_the_manifest.request().expect("a request").uri(), "/things/1");
        assert_eq!(by_the_attribute.request().expect("a request").uri(), "/things/1");
    }
}
