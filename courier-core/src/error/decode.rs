use http::Extensions;
use thiserror::Error;

use crate::text::Excerpt;

/// Why a body can't be read, and where in it.
#[derive(Clone, Debug, Default, Error, PartialEq, Eq)]
#[error("{}{}{message}", item.as_deref().map(|item| format!("{item}: ")).unwrap_or_default(), path.as_deref().map(|path| format!("at `{path}`: ")).unwrap_or_default())]
pub struct DecodeError {
    /// The line or the event of a stream.
    pub(crate) item: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) message: String,
}

impl DecodeError {
    /// An error about the body as a whole.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`map_err(DecodeError::new)` reads better with a value")]
    pub fn new(message: impl ToString) -> Self {
        Self { item: None, path: None, message: message.to_string() }
    }

    /// An error at a place in the body: `results[3].status`.
    #[must_use]
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { item: None, path: Some(path.into()), message: message.into() }
    }

    /// Adds the line or the event that can't be read.
    pub(crate) fn in_item(self, item: String) -> Self {
        Self { item: Some(item), ..self }
    }

    /// The same error without credentials, escaped and cut, since path and message contain text from the server.
    pub(crate) fn for_people(self, extensions: &Extensions) -> Self {
        let clean = |text: String| Excerpt::of(&text, extensions).to_string();
        Self { item: self.item, path: self.path.map(clean), message: clean(self.message) }
    }

    /// The place in the body, as a JSON path without the root: `results[3].status`. `None` if the error is about the body as a whole.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }
}
