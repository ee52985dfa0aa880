//! Secrets: marked when they are given, and kept out of logs, errors and `Debug`.
//!
//! `credential` splits credentials into their secret parts, `watch` notes the secrets written into a request, `known` replaces them
//! in a text, and `echo` recognizes their escaped forms.

#[cfg_attr(not(feature = "__network"), allow(dead_code, reason = "only a transport over the network adds credentials"))]
mod credential;
mod echo;
mod known;
mod watch;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(feature = "__network")]
pub(crate) use self::credential::{BasicAuth, bearer, header_value, parts_of_header, query_value};
#[expect(unreachable_pub, reason = "a hidden method of the public trait `Transport` returns it")]
pub use self::known::Secrets;
pub(crate) use self::watch::Watch;

/// What replaces a secret in a text.
pub(crate) const REDACTED: &str = "[redacted]";

/// A text that is sent but never shown: an API key, a token, a password.
///
/// As an argument's type, it keeps the value out of logs and errors:
///
/// ```
/// use courier_core::{MemoryTransport, Result, Secret, Transport, endpoint};
///
/// trait Weather: Transport {
///     #[endpoint(GET, "/forecast/<city>?<appid>", ok = 200)]
///     async fn forecast(&self, city: &str, appid: &Secret) -> Result<String>;
///
///     #[endpoint(GET, "/alerts", ok = 200)]
///     async fn alerts(&self, #[header("x-api-key")] key: &Secret) -> Result<String>;
/// }
/// impl<T: Transport> Weather for T {}
///
/// let key = Secret::new("0a1b2c3d4e");
/// let transport = MemoryTransport::new();
/// let call = transport.forecast("Oslo", &key);
/// assert!(call.curl()?.ends_with(r#""$BASE_URL"'/forecast/Oslo?appid=[redacted]'"#));
/// assert!(transport.alerts(&key).request().unwrap().headers()["x-api-key"].is_sensitive());
/// assert_eq!(format!("{key:?}"), "[redacted]");
/// # Ok::<(), courier_core::NoRequest>(())
/// ```
///
/// A secret can be a value in the path (`/bot<token>/send`) or the query, a header, a field of a `#[query]`, `#[form]`
/// or `#[body]` argument, or a part of a form with files ([`Multipart::secret`](crate::Multipart::secret)). Everywhere
/// but in the path, it can be an `Option`.
///
/// The call then hides it:
///
/// - `Debug` hides it, and there is no `Display`. A header is marked as sensitive.
/// - [`Call::curl`](crate::Call::curl) leaves out a header that holds it, and writes `[redacted]` in a path, a query or
///   a body.
/// - Errors leave it out if the server echoes it, either as is or escaped for JSON, a URL or HTML.
/// - The transports over the network send it only over TLS or to this machine, unless configured otherwise.
///
/// The limits:
///
/// - `Serialize` writes the text. In a body that was serialized before the call (a `serde_json::Value` made with
///   `json!`, bytes for `#[raw]`), it is a text like any other.
/// - The [`Request`](crate::Request) holds the text, and its `Debug` prints the URI and the body. Print
///   [`Call::curl`](crate::Call::curl) instead.
/// - A secret shorter than four bytes is hidden only if no letter or digit is next to it, because its characters occur
///   in almost any text.
/// - The memory isn't erased on drop.
///
/// Cloning is cheap: clones share the text.
#[derive(Clone)]
pub struct Secret(Text);

impl Secret {
    /// Marks a text as secret.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(Text(text.into()))
    }

    /// Returns the text itself, for example to sign with it or to store it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0.0
    }
}

impl Secret {
    /// Returns the text as it is written into a path or a header.
    pub(crate) fn display(&self) -> &dyn fmt::Display {
        &self.0
    }

    /// Records that it is written into a request.
    pub(crate) fn note(&self) {
        watch::note(self);
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Writes the text itself, because that is how it is sent.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.note();
        serializer.serialize_str(self.expose())
    }
}

/// Reads a string, for example a token in a response or a key in a configuration file.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// The text as written into a path or a header. It has a `Display`, which code outside this crate can't reach.
#[derive(Clone)]
struct Text(Arc<str>);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Secret(self.clone()).note();
        f.write_str(&self.0)
    }
}
