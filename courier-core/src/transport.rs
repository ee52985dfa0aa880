//! Transport: the only place with I/O. Everything before and after it is a pure function.
//! What holds over it whatever a server does is in [`guarantees`](crate::guarantees).

#[cfg(feature = "__network")]
mod base_url;
#[cfg(feature = "__network")]
mod builder;
#[cfg(feature = "__network")]
mod causes;
#[cfg(feature = "hyper")]
pub(crate) mod connector;
pub(crate) mod deadline;
mod error;
#[cfg(feature = "__network")]
mod failure;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "__network")]
mod keep_alive;
#[cfg(feature = "__network")]
mod limits;
mod memory;
#[cfg(feature = "__network")]
mod network;
#[cfg(feature = "__network")]
mod origin;
mod progress;
#[cfg(feature = "__network")]
mod protocols;
#[cfg(feature = "__network")]
mod proxy;
#[cfg(all(feature = "__network", feature = "http2"))]
mod request_limit;
#[cfg(feature = "reqwest")]
mod reqwest;
mod response;
mod retry;
pub(crate) mod runtime;
#[cfg(feature = "__network")]
pub(crate) mod settings;
#[cfg(all(feature = "__network", feature = "__rustls"))]
mod tls;
#[cfg(all(feature = "__network", not(feature = "__rustls")))]
#[path = "transport/tls/without.rs"]
mod tls;
#[cfg(feature = "__network")]
mod url;
pub(crate) mod whole;

use std::pin::Pin;
use std::sync::Arc;

use http::request::Parts;

#[cfg(all(feature = "courier", feature = "__network"))]
pub(crate) use self::builder::Settled;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
pub use self::builder::{OverNetwork, TransportBuilder};
pub use self::deadline::Deadline;
pub use self::error::{TimeLimit, TransportError, TransportErrorKind};
#[cfg(feature = "hyper")]
pub use self::hyper::HyperTransport;
pub use self::memory::MemoryTransport;
#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;
pub(crate) use self::response::Attempts;
pub use self::response::{Response, WholeResponse};
#[cfg(all(feature = "courier", feature = "__network"))]
pub(crate) use self::retry::Policy;
pub use self::retry::Retry;
pub(crate) use self::retry::{BACKOFF, retry_after};
#[cfg(any(feature = "hyper", feature = "reqwest"))]
pub use self::settings::{TlsRoots, TlsVersion};
use crate::body::Body;
use crate::request::Request;
use crate::secret::Secrets;

/// A boxed future that can be sent between threads, what [`Transport::send`] returns: `Box::pin(async move { … })`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends a request and awaits its response.
///
/// A trait of endpoints has it as its supertrait (`pub trait Messages: Transport`), so that every transport has the
/// endpoints: the [`Courier`](crate::Courier) client, a [`ReqwestTransport`] for any other API, a [`MemoryTransport`]
/// in a test, an `Arc<dyn Transport>` in an application's state. [`Retry`], [`Deadline`], authorization and logging are
/// transports around transports:
///
/// ```
/// use courier_core::transport::{BoxFuture, Transport, TransportError};
/// use courier_core::{Endpoint, Request, Response};
///
/// struct Logged<T>(T);
///
/// impl<T: Transport> Transport for Logged<T> {
///     fn inner(&self) -> Option<&dyn Transport> {
///         Some(&self.0)
///     }
///
///     fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
///         Box::pin(async move {
///             let endpoint = Endpoint::of(&request).map_or("a request", Endpoint::template);
///             let result = self.0.send(request).await;
///             match &result {
///                 Ok(response) => println!("{endpoint}: {}", response.status()),
///                 Err(error) => println!("{endpoint}: {error}"),
///             }
///             result
///         })
///     }
/// }
/// ```
///
/// # Contract
///
/// Every status is a response, `Ok`; the endpoint's outcomes decide what it means. Redirects are not followed. The
/// future does nothing before it is polled, and dropping it stops everything it started. A transport honours the
/// [`CallOptions`](crate::CallOptions) that it can.
///
/// The body of a response is whole, unless its status is declared as an outcome that reads a stream
/// ([`CallOptions::streams`](crate::CallOptions::streams)). A transport around another one passes both kinds on as they are; to
/// measure or log a stream to its end, it puts the [`Body`] into its own ([`Body::new`](crate::Body::new)).
///
/// # Extensions
///
/// Transports talk to each other through the extensions of the request and of the response. A transport around another one
/// passes them on, both ways. One that builds a new request or response, and leaves them out, loses this for its calls:
///
/// | lost with | what then happens |
/// |---|---|
/// | the request's | the transports below use their own limits and don't know the endpoint: a [`Retry`] there goes by the method alone, and can't know which statuses are declared. The call still ends at its deadline |
/// | the response's | the number of attempts is reported as 1, and a stream has the default limits instead of the client's |
///
/// # Errors
///
/// [`TransportError`], unless the response is complete.
#[doc(alias = "middleware")]
#[doc(alias = "interceptor")]
#[doc(alias = "layer")]
#[doc(alias = "auth")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Transport`, so an `#[endpoint]` method has nothing to send its request with",
    label = "`{Self}` is not a `Transport`",
    note = "endpoints are declared in a trait: write `: courier_core::Transport` behind its name"
)]
pub trait Transport: AsDyn + Send + Sync {
    /// Sends `request` and awaits its response. See the [contract](Transport#contract).
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;

    /// The transport that this one sends through; `None` if it sends by itself.
    ///
    /// What is known about a transport before anything is sent is found through it: the base URL, and the credentials that
    /// are kept out of errors. So a transport around another one loses neither.
    fn inner(&self) -> Option<&dyn Transport>;

    /// The URL before a request's path, if this transport knows it: [`Call::curl`](crate::Call::curl) prints it.
    fn base_url(&self) -> Option<&str> {
        self.inner()?.base_url()
    }

    /// The credentials that the transport adds to a request. Not called `secrets`, so that an endpoint can be.
    #[doc(hidden)]
    fn __secrets(&self) -> Option<&Secrets> {
        self.inner()?.__secrets()
    }

    /// Sends a request whose head the caller keeps for another attempt. A transport that needs no copy of the head saves it.
    #[doc(hidden)]
    fn __attempt<'a>(&'a self, head: &'a Parts, body: Body) -> BoxFuture<'a, Result<Response, TransportError>> {
        self.send(Request::from_parts(head.clone(), body))
    }
}

/// `&self` as `&dyn Transport`, for sized and unsized `Self` alike: an endpoint's method is not generic over its
/// transport, and a trait of endpoints is dyn-compatible. Every [`Transport`] has it.
#[doc(hidden)]
pub trait AsDyn {
    fn __as_dyn(&self) -> &dyn Transport;
}

impl<T: Transport> AsDyn for T {
    fn __as_dyn(&self) -> &dyn Transport {
        self
    }
}

/// A transport as a `&dyn Transport`, whether its own type is sized or a `dyn Transport` itself: for an expansion. It is here
/// because the compiler shows its path, which belongs to a name that the user knows.
#[doc(hidden)]
pub fn as_dyn<T: Transport + ?Sized>(transport: &T) -> &dyn Transport {
    transport.__as_dyn()
}

/// Clones a request, for a transport that sends it more than once, with a new token for example; `None` if its body is a
/// stream that can be read only once.
#[must_use]
pub fn try_clone(request: &Request) -> Option<Request> {
    let mut clone = Request::new(request.body().try_clone()?);
    *clone.method_mut() = request.method().clone();
    *clone.uri_mut() = request.uri().clone();
    *clone.version_mut() = request.version();
    *clone.headers_mut() = request.headers().clone();
    *clone.extensions_mut() = request.extensions().clone();
    Some(clone)
}

macro_rules! transport_behind {
    ($($pointer:ty),*) => {$(
        impl<T: Transport + ?Sized> Transport for $pointer {
            fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
                (**self).send(request)
            }

            fn inner(&self) -> Option<&dyn Transport> {
                Some((**self).__as_dyn())
            }

            fn __attempt<'a>(&'a self, head: &'a Parts, body: Body) -> BoxFuture<'a, Result<Response, TransportError>> {
                (**self).__attempt(head, body)
            }
        }
    )*};
}
transport_behind!(&T, Box<T>, Arc<T>);

/// 8 MiB: far above any response of a JSON API, and acceptable a hundred times over.
pub(crate) const DEFAULT_MAX_BODY_BYTES: u64 = 8 * 1024 * 1024;
