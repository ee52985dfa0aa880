//! The proxy: its URL, with its own user and password.

mod environment;
mod no_proxy;

use std::fmt;

#[cfg(feature = "hyper")]
use http::HeaderValue;
use http::header;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

pub(super) use self::environment::unused_variable;
use super::base_url::{self, BaseUrl};
use super::url::{self, Url};
use crate::config::ConfigError;
use crate::secret::{BasicAuth, Secret, parts_of_header};

/// What the user set.
#[derive(Clone, Debug)]
pub(super) enum ProxySetting {
    None,
    Url(Proxy),
    FromEnv,
}

/// A proxy that was checked. `Debug` and `Display` show scheme, host and port alone.
#[derive(Clone)]
pub(super) struct Proxy {
    scheme: String,
    /// Percent-encoded, with a colon before the password if there is one.
    user_info: Option<String>,
    /// An IPv6 address has its brackets.
    host: String,
    /// `None` for the scheme's own.
    port: Option<u16>,
    secrets: Vec<Secret>,
}

/// The most bytes of a URL. reqwest can't read one of more than 65,534, and would connect directly then.
const MAX_URL: usize = 60_000;

/// What is encoded in a user and a password if it isn't already (<https://url.spec.whatwg.org/#userinfo-percent-encode-set>).
const USER_INFO: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b';')
    .add(b'=')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'|');

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl ProxySetting {
    pub(super) fn parse(url: &str) -> Result<Self, ConfigError> {
        Proxy::parse(url).map(Self::Url).map_err(|rule| refused("the proxy".to_owned(), rule))
    }

    /// The proxy for this API, if there is one.
    pub(super) fn into_proxy(self, base_url: &BaseUrl) -> Result<Option<Proxy>, ConfigError> {
        match self {
            Self::None => Ok(None),
            Self::Url(proxy) => Ok(Some(proxy)),
            Self::FromEnv => environment::proxy(base_url),
        }
    }
}

fn refused(what: String, rule: &'static str) -> ConfigError {
    ConfigError::Setting { what, rule }
}

impl Proxy {
    /// # Errors
    ///
    /// Returns the rule that the text breaks. It quotes no byte of it, since it may have a password.
    fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "it is not a URL of a proxy; write it as `http://host:port`, or `http://user:password@host:port` with \
                            `%40` for an `@`, `%2F` for a `/` and so on in the user and the password (it is not shown here)";
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(
                "it has a space, a control character or a backslash in it; write a space as `%20` and a backslash as `%5C` (it is \
                 not shown here)",
            );
        }
        let with_scheme = if text.contains("://") { text.to_owned() } else { ["http://", text].concat() };
        let Url { scheme, user_info, host, port, path, has_query_or_fragment } = Url::parse(&with_scheme)
            .ok_or_else(|| text.rsplit('@').next().and_then(url::needs_punycode).unwrap_or(FORM))?;
        check_scheme(&scheme)?;
        if !matches!(path, "" | "/") || has_query_or_fragment {
            return Err(
                "it has a path, a query or a fragment; write only `scheme://user:password@host:port`, with `%2F` for a `/`, `%3F` \
                 for a `?` and `%23` for a `#` in the user and the password (it is not shown here)",
            );
        }
        let user_info = user_info.map(encoded).filter(|user_info| !matches!(&**user_info, "" | ":"));
        let mut proxy = Self { scheme, user_info, host, port, secrets: Vec::new() };
        proxy.secrets = proxy.find_secrets()?;
        if proxy.url().len() > MAX_URL {
            return Err("the user and password are too long (it is not shown here)");
        }
        Ok(proxy)
    }

    /// The whole of it, with user and password.
    pub(super) fn url(&self) -> String {
        let user_info = self.user_info.as_deref().map(|user_info| [user_info, "@"].concat()).unwrap_or_default();
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{user_info}{}{port}", self.scheme, self.host)
    }

    /// The user and the password, as they are encoded in the URL.
    fn user_and_password(&self) -> Option<(&str, Option<&str>)> {
        let user_info = self.user_info.as_deref()?;
        Some(match user_info.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (user_info, None),
        })
    }

    /// The user and the password, in every form that is sent.
    fn find_secrets(&self) -> Result<Vec<Secret>, &'static str> {
        let mut secrets = Vec::new();
        let Some((encoded_user, encoded_password)) = self.user_and_password() else { return Ok(secrets) };
        let decoded = |text| {
            let text = percent_decode_str(text).decode_utf8();
            text.map_err(|_| "its user or password is not UTF-8 after percent-decoding; encode it as UTF-8")
        };
        let (user, password) = (decoded(encoded_user)?, decoded(encoded_password.unwrap_or(""))?);
        if self.scheme.starts_with("socks") {
            // RFC 1929, section 2.
            if user.len().max(password.len()) > 255 {
                return Err(
                    "its user or its password is longer than 255 bytes, the most that SOCKS5 allows; use shorter ones",
                );
            }
        } else {
            let basic = BasicAuth { user: &user, password: &password };
            let value = basic.header_value().map_err(|_| {
                "its user has a colon or a control character in it, or its password a control character; a proxy would \
                 read it as something else"
            })?;
            parts_of_header(&header::PROXY_AUTHORIZATION, &value, &mut secrets);
        }
        // A user without a password is a token.
        let forms = match encoded_password {
            Some(encoded) if !encoded.is_empty() => [&*password, encoded],
            _ => [&*user, encoded_user],
        };
        secrets.extend(forms.map(Secret::from));
        Ok(secrets)
    }

    /// The user and the password.
    #[cfg(feature = "hyper")]
    pub(super) fn credentials(&self) -> Option<(String, String)> {
        let decoded = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (user, password) = self.user_and_password()?;
        Some((decoded(user), decoded(password.unwrap_or(""))))
    }

    /// What an HTTP proxy gets in `proxy-authorization`.
    #[cfg(feature = "hyper")]
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let (user, password) = self.credentials()?;
        BasicAuth { user: &user, password: &password }.header_value().ok()
    }

    #[cfg(all(feature = "hyper", feature = "socks"))]
    pub(super) fn is_socks(&self) -> bool {
        self.scheme.starts_with("socks")
    }

    /// `None` for the scheme's own.
    #[cfg(feature = "hyper")]
    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    #[cfg(feature = "hyper")]
    pub(super) fn default_port(&self) -> u16 {
        match &*self.scheme {
            "http" => 80,
            "https" => 443,
            // RFC 1928, section 3.
            _ => 1080,
        }
    }

    /// The proxy's own credentials.
    pub(super) fn secrets(&self) -> &[Secret] {
        &self.secrets
    }

    #[cfg(any(feature = "__rustls", feature = "hyper"))]
    pub(super) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Whether the proxy looks up the API's host, and not this machine.
    pub(super) fn looks_up_names(&self) -> bool {
        self.scheme != "socks5"
    }

    /// Whether the proxy is on this machine, judged by its name or address alone.
    pub(super) fn is_loopback(&self) -> bool {
        base_url::is_loopback(&self.host)
    }
}

/// The user info of a URL, with everything encoded that has a meaning in a URL. What is encoded already stays as it is.
fn encoded(user_info: &str) -> String {
    utf8_percent_encode(user_info, USER_INFO).to_string()
}

fn check_scheme(scheme: &str) -> Result<(), &'static str> {
    match scheme {
        "http" => Ok(()),
        "https" if cfg!(feature = "__rustls") => Ok(()),
        "https" => Err(
            "`https` needs TLS, which this build doesn't have; enable the feature `rustls-aws-lc-rs` of courier-core",
        ),
        "socks5" | "socks5h" if cfg!(feature = "socks") => Ok(()),
        "socks5" | "socks5h" => Err("SOCKS5 needs the feature `socks` of courier-core; enable it"),
        _ => Err("its scheme is not `http`, `https`, `socks5` or `socks5h`; write it as `http://host:port`, or as \
             `socks5h://host:port` for a SOCKS5 proxy"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// reqwest reads its URL with hyper-util, and would connect directly if that failed.
    #[cfg(feature = "reqwest")]
    #[test]
    fn a_proxy_is_used_by_reqwest_with_its_own_host_and_credentials_or_refused() {
        use http::Uri;
        use hyper_util::client::proxy::matcher::Matcher;

        let ascii = || (0x21..0x7f).map(char::from);
        let hosts = [
            "b\u{fc}cher.example",
            "xn--bcher-kva.example",
            "a_b",
            "a%20b",
            "a%41",
            "1.2.3",
            "0x7f.1",
            "[::1]",
            "h.",
            ".",
        ];
        let hosts = hosts.map(str::to_owned).into_iter().chain(ascii().map(|character| format!("ho{character}st")));
        let with_host = hosts.flat_map(|host| [format!("{host}:1"), format!("user:pass@{host}")]);
        let with_user = ascii().map(|character| format!("us{character}er:pa{character}ss@host"));
        let long = [59_900, 59_990, 60_000, 70_000].map(|length| format!("user:{}@host", "x".repeat(length)));
        for rest in with_host.chain(with_user).chain(long) {
            for scheme in ["", "http://", "https://", "socks5://", "socks5h://"] {
                let text = format!("{scheme}{rest}");
                let Ok(proxy) = Proxy::parse(&text) else { continue };
                let matcher = Matcher::builder().all(proxy.url()).build();
                let intercepted = matcher.intercept(&Uri::from_static("https://api.example")).expect(&text);
                assert_eq!(intercepted.uri().host(), Some(proxy.host()), "{text}");
                let decoded = |text| percent_decode_str(text).decode_utf8().expect("UTF-8");
                let (user, password) = proxy.user_and_password().unwrap_or_default();
                let (user, password) = (decoded(user), decoded(password.unwrap_or("")));
                if let Some(raw) = intercepted.raw_auth() {
                    assert_eq!(raw, (&*user, &*password), "{text}");
                } else if let Some(value) = intercepted.basic_auth() {
                    let basic = BasicAuth { user: &user, password: &password };
                    assert_eq!(value, basic.header_value().expect("checked"), "{text}");
                } else {
                    assert!(user.is_empty() && password.is_empty(), "{text}");
                }
            }
        }
        for text in ["socks5://a%20b", "http://a\"b", "ho{st"] {
            assert!(Proxy::parse(text).is_err(), "{text}");
        }
        for scheme in ["http", "socks5"] {
            let proxy = Proxy::parse(&format!("{scheme}://b\u{fc}cher.example"));
            let host = check_scheme(scheme).is_ok().then_some("xn--bcher-kva.example");
            assert_eq!(proxy.ok().as_ref().map(Proxy::host), host, "{scheme}");
        }
    }

    /// Which features there are depends on how the tests are built.
    #[test]
    fn a_proxy_that_needs_a_feature_is_refused_with_its_name() {
        for (url, is_on, feature) in [
            ("http://host", true, ""),
            ("https://host", cfg!(feature = "__rustls"), "the feature `rustls-aws-lc-rs` of courier-core"),
            ("socks5://host", cfg!(feature = "socks"), "the feature `socks` of courier-core"),
            ("socks5h://host", cfg!(feature = "socks"), "the feature `socks` of courier-core"),
        ] {
            match Proxy::parse(url) {
                Ok(_) => assert!(is_on, "{url}"),
                Err(rule) => assert!(!is_on && rule.contains(feature), "{url}: {rule}"),
            }
        }
    }

    #[test]
    fn user_and_password_are_secret_in_every_form() {
        let proxy = Proxy::parse("http://us%40er:p%40ss%2Fw0rd@proxy.example:3128").expect("a proxy");
        let secrets: Vec<_> = proxy.secrets().iter().map(Secret::expose).collect();
        for form in ["dXNAZXI6cEBzcy93MHJk", "p@ss/w0rd", "p%40ss%2Fw0rd"] {
            assert!(secrets.contains(&form), "{form}");
        }
        // A token is written as a user without a password.
        for scheme in ["http", "https", "socks5", "socks5h"].into_iter().filter(|scheme| check_scheme(scheme).is_ok()) {
            for (credentials, forms) in [
                ("t%40ken", ["t@ken", "t%40ken"]),
                ("t%40ken:", ["t@ken", "t%40ken"]),
                ("user:p%40ss", ["p@ss", "p%40ss"]),
            ] {
                let proxy = Proxy::parse(&format!("{scheme}://{credentials}@proxy.example")).expect("a proxy");
                let secrets: Vec<_> = proxy.secrets().iter().map(Secret::expose).collect();
                assert!(forms.iter().all(|form| secrets.contains(form)), "{scheme} {credentials}");
            }
        }
        assert_eq!(format!("{proxy} {proxy:?}"), "http://proxy.example:3128 http://proxy.example:3128");
    }
}
