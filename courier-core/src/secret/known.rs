//! The known secrets of a request or a response, and how to remove them from a text.

use std::borrow::Cow;
use std::sync::Arc;

use http::{Extensions, HeaderMap};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{REDACTED, Secret, credential, echo};

/// A shorter secret is found only if no letter or digit is next to it, because its characters occur in almost any text.
const SHORT: usize = 4;

/// All but the unreserved characters of [RFC 3986, 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3), as URLs encode them.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Texts that must not be shown, sorted, each once. They travel in the extensions of a request and of its response.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<[Secret]>);

impl Secrets {
    pub(crate) fn new(mut secrets: Vec<Secret>) -> Self {
        if secrets.is_empty() {
            return Self::default();
        }
        secrets.retain(|secret| !secret.expose().is_empty());
        // One more layer: JSON in a query (`?<filter:json>`), a JSON body that a server quotes in JSON, or a URL in the query of
        // another one (`/login?next=…`).
        let escaped: Vec<_> = secrets.iter().flat_map(|secret| [in_json(secret), in_url(secret)]).flatten().collect();
        secrets.extend(escaped);
        Self::sorted(secrets)
    }

    fn sorted(mut secrets: Vec<Secret>) -> Self {
        if secrets.is_empty() {
            return Self::default();
        }
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
        Self::of_parts(request.headers(), request.extensions())
    }

    /// The same for the parts of a request.
    pub(crate) fn of_parts(headers: &HeaderMap, extensions: &Extensions) -> Self {
        let mut secrets = Vec::new();
        for (name, value) in headers.iter().filter(|(_, value)| value.is_sensitive()) {
            credential::parts_of_header(name, value, &mut secrets);
        }
        let marked = Self::of(extensions);
        if secrets.is_empty() { marked } else { marked.with(&Self::new(secrets)) }
    }

    /// Both sets of secrets.
    pub(crate) fn with(&self, others: &Self) -> Self {
        match (self.is_empty(), others.is_empty()) {
            (_, true) => self.clone(),
            (true, _) => others.clone(),
            _ => Self::sorted(self.0.iter().chain(&*others.0).cloned().collect()),
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

    /// `text` with the secrets redacted, also one that is cut at its end.
    pub(crate) fn redact_cut<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let longest = self.longest();
        let is_cut = |at: &usize| {
            text.len() - at < longest && self.0.iter().any(|secret| echo::is_cut(secret.expose(), &text[*at..]))
        };
        match text.char_indices().map(|(at, _)| at).find(is_cut) {
            Some(cut) => Cow::Owned(self.hide(usize::MAX, text, cut)),
            None => self.redact(text),
        }
    }

    /// The beginning of `text` with the secrets redacted: at least `characters` characters, if there are that many.
    pub(crate) fn redact_first(&self, characters: usize, text: &str) -> String {
        self.hide(characters, text, text.len())
    }

    /// Hides the secrets in `text`, and everything from `cut`.
    fn hide(&self, characters: usize, text: &str, cut: usize) -> String {
        let (mut shown, mut count) = (String::new(), 0);
        // Overlapping secrets are hidden completely.
        let (mut hidden, mut reach) = (0, 0);
        for (at, character) in text.char_indices() {
            reach = reach.max(if at < cut { self.end_at(at, text) } else { text.len() });
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
        let is_hidden = |secret: &Secret, end| secret.expose().len() >= SHORT || is_word(text, at, end);
        let mut reach = 0;
        // They are sorted: those that begin as the text does are next to each other, and a complete one is the first of them.
        let mut alike = &*self.0;
        for (depth, byte) in text.as_bytes()[at..].iter().enumerate() {
            if echo::may_be_escape(*byte) {
                let ends = alike.iter().filter_map(|secret| {
                    let end = at + echo::length(secret.expose(), &text[at..])?;
                    is_hidden(secret, end).then_some(end)
                });
                return ends.fold(reach, usize::max);
            }
            let next = |secret: &Secret| secret.expose().as_bytes()[depth];
            let first = alike.partition_point(|secret| next(secret) < *byte);
            alike = &alike[first..];
            alike = &alike[..alike.partition_point(|secret| next(secret) == *byte)];
            let Some(secret) = alike.first() else { break };
            let end = at + depth + 1;
            if secret.expose().len() == depth + 1 {
                if is_hidden(secret, end) {
                    reach = end;
                }
                alike = &alike[1..];
            }
        }
        reach
    }
}

/// The secret as `serde_json` escapes it, if that differs.
fn in_json(secret: &Secret) -> Option<Secret> {
    let json = serde_json::to_string(secret.expose()).ok()?;
    let escaped = &json[1..json.len() - 1];
    (escaped != secret.expose()).then(|| Secret::new(escaped))
}

/// The secret as it is written into a path or a query, if that is another text.
fn in_url(secret: &Secret) -> Option<Secret> {
    let encoded = Cow::from(utf8_percent_encode(secret.expose(), ENCODED));
    (encoded != secret.expose()).then(|| Secret::new(&*encoded))
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
    fn of_secrets_that_begin_alike_the_longest_is_hidden() {
        let secrets = secrets(&["abcd", "abcdef", "abcdeg", "abcd/x", "x/abcdef"]);
        for text in ["abcd", "abcdef", "abcdeg", "abcd/x", r"abcd\/x", "abcd%2Fx", "%61bcdef", "x/abcdef", "x%2fabcdef"]
        {
            assert_eq!(secrets.redact(&format!("<{text}>")), "<[redacted]>", "{text}");
        }
        assert_eq!(secrets.redact("<abcdeh> <abc> <ab%63e>"), "<[redacted]eh> <abc> <ab%63e>");
    }

    #[test]
    fn many_secrets_in_a_long_text_take_no_long_time() {
        let texts: Vec<_> = (0..10_000).map(|number| format!("s3cret-number-{number:05}")).collect();
        let secrets = secrets(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let begin = std::time::Instant::now();
        let shown = secrets.redact(&texts.join(" ")).into_owned();
        assert_eq!(shown, vec![REDACTED; 10_000].join(" "));
        let shown = Secrets::new(vec![Secret::new("a".repeat(30) + "b")]).redact(&"a".repeat(1 << 20)).len();
        assert_eq!(shown, 1 << 20);
        assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{:?}", begin.elapsed());
    }

    #[test]
    fn a_secret_that_is_cut_is_hidden_however_it_is_written() {
        let secrets = secrets(&["s3c/ret", "abab"]);
        for echo in ["s3c/ret", r"s3c\/ret", "s3c%2Fret", r"\u0073\u0033c\u002fret", "&#115;3c/ret", "s3c&#x2f;ret"] {
            for end in 1..=echo.len() {
                assert_eq!(secrets.redact_cut(&format!("<{}", &echo[..end])), "<[redacted]", "{echo} up to {end}");
            }
        }
        // A complete one before the cut is hidden as a whole.
        assert_eq!(secrets.redact_cut("xabab"), "x[redacted]");
        assert_eq!(secrets.redact_cut("xababa"), "x[redacted][redacted]");
        assert_eq!(secrets.redact_cut("s3c/ret, s3c/rex"), "[redacted], s3c/rex");
        assert_eq!(secrets.redact_cut(""), "");
        assert_eq!(Secrets::default().redact_cut("s3c"), "s3c");
    }

    #[test]
    fn a_short_secret_is_hidden_as_a_word_and_a_longer_one_anywhere() {
        let secrets = secrets(&["a1", "b234"]);
        assert_eq!(secrets.redact("a1 (a1) ba1 a12 xb2345"), "[redacted] ([redacted]) ba1 a12 x[redacted]5");
    }
}
