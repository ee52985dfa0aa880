//! Hygiene: no user's name collides with one in the expansion, and a declaration works wherever a trait does.

use courier_core::{MemoryTransport, Result, Transport, endpoint};

mod generics;
mod macros;
mod names;
mod shadowed;
mod strict;

/// The targets of the requests so far.
fn targets(transport: &MemoryTransport) -> Vec<String> {
    transport.requests().iter().map(|request| request.uri().to_string()).collect()
}

/// A transport that returns 200 and an empty body for every request.
fn always_ok() -> MemoryTransport {
    MemoryTransport::from_fn(|_| Ok(courier_core::Response::default()))
}

mod attributes {
    use super::*;

    trait Old: Transport {
        #[cfg(test)]
        #[endpoint(GET, "/here", ok = 200)]
        async fn here(&self) -> Result<()>;

        #[endpoint(GET, "/here-too", ok = 200)]
        #[cfg(test)]
        async fn here_too(&self) -> Result<()>;

        #[cfg(not(test))]
        #[endpoint(GET, "/gone", ok = 200)]
        async fn gone(&self) -> Result<NoSuchType>;

        #[endpoint(GET, "/gone-too", ok = 200)]
        #[cfg(not(test))]
        async fn gone_too(&self) -> Result<NoSuchType>;

        #[endpoint(GET, "/old", ok = 200)]
        #[deprecated(note = "use `here`")]
        async fn old(&self) -> Result<()>;
    }

    impl Old for MemoryTransport {}

    /// If these methods are not the first trait's, they are the other one's.
    trait Young: Transport {
        fn gone(&self) -> &'static str {
            "young"
        }
        fn gone_too(&self) -> &'static str {
            "young"
        }
        fn gone_too_endpoint() -> &'static str {
            "young"
        }
    }
    impl Young for MemoryTransport {}

    #[tokio::test]
    async fn cfg_removes_a_method_and_its_declaration() {
        let transport = always_ok();
        transport.here().await.expect("200");
        transport.here_too().await.expect("200");
        assert_eq!((transport.gone(), transport.gone_too()), ("young", "young"));
        assert_eq!(MemoryTransport::gone_too_endpoint(), "young");
        assert_eq!(MemoryTransport::here_too_endpoint().template(), "/here-too");
        assert_eq!(targets(&transport), ["/here", "/here-too"]);
    }

    #[tokio::test]
    #[deny(unfulfilled_lint_expectations, reason = "the test needs the warning")]
    async fn a_deprecated_method_still_works() {
        let transport = always_ok();
        #[expect(deprecated, reason = "the attribute was lost")]
        let call = transport.old();
        call.await.expect("200");
        assert_eq!(targets(&transport), ["/old"]);
    }
}
