//! Courier's own: its client and what is shipped of its API.

#[cfg(feature = "reqwest")]
mod client;
pub mod messages;

#[cfg(feature = "reqwest")]
pub use self::client::{Courier, CourierBuilder};
