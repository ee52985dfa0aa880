//! A public method without documentation is warned of, as one written by hand, and its declaration is not.
#![deny(missing_docs)]

use courier_core::{Result, Transport, endpoint};

/// An API.
pub trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;

    #[endpoint(GET, "/messages/<id>", ok = 200)]
    /// Gets a message.
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
