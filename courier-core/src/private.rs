//! What an expansion of `#[endpoint]` names. Not part of the public API: it changes with the macro.

pub use http::Method;

pub use crate::blocking::call as call_blocking;
pub use crate::call::call;
pub use crate::endpoint::{PathPart, Placeholder, endpoint, outcome};
pub use crate::request::{RequestBuilder, request};
