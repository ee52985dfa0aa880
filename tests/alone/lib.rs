//! A crate whose only dependency is `courier-core`, without a prelude and with every lint denied: the attribute's
//! expansion needs nothing from the crate around it, and causes no warnings.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, unreachable_pub, clippy::all, clippy::pedantic, clippy::nursery)]

use ::courier_core::messages::Cancellation;
use ::courier_core::{Result, Transport, endpoint};

/// Every kind of declaration.
pub trait Api: Transport {
    /// Several outcomes.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;

    /// One outcome.
    #[endpoint(GET, "/messages/<id>/v<version>.json", ok = 2xx, idempotent)]
    async fn version(&self, id: u64, version: u8) -> Result<::std::string::String>;

    /// Outcomes that are variants of a `std` enum.
    #[endpoint(GET, "/messages/<id>", some = 200, none = 404)]
    async fn find(&self, id: &str) -> Result<::std::option::Option<::std::string::String>>;

    /// `#[must_use]`, which clippy would call redundant because `Call` already has it.
    #[endpoint(GET, "/messages", ok = 200)]
    #[must_use]
    async fn list(&self) -> Result<::std::string::String>;

    /// A deprecated method: only using it causes a warning.
    #[endpoint(GET, "/mail", ok = 200)]
    #[deprecated(note = "use `list`")]
    async fn mail(&self) -> Result<::std::string::String>;

    /// A method for some builds, with `#[cfg]` below the attribute.
    #[endpoint(GET, "/here", ok = 200)]
    #[cfg(test)]
    async fn below(&self) -> Result<()>;

    /// The same method for other builds.
    #[endpoint(GET, "/elsewhere", ok = 200)]
    #[cfg(not(test))]
    async fn below(&self) -> Result<()>;
}

impl<T: Transport + ?::std::marker::Sized> Api for T {}

/// Blocking declarations.
pub trait Blocking: Transport {
    /// The expansion adds the section on errors that clippy requires for a function that returns a `Result`.
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    fn get(&self, id: u64) -> Result<::std::string::String>;
}

impl<T: Transport + ?::std::marker::Sized> Blocking for T {}

#[cfg(test)]
mod tests {
    use ::std::future::Future;
    use ::std::pin::pin;
    use ::std::prelude::rust_2024::*;
    use ::std::task::{Context, Poll, Waker};

    use ::courier_core::{Endpoint, MemoryTransport};

    use super::Api;

    /// A call in memory completes at once, so it needs no runtime.
    fn ready<T>(call: impl Future<Output = T>) -> T {
        match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => ::std::panic!("a call in memory is never pending"),
        }
    }

    #[test]
    fn an_endpoint_can_be_called_without_any_other_crate() {
        let transport = MemoryTransport::new().answer(404, "").answer(200, "\"found\"");
        ::std::assert_eq!(ready(transport.find("a/b")).expect("an outcome"), None);
        ::std::assert_eq!(ready(transport.version(7, 2)).expect("an outcome"), "found");

        let paths: Vec<_> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
        ::std::assert_eq!(paths, ["/messages/a%2Fb", "/messages/7/v2.json"]);
        let endpoint: &'static Endpoint = MemoryTransport::version_endpoint();
        ::std::assert_eq!(endpoint.template(), "/messages/<id>/v<version>.json");
    }
}
