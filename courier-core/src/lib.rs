//! Declare an HTTP API call with one attribute, and have a typed, safe, fast method.
//!
//! An API's documentation says: `POST /messages/{message_id}/cancel`, 200 when cancelled, 409 when too late, the
//! message record in both. Write that down once, on a trait method:
//!
//! ```
//! use courier_core::{MemoryTransport, Result, Transport, endpoint, messages::Cancellation};
//!
//! pub trait Messages: Transport {
//!     /// Cancels a message that is being delivered.
//!     #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
//!     async fn cancel(&self, message_id: &str) -> Result<Cancellation>;
//! }
//! impl<T: Transport> Messages for T {}
//!
//! # let _ = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! // The declaration, as data.
//! let endpoint = MemoryTransport::cancel_endpoint();
//! assert_eq!(endpoint.template(), "/messages/<message_id>/cancel");
//! assert_eq!(endpoint.outcomes().to_string(), "200 ok, 409 conflict");
//!
//! // The transport: here a fake with one response. `Courier::from_env()?` is the real one.
//! let courier = MemoryTransport::new().answer(409, include_str!("courier/messages/delivered.json"));
//!
//! // The request, built but not sent.
//! let call = courier.cancel("1-65f0c0e1");
//! assert_eq!(call.request().unwrap().uri(), "/messages/1-65f0c0e1/cancel");
//!
//! // The status decides which outcome it is; the outcome holds the body.
//! match call.await? {
//!     Cancellation::Ok(message) => println!("cancelled, now {}", message.status),
//!     Cancellation::Conflict(message) => assert_eq!(message.status.as_str(), "DELIVERED"),
//! }
//! # Ok::<(), courier_core::Error>(())
//! # }).unwrap();
//! ```
//!
//! # One journey
//!
//! ```text
//!  declaration ──▶ request ──▶ transport ──▶ status ──▶ outcome
//!  #[endpoint]     Request     Transport     200 | 409   Cancellation::Ok
//!  Endpoint        Call        (I/O)         Error::Status     ::Conflict
//!  (compile time)  (pure)                    (pure)      (pure)
//! ```
//!
//! - **declaration**: the attribute, checked against the method's signature at compile time, becomes a static
//!   [`Endpoint`].
//! - **request**: the endpoint and the arguments become a [`Request`]. An invalid argument fails the call before
//!   anything is sent.
//! - **transport**: the [`Call`] awaits [`Transport::send`], the only place with I/O. Use [`Courier`], a
//!   [`ReqwestTransport`] or `HyperTransport` for any other API, a [`MemoryTransport`] in tests, or your own that wraps one of them.
//!   [`Retry`](transport::Retry) retries after transient failures.
//! - **status**: the status of the [`Response`] selects a declared outcome. Any other status, 2xx included, is an
//!   [`Error::Status`] that keeps status, headers and body.
//! - **outcome**: the body, read as that outcome's type: whole ([`FromResponse`]), or as it arrives ([`Download`], [`FromStream`]).
//!
//! # Where to go next
//!
//! - [`endpoint`] is the reference of the attribute; [`argument`] and [`outcome`] list the types it accepts.
//! - [`mistakes`] lists what the compiler reports, and how to fix it.
//! - [`Call`] shows what a call can do, [`Error`] what can go wrong, and [`Retry`](transport::Retry) what is retried.
//! - [`network`] has a recipe for every way to connect: proxies, client certificates, Unix sockets, your own `reqwest::Client`.
//! - [`guarantees`] lists what always holds, and the tests that prove it.
//! - [`Download`], [`Lines`] and [`Events`] read a body as it arrives; [`Body`] sends a file or a stream.
//! - [`paging`] turns a paged list into one stream.
//! - [`messages`] has the declarations for Courier's API.
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `courier` | yes | Courier's [`messages`] and, with `hyper` or `reqwest`, its client [`Courier`] |
//! | `hyper` | | `HyperTransport`, over connections of its own: a call takes half the instructions, and a build has fewer crates |
//! | `reqwest` | yes | [`ReqwestTransport`], which can also send through your own `reqwest::Client` |
//! | `rustls-aws-lc-rs` | yes | TLS with rustls, using aws-lc-rs |
//! | `rustls-ring` | | TLS with rustls, using ring, which builds faster |
//! | `rustls-no-provider` | | TLS with rustls, using the provider that the program installs |
//! | `webpki-roots` | | Mozilla's root certificates: [`TlsRoots::Webpki`](transport::TlsRoots) |
//! | `socks` | | SOCKS5 proxies |
//! | `gzip` | yes | compressed responses |
//! | `http2` | | HTTP/2 if the server offers it, and `TransportBuilder::http2_prior_knowledge` |
//! | `io` | | `Download::into_async_read`, for tokio's I/O |
//! | `jiff` | | conversions between [`Timestamp`](messages::Timestamp) and `jiff::Timestamp` |
//!
//! Without `hyper` and `reqwest`, use [`MemoryTransport`] or your own [`Transport`]. Both transports have the same settings and hold
//! the same [`guarantees`], so choose by what else is in the program: `hyper` alone compiles and runs faster
//! (`default-features = false, features = ["courier", "gzip", "hyper", "rustls-aws-lc-rs"]`), and `reqwest` sends through a client that
//! the program already has. With both, [`Courier`] sends over hyper.
//!
//! A TLS feature, `http2`, `socks` and `webpki-roots` have no effect without `hyper` or `reqwest`. Without a TLS feature, only `http://`
//! base URLs work. The cryptography is the first of these that is available:
//!
//! 1. the provider that the program installed (`rustls::crypto::CryptoProvider::install_default`) before building the
//!    client. It is used unchanged, because a program that installs one, such as one certified for FIPS, wants it for
//!    all its connections;
//! 2. aws-lc-rs, with the post-quantum key exchange first;
//! 3. ring.
//!
//! Without any, `build()` fails with [`ConfigError::NoCryptoProvider`]. This crate never installs a provider.
//!
//! ## Features of other crates
//!
//! Cargo builds a crate once for the whole program, with all features that any part of it enables. Features that other
//! crates enable in reqwest (cookies, compression, hickory-dns, proxies, native TLS, HTTP/2, …) don't affect the
//! clients of this crate. Conversely, these features affect the program's own clients:
//!
//! | feature here | enables | effect | fix |
//! |---|---|---|---|
//! | `rustls-aws-lc-rs` (default) | `rustls/aws_lc_rs` | `rustls::ClientConfig::builder()` panics in a program that uses rustls with only `ring`, because rustls doesn't choose between two providers | `default-features = false, features = ["courier", "gzip", "reqwest", "rustls-ring"]` here, or install a provider at the start of `main` |
//! | `rustls-ring` | `rustls/ring` | the same in a program that uses rustls with only `aws_lc_rs` | use the default feature, or install a provider |
//! | `rustls-ring` or `rustls-no-provider`, with `reqwest` | `reqwest/rustls-no-provider` | `reqwest::Client::new()` panics in a program whose reqwest has no TLS feature ("No rustls crypto provider is configured") | use the default feature, or install a provider |
//! | every TLS feature, with `reqwest` | rustls in reqwest | in a program whose reqwest has no TLS feature, clients can call `https://` too, and building one reads the machine's root certificates, which fails if there are none | `.tls_certs_only([])` for such a client |
//! | every TLS feature | `rustls/tls12` | rustls clients of a program without that feature offer TLS 1.2 | `ClientConfig::builder_with_protocol_versions(&[&TLS13])` |
//! | `socks`, with `reqwest` | `reqwest/socks` | reqwest clients of a program without that feature can use SOCKS5 proxies, also those that the environment names | `.no_proxy()` for such a client |
//! | `http2`, with `reqwest` | `reqwest/http2` | reqwest clients of a program without that feature offer HTTP/2 | `.http1_only()` for such a client |
//!
//! To install a provider, call `rustls::crypto::aws_lc_rs::default_provider().install_default()`, or the same for
//! `ring`. `gzip` and `jiff` don't affect other crates.

#[cfg(all(feature = "__network", not(any(feature = "hyper", feature = "reqwest"))))]
compile_error!("the feature `__network` is private; enable `hyper` or `reqwest`");

// The attribute refers to this crate by its external name, also inside it.
#[cfg(any(feature = "courier", test))]
extern crate self as courier_core;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod argument;
pub mod blocking;
mod body;
mod call;
#[cfg(feature = "__network")]
mod config;
#[cfg(feature = "courier")]
mod courier;
mod endpoint;
mod error;
#[doc = include_str!("guarantees.md")]
pub mod guarantees {}
#[doc = include_str!("mistakes.md")]
pub mod mistakes {}
#[cfg(any(feature = "hyper", feature = "reqwest"))]
#[doc = include_str!("network.md")]
pub mod network {}
pub mod outcome;
pub mod paging;
mod reconnecting;
mod request;
mod secret;
mod status;
mod text;
pub mod transport;

pub use self::body::Body;
pub use self::call::{Call, CallWithResponse, NoRequest};
#[cfg(any(feature = "hyper", feature = "reqwest"))]
pub use self::config::ConfigError;
#[cfg(feature = "courier")]
#[doc(inline)]
pub use self::courier::messages;
#[cfg(all(feature = "courier", any(feature = "hyper", feature = "reqwest")))]
#[doc(inline)]
pub use self::courier::{Courier, CourierBuilder};
pub use self::endpoint::{Endpoint, Outcome, Outcomes};
pub use self::error::{DecodeError, Error, Result};
#[doc(inline)]
pub use self::outcome::{Download, Event, Events, FromEvent, FromResponse, FromStream, Lines, Raw, Text, WithResponse};
pub use self::reconnecting::Reconnecting;
pub use self::request::{CallOptions, InvalidRequest, Multipart, Request, WholeRequest};
pub use self::secret::Secret;
#[cfg(feature = "hyper")]
#[doc(inline)]
pub use self::transport::HyperTransport;
#[cfg(feature = "reqwest")]
#[doc(inline)]
pub use self::transport::ReqwestTransport;
#[doc(inline)]
pub use self::transport::{MemoryTransport, Response, Transport, TransportError, WholeResponse};
#[doc = include_str!("endpoint.md")]
pub use courier_macros::endpoint;
// Their types are part of this crate's: the same version, without a dependency of your own.
#[cfg(feature = "reqwest")]
#[doc(no_inline)]
pub use reqwest;
#[doc(no_inline)]
pub use {bytes, http, http_body};
