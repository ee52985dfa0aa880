//! Courier: the client, and the declarations of its API.

#[cfg(feature = "__network")]
mod client;
#[cfg(feature = "__network")]
mod connection;
pub mod messages;

#[cfg(any(feature = "hyper", feature = "reqwest"))]
pub use self::client::{Courier, CourierBuilder};
