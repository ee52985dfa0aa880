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
//! // The transport: here one that plays an answer. `Courier::from_env()?` is the real one.
//! let courier = MemoryTransport::new().answer(409, include_str!("messages/delivered.json"));
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
//!   any other API, a [`MemoryTransport`] in a test, or one of yours around them. [`Retry`](transport::Retry) retries after
//!   transient failures.
//! - **status**: it says which declared outcome the [`Response`] is. One that is not declared, 2xx or not, is an
//!   [`Error::Status`] that keeps status, headers and body.
//! - **outcome**: the body, read as that outcome's type ([`FromResponse`]).
//!
//! # Where to go on
//!
//! - How to declare: [`endpoint`], the reference of the attribute. What types it asks for: [`argument`] and [`outcome`].
//! - What the compiler reports, and how to fix it: [`mistakes`].
//! - What a call can do: [`Call`]. What can go wrong: [`Error`]. What is sent again: [`Retry`](transport::Retry).
//! - What holds whatever a server does, and which test shows it: [`guarantees`].
//! - A list that comes page by page, as one stream: [`paging`].
//! - What is shipped of Courier's API: [`messages`].
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `rustls-ring` | yes | TLS by rustls, with ring as its cryptography |
//! | `rustls-aws-lc-rs` | | TLS by rustls, with aws-lc-rs; it wins where both are on |
//! | `gzip` | yes | compressed answers |
//! | `http2` | | HTTP/2 where the server offers it, and `ReqwestTransportBuilder::http2_prior_knowledge` |
//! | `jiff` | | [`Timestamp`](messages::Timestamp) to and from `jiff::Timestamp` |
//!
//! Without either TLS feature only `http://` base URLs can be used.

// The attribute names this crate by its path from outside, here too.
extern crate self as courier_core;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod argument;
pub mod blocking;
mod call;
mod client;
mod config;
mod endpoint;
mod error;
#[doc = include_str!("guarantees.md")]
pub mod guarantees {}
pub mod messages;
#[doc = include_str!("mistakes.md")]
pub mod mistakes {}
pub mod outcome;
pub mod paging;
mod request;
mod response;
mod secret;
mod text;
pub mod transport;

pub use self::call::{Call, CallOptions, CallWithResponse};
pub use self::client::{Courier, CourierBuilder};
pub use self::config::ConfigError;
pub use self::endpoint::{Endpoint, Outcome, Outcomes};
pub use self::error::{Error, Result};
pub use self::request::{InvalidRequest, Multipart, Request};
pub use self::response::{DecodeError, FromResponse, Raw, Response, Text, WithResponse};
#[doc(inline)]
pub use self::transport::{MemoryTransport, ReqwestTransport, Transport, TransportError};
#[doc = include_str!("endpoint.md")]
pub use courier_macros::endpoint;
