//! Courier: the client, and the declarations of its API.

#[cfg(feature = "__network")]
mod client;
#[cfg(feature = "__network")]
mod connection;
pub mod messages;

#[cfg(feature = "__network")]
pub use self::client::{Courier, CourierBuilder};
