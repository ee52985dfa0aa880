//! Courier: the client, and the declarations of its API.

#[cfg(feature = "reqwest")]
mod client;
pub mod messages;

#[cfg(feature = "reqwest")]
pub use self::client::{Courier, CourierBuilder};
