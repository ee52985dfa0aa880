use std::fmt;

use serde::{Deserialize, Serialize};

/// The error body of Courier's API, read with [`Error::body_as`](crate::Error::body_as).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// What is wrong, for people.
    pub message: String,
    /// The kind of problem, for programs: `invalid_request_error`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl Problem {
    /// Creates a problem with both parts.
    #[must_use]
    pub fn new(message: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { message: message.into(), kind: Some(kind.into()) }
    }
}

/// Escapes the text, which comes from a server.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message.escape_debug())?;
        self.kind.as_ref().map_or(Ok(()), |kind| write!(f, " ({})", kind.escape_debug()))
    }
}
