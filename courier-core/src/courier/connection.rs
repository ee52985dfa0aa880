//! What the client sends over: hyper if that feature is on, and otherwise reqwest.

use http::request;

use crate::body::Body;
use crate::config::ConfigError;
use crate::request::Request;
#[cfg(feature = "hyper")]
use crate::transport::HyperTransport;
#[cfg(feature = "reqwest")]
use crate::transport::ReqwestTransport;
use crate::transport::{BoxFuture, OverNetwork, Response, Settled, Transport, TransportError};

#[derive(Clone, Debug)]
pub(super) enum Connection {
    #[cfg(feature = "hyper")]
    Hyper(HyperTransport),
    #[cfg(feature = "reqwest")]
    Reqwest(ReqwestTransport),
}

impl OverNetwork for Connection {
    #[cfg(all(feature = "hyper", feature = "reqwest"))]
    fn __build(parts: Settled) -> Result<Self, ConfigError> {
        if parts.settings.uses_reqwest {
            ReqwestTransport::__build(parts).map(Self::Reqwest)
        } else {
            HyperTransport::__build(parts).map(Self::Hyper)
        }
    }

    #[cfg(all(feature = "hyper", not(feature = "reqwest")))]
    fn __build(parts: Settled) -> Result<Self, ConfigError> {
        HyperTransport::__build(parts).map(Self::Hyper)
    }

    #[cfg(not(feature = "hyper"))]
    fn __build(parts: Settled) -> Result<Self, ConfigError> {
        ReqwestTransport::__build(parts).map(Self::Reqwest)
    }
}

impl Connection {
    fn transport(&self) -> &dyn Transport {
        match self {
            #[cfg(feature = "hyper")]
            Self::Hyper(transport) => transport,
            #[cfg(feature = "reqwest")]
            Self::Reqwest(transport) => transport,
        }
    }
}

impl Transport for Connection {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(self.transport())
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.transport().send(request)
    }

    fn __attempt<'a>(
        &'a self,
        head: &'a request::Parts,
        body: Body,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        self.transport().__attempt(head, body)
    }
}
