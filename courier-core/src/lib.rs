//! Declare an HTTP API call with one attribute, and have a typed, safe, fast method.
#![doc(html_root_url = "https://docs.rs/courier-core/0.1.0")]

extern crate self as courier_core;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod call;
mod client;
mod config;
mod endpoint;
mod error;
pub mod messages;
mod request;
mod response;
mod secret;
pub mod transport;

pub use self::call::{Call, CallOptions, CallWithResponse};
pub use self::client::{Courier, CourierBuilder};
pub use self::config::ConfigError;
pub use self::endpoint::{Endpoint, Outcome, Outcomes};
pub use self::error::{Error, Result};
pub use self::request::{InvalidRequest, Request};
pub use self::response::{DecodeError, FromResponse, Response, WithResponse};
#[doc(no_inline)]
pub use self::transport::{MemoryTransport, ReqwestTransport, Transport, TransportError};
pub use courier_macros::endpoint;
