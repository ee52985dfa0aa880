//! A server's text, made fit for a log and a terminal: without credentials, escaped, cut.

use std::fmt::{self, Write as _};

use http::Extensions;

use crate::secret::Secrets;

/// How much of a server's text an error shows, in characters.
const LENGTH: usize = 200;

/// The beginning of a text.
pub(crate) struct Excerpt {
    text: String,
    is_cut: bool,
}

impl Excerpt {
    /// Credentials that these extensions know of are left out before the text is cut: half of one would be no match.
    pub(crate) fn of(text: &str, extensions: &Extensions) -> Self {
        let text = Secrets::of(extensions).redact(text);
        match text.char_indices().nth(LENGTH) {
            Some((end, _)) => Self { text: text[..end].to_owned(), is_cut: true },
            None => Self { text: text.into_owned(), is_cut: false },
        }
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

/// What moves the cursor or hides text is escaped; quotes, of which JSON is full, are not.
impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.text.chars() {
            match character {
                '"' | '\'' | '\\' => f.write_char(character)?,
                other => write!(f, "{}", other.escape_debug())?,
            }
        }
        if self.is_cut { f.write_char('…') } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_quotes_are_not() {
        let excerpt = Excerpt::of("{\"a\": 'b\\'}\u{1b}[31m\r\n\u{202e}ü", &Extensions::new());
        assert_eq!(excerpt.to_string(), "{\"a\": 'b\\'}\\u{1b}[31m\\r\\n\\u{202e}ü");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let excerpt = Excerpt::of(&"ü".repeat(LENGTH + 1), &Extensions::new());
        assert_eq!(excerpt.to_string(), "ü".repeat(LENGTH) + "…");
        assert!(!Excerpt::of(&"ü".repeat(LENGTH), &Extensions::new()).is_cut());
    }
}
