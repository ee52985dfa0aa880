//! The known secrets of a request or a response, and how to remove them from a text.

use std::borrow::Cow;
use std::sync::Arc;

use http::Extensions;

use super::{REDACTED, Secret, credential, echo};

/// A shorter secret is found only if no letter or digit is next to it, because its characters occur in almost any text.
const SHORT: usize = 4;

/// Texts that must not be shown. They travel in the extensions of a request and of its response.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<[Secret]>);

impl Secrets {
    pub(crate) fn new(mut secrets: Vec<Secret>) -> Self {
        if secrets.is_empty() {
            return Self::default();
        }
        secrets.retain(|secret| !secret.expose().is_empty());
        // One more level of escaping: JSON in a query (`?<filter:json>`), or a JSON body that a server quotes in JSON.
        let json: Vec<_> = secrets.iter().filter_map(in_json).collect();
        secrets.extend(json);
        secrets.sort_unstable_by(|a, b| a.expose().cmp(b.expose()));
        secrets.dedup_by(|a, b| a.expose() == b.expose());
        Self(secrets.into())
    }

    /// The secrets in the extensions of a request or a response.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// The secrets of a request: those its arguments marked, and those in its sensitive headers.
    pub(crate) fn of_request<B>(request: &http::Request<B>) -> Self {
        let mut secrets = Vec::new();
        for (name, value) in request.headers().iter().filter(|(_, value)| value.is_sensitive()) {
            credential::parts_of_header(name, value, &mut secrets);
        }
        Self::of(request.extensions()).with(&Self::new(secrets))
    }

    /// Both sets of secrets.
    pub(crate) fn with(&self, others: &Self) -> Self {
        match (self.is_empty(), others.is_empty()) {
            (_, true) => self.clone(),
            (true, _) => others.clone(),
            _ => Self::new(self.0.iter().chain(&*others.0).cloned().collect()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the secrets to a response, for everything that is later made from it.
    pub(crate) fn note<B>(&self, response: &mut http::Response<B>) {
        if !self.is_empty() {
            let known = Self::of(response.extensions());
            response.extensions_mut().insert(known.with(self));
        }
    }

    /// The most bytes that one of the secrets can take in a text.
    pub(crate) fn longest(&self) -> usize {
        self.0.iter().map(|secret| echo::LONGEST_FORM * secret.expose().chars().count()).max().unwrap_or(0)
    }

    /// `text` with the secrets redacted.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(self.redact_first(usize::MAX, text)) }
    }

    /// The beginning of `text` with the secrets redacted: at least `characters` characters, if there are that many.
    pub(crate) fn redact_first(&self, characters: usize, text: &str) -> String {
        let (mut shown, mut count) = (String::new(), 0);
        // Overlapping secrets are hidden completely.
        let (mut hidden, mut reach) = (0, 0);
        for (at, character) in text.char_indices() {
            reach = reach.max(self.end_at(at, text));
            if at < hidden {
                continue;
            }
            if count >= characters {
                break;
            }
            if reach > at {
                shown.push_str(REDACTED);
                count += REDACTED.len();
                hidden = reach;
            } else {
                shown.push(character);
                count += 1;
            }
        }
        shown
    }

    /// The end of the longest secret that begins at `at`; 0 if none does.
    fn end_at(&self, at: usize, text: &str) -> usize {
        let ends = self.0.iter().filter_map(|secret| {
            let end = at + echo::length(secret.expose(), &text[at..])?;
            (secret.expose().len() >= SHORT || is_word(text, at, end)).then_some(end)
        });
        ends.max().unwrap_or(0)
    }
}

/// The secret as `serde_json` escapes it, if that differs.
fn in_json(secret: &Secret) -> Option<Secret> {
    let json = serde_json::to_string(secret.expose()).ok()?;
    let escaped = &json[1..json.len() - 1];
    (escaped != secret.expose()).then(|| Secret::new(escaped))
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let is_outside = |character: Option<char>| !character.is_some_and(char::is_alphanumeric);
    is_outside(text[..start].chars().next_back()) && is_outside(text[end..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(texts: &[&str]) -> Secrets {
        Secrets::new(texts.iter().copied().map(Secret::from).collect())
    }

    #[test]
    fn an_echoed_credential_is_found_even_with_escaped_slashes() {
        let secrets = secrets(&["pk/s3cr+et=="]);
        for echo in ["key pk/s3cr+et== bad", r#"{"bad key":"pk\/s3cr+et=="}"#] {
            let text = secrets.redact(echo);
            assert!(!text.contains("s3cr") && text.contains(REDACTED), "{text}");
        }
        assert_eq!(secrets.redact("nothing of it"), "nothing of it");
    }

    #[test]
    fn a_secret_is_found_in_json_within_a_query_or_json() {
        let secrets = secrets(&[r#"a"b\c"#]);
        for echo in [r#"{"a\"b\\c": 1}"#, r#""{\"key\": \"a\\\"b\\\\c\"}""#, "a%5C%22b%5C%5Cc"] {
            let text = secrets.redact(echo);
            assert!(!text.contains('b') && text.contains(REDACTED), "{text}");
        }
    }

    #[test]
    fn overlapping_secrets_are_hidden_completely() {
        let secrets = secrets(&["abcXYZ", "XYZ123", "123"]);
        assert_eq!(secrets.redact("<abcXYZ123>"), "<[redacted][redacted]>");
        assert_eq!(secrets.redact("<abcXYZ>123"), "<[redacted]>[redacted]");
    }

    #[test]
    fn a_short_secret_is_hidden_as_a_word_and_a_longer_one_anywhere() {
        let secrets = secrets(&["a1", "b234"]);
        assert_eq!(secrets.redact("a1 (a1) ba1 a12 xb2345"), "[redacted] ([redacted]) ba1 a12 x[redacted]5");
    }
}
