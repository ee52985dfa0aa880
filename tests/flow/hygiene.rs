//! Hygiene: no name of the user's can meet one of the expansion's, and a declaration stands wherever a trait can.

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

/// A transport that answers each request with 200 and an empty body.
fn agreeable() -> MemoryTransport {
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

    /// The methods of these names are another trait's, if they are not the first one's.
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
        let transport = agreeable();
        transport.here().await.expect("200");
        transport.here_too().await.expect("200");
        assert_eq!((transport.gone(), transport.gone_too()), ("young", "young"));
        assert_eq!(MemoryTransport::gone_too_endpoint(), "young");
        assert_eq!(MemoryTransport::here_too_endpoint().template(), "/here-too");
        assert_eq!(targets(&transport), ["/here", "/here-too"]);
    }

    #[tokio::test]
    #[deny(unfulfilled_lint_expectations, reason = "the warning is what is tested")]
    async fn a_deprecated_method_still_works() {
        let transport = agreeable();
        #[expect(deprecated, reason = "without it, the attribute was lost")]
        let call = transport.old();
        call.await.expect("200");
        assert_eq!(targets(&transport), ["/old"]);
    }
}
