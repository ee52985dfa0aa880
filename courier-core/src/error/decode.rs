use http::Extensions;
use thiserror::Error;

use crate::text::Excerpt;

/// Why a body can't be read, and where in it.
#[derive(Clone, Debug, Default, Error, PartialEq, Eq)]
#[error("{}{message}", path.as_deref().filter(|_| !says_where).map(|path| format!("at `{path}`: ")).unwrap_or_default())]
pub struct DecodeError {
    path: Option<String>,
    pub(crate) message: String,
    /// Whether the message begins with the place.
    says_where: bool,
}

impl DecodeError {
    /// An error about the body as a whole.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`map_err(DecodeError::new)` reads better with a value")]
    pub fn new(message: impl ToString) -> Self {
        Self { path: None, message: message.to_string(), says_where: false }
    }

    /// An error at a place in the body: `results[3].status`.
    #[must_use]
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: Some(path.into()), message: message.into(), says_where: false }
    }

    /// Adds the line or the event of a stream that can't be read.
    pub(crate) fn in_item(self, item: &str) -> Self {
        Self { message: format!("{item}: {self}"), path: self.path, says_where: true }
    }

    /// The same error without credentials, escaped and cut, since path and message contain text from the server.
    pub(crate) fn for_people(self, extensions: &Extensions) -> Self {
        let clean = |text: String| Excerpt::of(&text, extensions).to_string();
        Self { path: self.path.map(clean), message: clean(self.message), says_where: self.says_where }
    }

    /// The place in the body, as a JSON path without the root: `results[3].status`. `None` if the error is about the body as a whole.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }
}
