//! Crates in which `courier-core` has another name: the attribute finds a renamed dependency, and a crate that gets
//! `courier-core` through another crate says where it is.
#![deny(warnings, missing_docs)]

/// The dependency is named `post` in `Cargo.toml`.
pub mod by_the_manifest {
    use post::{Result, Transport, endpoint};

    /// The attribute finds `courier-core` under its new name.
    pub trait Api: Transport {
        /// Gets a thing.
        #[endpoint(GET, "/things/<id>", some = 200, none = 404)]
        async fn get(&self, id: &str) -> Result<Option<String>>;
    }

    impl<T: Transport + ?Sized> Api for T {}
}

/// An SDK that re-exports `courier-core`.
pub mod sdk {
    pub use post as courier_core;
}

/// Represents a crate that gets `courier-core` only through the SDK.
pub mod by_the_attribute {
    use crate::sdk::courier_core::{Result, Transport, endpoint};

    /// The attribute says where `courier-core` is.
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
    fn both_build_the_declared_request() {
        let transport = MemoryTransport::new();
        let by_the_manifest = super::by_the_manifest::Api::get(&transport, "1");
        let by_the_attribute = super::by_the_attribute::Api::get(&transport, "1");
        assert_eq!(by_the_manifest.request().expect("a request").uri(), "/things/1");
        assert_eq!(by_the_attribute.request().expect("a request").uri(), "/things/1");
    }
}
