//! Courier's own: its client and what is shipped of its API.

mod client;
pub mod messages;

pub use self::client::{Courier, CourierBuilder};
