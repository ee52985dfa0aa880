//! The texts of errors: makes a server's text safe for logs and terminals (redacted, escaped, truncated), and writes the
//! causes of an error after its own line.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::iter::successors;

use http::Extensions;

use crate::secret::Secrets;

/// Writes the errors below this one, each after `: `, for `{:#}`.
pub(crate) fn write_causes(f: &mut fmt::Formatter<'_>, error: &dyn Error) -> fmt::Result {
    successors(error.source(), |&cause| cause.source()).try_for_each(|cause| write!(f, ": {cause}"))
}

/// The text of this error and of those below it.
pub(crate) fn with_causes(error: &(dyn Error + 'static)) -> String {
    let texts: Vec<_> = successors(Some(error), |&cause| cause.source()).map(ToString::to_string).collect();
    texts.join(": ")
}

/// How many characters of a server's text an error shows.
const LENGTH: usize = 200;

/// How many bytes of a text its excerpt depends on. A character takes up to four bytes, or a whole credential is shown
/// as `[redacted]`. The last character or credential may be incomplete; it isn't shown.
fn window(secrets: &Secrets) -> usize {
    (LENGTH + 2) * secrets.longest().max(4)
}

/// The beginning of what a value displays, long enough for an excerpt.
pub(crate) fn beginning(value: impl fmt::Display, extensions: &Extensions) -> String {
    let mut beginning = Beginning { text: String::new(), left: window(&Secrets::of(extensions)) };
    // The only possible error says that the text is long enough.
    let _ = write!(beginning, "{value}");
    beginning.text
}

struct Beginning {
    text: String,
    left: usize,
}

impl fmt::Write for Beginning {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let mut end = more.len().min(self.left);
        while !more.is_char_boundary(end) {
            end -= 1;
        }
        self.text += &more[..end];
        self.left -= end;
        if end < more.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The beginning of a text, safe to show.
pub(crate) struct Excerpt {
    text: String,
    is_cut: bool,
}

impl Excerpt {
    /// Redacts the credentials in these extensions before truncating: half a credential would no longer be recognized.
    pub(crate) fn of(text: impl AsRef<[u8]>, extensions: &Extensions) -> Self {
        let (text, secrets) = (text.as_ref(), Secrets::of(extensions));
        // A body may be large, and invalid UTF-8 becomes three times as large.
        let text = String::from_utf8_lossy(&text[..text.len().min(window(&secrets))]);
        // One more character than is shown, to find out whether there are more.
        let text = if secrets.is_empty() { text } else { secrets.redact_first(LENGTH + 1, &text).into() };
        match text.char_indices().nth(LENGTH) {
            Some((end, _)) => Self { text: text[..end].to_owned(), is_cut: true },
            None => Self { text: text.into_owned(), is_cut: false },
        }
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

/// Escapes what moves the cursor or hides text, but not quotes, which JSON is full of.
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

    /// Terminal commands, bidirectional controls, invisible characters, line ends.
    #[test]
    fn characters_that_hide_or_move_text_are_escaped() {
        let ranges = ['\0'..=' ', '\u{7f}'..='\u{9f}', '\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}'];
        let more = ['\u{2060}'..='\u{206f}', '\u{e0000}'..='\u{e007f}', '\u{ad}'..='\u{ad}', '\u{61c}'..='\u{61c}'];
        let one = ['\u{feff}'..='\u{feff}', '\u{180e}'..='\u{180e}', '\u{fff9}'..='\u{fffb}', '\u{300}'..='\u{301}'];
        for character in ranges.into_iter().chain(more).chain(one).flatten().filter(|character| *character != ' ') {
            let shown = Excerpt::of(format!("a{character}b"), &Extensions::new()).to_string();
            assert!(shown.starts_with("a\\") && shown.is_ascii(), "{shown:?}");
        }
    }

    /// Thousands of bytes of an echoed key shrink to a short text. No part of the key may show at its end.
    #[test]
    fn an_excerpt_shows_what_the_whole_text_would_and_no_part_of_a_credential() {
        let key = "s3cret/".repeat(9);
        let mut extensions = Extensions::new();
        extensions.insert(Secrets::new(vec![key.as_str().into()]));
        for echo in [key.clone(), key.replace('/', "\\/")] {
            for before in 0..LENGTH + 70 {
                let text = "x".repeat(before) + &echo.repeat(1000);
                let shown: String = ("x".repeat(before) + &"[redacted]".repeat(1000)).chars().take(LENGTH).collect();
                assert_eq!(Excerpt::of(&text, &extensions).to_string(), shown.clone() + "…");
                assert_eq!(Excerpt::of(beginning(&text, &extensions), &extensions).to_string(), shown + "…");
            }
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let excerpt = Excerpt::of("ü".repeat(LENGTH + 1), &Extensions::new());
        assert_eq!(excerpt.to_string(), "ü".repeat(LENGTH) + "…");
        assert!(!Excerpt::of("ü".repeat(LENGTH), &Extensions::new()).is_cut());
    }
}
