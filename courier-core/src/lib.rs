//! Declare an HTTP API call with one attribute, and have a typed, safe, fast method.
//!
//! An API's reference page says: `POST /messages/{message_id}/cancel`, 200 when cancelled, 409 when too late, the message
//! record in both. That is written down, once, on a trait method:
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
//! // The transport: here one that plays a response. `Courier::from_env()?` is the real one.
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
//! - **declaration**: the attribute, checked against the method's signature by the compiler, becomes a static
//!   [`Endpoint`].
//! - **request**: the endpoint and the arguments become a [`Request`]. A mistake found here is the call's error, and
//!   nothing is sent.
//! - **transport**: the [`Call`] awaits [`Transport::send`], the only place with I/O: [`Courier`], a [`ReqwestTransport`] for
//!   any other API, a [`MemoryTransport`] in a test, or your own around them. [`Retry`](transport::Retry) retries after
//!   transient failures.
//! - **status**: it says which declared outcome the [`Response`] is. One that is not declared, 2xx or not, is an
//!   [`Error::Status`] that keeps status, headers and body.
//! - **outcome**: the body, read as that outcome's type ([`FromResponse`]).
//!
//! # Where to go on
//!
//! - How to declare: [`endpoint`], the reference of the attribute. What types it asks for: [`argument`] and [`outcome`].
//! - What the compiler reports, and how to fix it: [`mistakes`].
//! - What a call can do: [`Call`]. What can go wrong: [`Error`]. What is retried: [`Retry`](transport::Retry).
//! - What holds whatever a server does, and which test shows it: [`guarantees`].
//! - A list that comes page by page, as one stream: [`paging`].
//! - What is shipped of Courier's API: [`messages`].
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `courier` | yes | Courier's [`messages`], and with `reqwest` its client, [`Courier`] |
//! | `reqwest` | yes | [`ReqwestTransport`], over the network. Without it: [`MemoryTransport`], and your own [`Transport`] |
//! | `rustls-aws-lc-rs` | yes | TLS by rustls, with aws-lc-rs as its cryptography |
//! | `rustls-ring` | | TLS by rustls, with ring as its cryptography: a faster build |
//! | `rustls-no-provider` | | TLS by rustls, with the cryptography that the program installs |
//! | `gzip` | yes | compressed responses |
//! | `http2` | | HTTP/2 where the server offers it, and `ReqwestTransportBuilder::http2_prior_knowledge` |
//! | `jiff` | | [`Timestamp`](messages::Timestamp) to and from `jiff::Timestamp` |
//!
//! Without a TLS feature only `http://` base URLs can be used. With several, the cryptography is the first of these:
//!
//! 1. the provider that the program has installed (`rustls::crypto::CryptoProvider::install_default`) before it builds the client,
//!    used as it is: a program that installs one, such as one certified for FIPS, means all of its connections;
//! 2. aws-lc-rs, with the post-quantum key exchange first;
//! 3. ring.
//!
//! If there is none, `build()` fails with [`ConfigError::NoCryptoProvider`]. This crate never installs a provider.
//!
//! ## Features of other crates
//!
//! Cargo builds a crate once for the whole program, with the features that any part of the program asks for. What other crates
//! turn on in reqwest (cookies, compression, hickory-dns, proxies, native TLS, HTTP/2, …) doesn't change the clients of this
//! crate. What this crate turns on can be seen by the program's own clients in these cases:
//!
//! | feature here | turns on | what changes, and for whom | what to do |
//! |---|---|---|---|
//! | `rustls-aws-lc-rs` (default) | `rustls/aws_lc_rs` | `rustls::ClientConfig::builder()` panics in a program that has rustls with `ring` alone: rustls doesn't choose between two providers | `default-features = false, features = ["gzip", "rustls-ring"]` here, or install a provider at the start of `main` |
//! | `rustls-ring` | `rustls/ring` | the same in a program that has rustls with `aws_lc_rs` alone | use the default feature, or install a provider |
//! | `rustls-ring`, `rustls-no-provider` | `reqwest/rustls-no-provider` | `reqwest::Client::new()` panics in a program whose reqwest has no TLS feature of its own ("No rustls crypto provider is configured") | use the default feature, or install a provider |
//! | every TLS feature | rustls in reqwest | a program whose reqwest has no TLS feature: its clients can call `https://` too, and read the machine's root certificates when they are built, which fails if there are none | `.tls_certs_only([])` for such a client |
//! | every TLS feature | `rustls/tls12` | rustls clients of a program that leaves that feature out offer TLS 1.2 | `ClientConfig::builder_with_protocol_versions(&[&TLS13])` |
//! | `http2` | `reqwest/http2` | reqwest clients of a program that leaves that feature out offer HTTP/2 to servers | `.http1_only()` for such a client |
//!
//! To install a provider: `rustls::crypto::aws_lc_rs::default_provider().install_default()`, or the same with `ring`. `gzip` and
//! `jiff` change nothing for other crates.

// The attribute names this crate by its path from outside, here too.
#[cfg(any(feature = "courier", test))]
extern crate self as courier_core;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod argument;
pub mod blocking;
mod call;
#[cfg(feature = "reqwest")]
mod config;
#[cfg(feature = "courier")]
mod courier;
mod endpoint;
mod error;
#[doc = include_str!("guarantees.md")]
pub mod guarantees {}
#[doc = include_str!("mistakes.md")]
pub mod mistakes {}
pub mod outcome;
pub mod paging;
mod request;
mod secret;
mod status;
mod text;
pub mod transport;

pub use self::call::{Call, CallWithResponse, NoRequest};
#[cfg(feature = "reqwest")]
pub use self::config::ConfigError;
#[cfg(feature = "courier")]
#[doc(inline)]
pub use self::courier::messages;
#[cfg(all(feature = "courier", feature = "reqwest"))]
#[doc(inline)]
pub use self::courier::{Courier, CourierBuilder};
pub use self::endpoint::{Endpoint, Outcome, Outcomes};
pub use self::error::{DecodeError, Error, Result};
#[doc(inline)]
pub use self::outcome::{FromResponse, Raw, Text, WithResponse};
pub use self::request::{CallOptions, InvalidRequest, Multipart, Request};
pub use self::secret::Secret;
#[cfg(feature = "reqwest")]
#[doc(inline)]
pub use self::transport::ReqwestTransport;
#[doc(inline)]
pub use self::transport::{MemoryTransport, Response, Transport, TransportError};
#[doc = include_str!("endpoint.md")]
pub use courier_macros::endpoint;
// Their types are part of this crate's: the same version, without a dependency of your own.
#[doc(no_inline)]
pub use {bytes, http};
