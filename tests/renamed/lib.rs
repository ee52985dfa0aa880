//! Crates in which `courier-core` has another name, because `Cargo.toml` renames it or because another crate re-exports it: the
//! attribute says which.
#![deny(warnings, missing_docs)]

/// The dependency is named `post` in `Cargo.toml`.
pub mod renamed {
    use post::{Download, Multipart, Result, Secret, Transport, endpoint};

    /// Every kind of argument and outcome, which the expansion names in different ways.
    pub trait Api: Transport {
        /// Gets a thing.
        #[endpoint(GET, "/things/<id>", some = 200, none = 404, crate = "post")]
        async fn get(&self, id: &str) -> Result<Option<String>>;

        /// The path may start with `::`, and the option may be anywhere after the template.
        #[endpoint(GET, "/things?<tag>&<ids:comma>", crate = "::post", ok = 200)]
        async fn list(&self, tag: Option<&str>, ids: &[u8], #[header("x-key")] key: &Secret) -> Result<Download>;

        /// Sends JSON.
        #[endpoint(PUT, "/things/<id>", ok = 204, crate = "post", header("api-version" = "2"))]
        async fn put(&self, id: u64, #[body] thing: &str) -> Result<()>;

        /// Sends a form with files.
        #[endpoint(POST, "/things", ok = 201, crate = "post")]
        async fn upload(&self, #[multipart] form: &Multipart) -> Result<()>;

        /// Blocks.
        #[endpoint(HEAD, "/things/<id>", ok = 200, crate = "post")]
        fn exists(&self, id: u64) -> Result<()>;
    }

    impl<T: Transport + ?Sized> Api for T {}
}

/// An SDK that re-exports `courier-core`.
pub mod sdk {
    pub use post as courier_core;
}

/// Represents a crate that gets `courier-core` only through the SDK.
pub mod re_exported {
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
        let renamed = super::renamed::Api::get(&transport, "1");
        let re_exported = super::re_exported::Api::get(&transport, "1");
        assert_eq!(renamed.request().expect("a request").uri(), "/things/1");
        assert_eq!(re_exported.request().expect("a request").uri(), "/things/1");
    }

    #[test]
    fn without_the_option_one_message_says_what_to_write() {
        trybuild::TestCases::new().compile_fail("fail/*.rs");
    }
}
