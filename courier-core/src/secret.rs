//! A credential: sent in a header, and kept out of every text.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::{Extensions, HeaderValue};

/// What takes the place of a credential in a text.
const REDACTED: &str = "[redacted]";

/// A credential that was checked when it was given. Shown by no `Debug`.
///
/// A transport puts it into the extensions of a response, so that an error made from that response can leave it out
/// where a server echoes it.
#[derive(Clone)]
pub(crate) struct Secret(Arc<str>);

impl Secret {
    /// Visible ASCII without quotes and backslashes, at least one character: no line end that would start another header, and
    /// little that would be escaped in an echo, so that it can be told from the rest.
    ///
    /// # Errors
    ///
    /// The rule that it breaks, with no byte of it.
    pub(crate) fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("it is empty");
        }
        if text.trim() != text {
            return Err("it has a space or a line end around it");
        }
        if text.bytes().any(|byte| !byte.is_ascii_graphic() || matches!(byte, b'"' | b'\\')) {
            return Err("it has a space, a quote, a backslash, a control character or one outside ASCII in it");
        }
        Ok(Self(text.into()))
    }

    /// The credential in a header that somebody else put together: what stands behind the scheme of `Bearer s3cret`.
    pub(crate) fn of_header(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        Self::new(text.rsplit(' ').next()?).ok()
    }

    /// `prefix` and the credential as a header value that is marked sensitive: `Debug` hides it, HTTP/2 doesn't index it.
    pub(crate) fn header_value(&self, prefix: &str) -> HeaderValue {
        let mut value = HeaderValue::try_from(format!("{prefix}{}", self.0)).expect("visible ASCII only");
        value.set_sensitive(true);
        value
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The credentials of a transport, as they travel in a response's extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Arc<[Secret]>);

impl Secrets {
    pub(crate) fn new(mut secrets: Vec<Secret>) -> Self {
        // The longest first: of one that begins as another does nothing is to be left.
        secrets.sort_by_key(|Secret(secret)| std::cmp::Reverse(secret.len()));
        Self(secrets.into())
    }

    /// These and the ones of one request.
    pub(crate) fn with(&self, more: Vec<Secret>) -> Self {
        if more.is_empty() { self.clone() } else { Self::new(self.0.iter().cloned().chain(more).collect()) }
    }

    /// Those that a transport put into a response's extensions.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// The most bytes that one of them takes in a text: twice its own where each is a slash that is written escaped.
    pub(crate) fn longest(&self) -> usize {
        self.0.iter().map(|Secret(secret)| 2 * secret.len()).max().unwrap_or(0)
    }

    /// `text` without any of them.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.0.iter().fold(Cow::Borrowed(text), |text, Secret(secret)| {
            // JSON may write a slash escaped.
            let escaped = secret.replace('/', "\\/");
            if !text.contains(&**secret) && !text.contains(&escaped) {
                return text;
            }
            Cow::Owned(text.replace(&**secret, REDACTED).replace(&escaped, REDACTED))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_found_in_an_echo_with_its_slashes_escaped_too() {
        let secrets = Secrets::new(vec![Secret::new("pk/s3cr+et==").expect("a key")]);
        for echo in ["key pk/s3cr+et== bad", r#"{"bad key":"pk\/s3cr+et=="}"#] {
            let text = secrets.redact(echo);
            assert!(!text.contains("s3cr") && text.contains(REDACTED), "{text}");
        }
        assert_eq!(secrets.redact("nothing of it"), "nothing of it");
    }
}
