//! The base URL of requests: scheme, host, and a path prefix for every endpoint.

use std::fmt;
use std::net::IpAddr;

#[cfg(feature = "hyper")]
use http::Uri;

use super::url::{self, Url};
use crate::config::ConfigError;

/// A valid base URL: `http` or `https`, a host, and an optional path without a trailing slash.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    /// The whole of it.
    text: String,
    is_https: bool,
    /// An IPv6 address has its brackets.
    host: String,
    /// `None` for the scheme's own.
    #[cfg(feature = "hyper")]
    port: Option<u16>,
    prefix: String,
    /// For its requests.
    #[cfg(feature = "reqwest")]
    url: reqwest::Url,
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl BaseUrl {
    /// # Errors
    ///
    /// Returns [`ConfigError::BaseUrl`] for anything that would not arrive as written: a query, a fragment, user info,
    /// another scheme, a dot segment.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let refuse = |rule| Err(ConfigError::BaseUrl { url: shown(text), rule });
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return refuse("it has a space, a control character or a backslash in it; remove it");
        }
        if text.split_once("://[").and_then(|(_, rest)| rest.split(']').next()).is_some_and(|host| host.contains('%')) {
            return refuse(
                "its IPv6 address has a zone, which a URL can't hold; write a name instead, and pass it to `.resolve(…)` with \
                 `SocketAddrV6::new(address, port, 0, scope_id)`",
            );
        }
        let Some(url) = Url::parse(text) else {
            return refuse(
                url::needs_punycode(text)
                    .unwrap_or("it is not an absolute URL; write it as `https://host` or `https://host/path`"),
            );
        };
        if !matches!(&*url.scheme, "http" | "https") {
            return refuse("its scheme is neither `https` nor `http`; write it as `https://host`");
        }
        if url.user_info.is_some() {
            return refuse("it contains user info; remove it, and pass the credential to the builder");
        }
        if url.has_query_or_fragment {
            return refuse("it has a query or a fragment; remove it, because the endpoint's path is appended");
        }
        let prefix = url.path.trim_end_matches('/');
        if !prefix.is_empty() && !url::keeps(prefix) {
            return refuse("a URL parser would change its path; percent-encode it, and leave out `.` and `..`");
        }
        let Url { scheme, host, port, .. } = &url;
        let port_text = port.map(|port| format!(":{port}")).unwrap_or_default();
        let whole = format!("{scheme}://{host}{port_text}{prefix}");
        #[cfg(feature = "reqwest")]
        let Ok(of_reqwest) = whole.parse() else {
            return refuse("its host is not valid; write it as `https://host` or `https://host/path`");
        };
        Ok(Self {
            #[cfg(feature = "reqwest")]
            url: of_reqwest,
            text: whole,
            is_https: url.scheme == "https",
            prefix: prefix.to_owned(),
            #[cfg(feature = "hyper")]
            port: url.port,
            host: url.host,
        })
    }

    /// Returns the absolute URL of a path and query, or `None` if a URL parser would change the path, as it does with
    /// `..`. An endpoint's path never changes, but a manually built one may.
    #[cfg(feature = "reqwest")]
    pub(crate) fn join(&self, path: &str, query: Option<&str>) -> Option<reqwest::Url> {
        let mut url = self.url.clone();
        if self.prefix.is_empty() {
            url.set_path(path);
        } else {
            url.set_path(&[&self.prefix, path].concat());
        }
        url.set_query(query);
        let unchanged = path.starts_with('/') && url.path().strip_prefix(&self.prefix) == Some(path);
        unchanged.then_some(url)
    }

    /// Returns the path and query of a request to this server, in origin form, with this query. `None` in the same cases.
    #[cfg(feature = "hyper")]
    pub(crate) fn origin_form(&self, uri: &Uri, query: Option<&str>) -> Option<Uri> {
        let path = uri.path();
        if !url::keeps(path) {
            return None;
        }
        if self.prefix.is_empty() && uri.authority().is_none() && query == uri.query() {
            return Some(uri.clone());
        }
        let mut text = String::with_capacity(self.prefix.len() + path.len() + query.map_or(0, |query| query.len() + 1));
        text.push_str(&self.prefix);
        text.push_str(path);
        if let Some(query) = query {
            text.push('?');
            text.push_str(query);
        }
        Uri::from_maybe_shared(bytes::Bytes::from(text)).ok()
    }

    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The port. `None` for the scheme's own.
    #[cfg(feature = "hyper")]
    pub(crate) fn port(&self) -> Option<u16> {
        self.port
    }

    /// The host, and the port unless it is the scheme's own: what a request has in `host` or `:authority`.
    #[cfg(feature = "hyper")]
    pub(crate) fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    /// Whether the host is this machine, judged by the name or address alone, without a DNS lookup.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The same for a client or a proxy that looks names up by itself. It knows that `localhost` is this machine, but may ask a DNS
    /// server for a name below it.
    pub(crate) fn is_loopback_for_any_resolver(&self) -> bool {
        let is_below_localhost = self.host().trim_end_matches('.').ends_with(".localhost");
        self.is_loopback() && !is_below_localhost
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Whether a host is this machine, judged by the name or address alone, without a DNS lookup.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    is_localhost(host) || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Whether a name always means this machine ([RFC 6761, 6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)).
pub(crate) fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host == "localhost" || host.ends_with(".localhost")
}

/// A URL for an error, without anything that may be a secret: user info, the query, or all of a text that isn't a URL,
/// since it may be a key that was put into the wrong variable.
fn shown(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return "(not shown)".to_owned() };
    // Remove user info first: a password may contain a `?`.
    let (user, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, rest)| ("…@", rest));
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    format!("{scheme}://{user}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each transport makes of a base URL and a path.
    fn joined(base: &str, path: &str) -> Vec<String> {
        let base = BaseUrl::parse(base).expect(base);
        vec![
            #[cfg(feature = "reqwest")]
            base.join(path, None).expect("a path that arrives as written").to_string(),
            #[cfg(feature = "hyper")]
            {
                let uri =
                    base.origin_form(&path.parse().expect("a path"), None).expect("a path that arrives as written");
                format!("{}://{}{uri}", if base.is_https() { "https" } else { "http" }, base.authority())
            },
        ]
    }

    #[test]
    fn a_prefix_is_kept_with_or_without_a_trailing_slash() {
        for base in ["https://example.com", "https://example.com/"] {
            assert!(joined(base, "/messages/1").iter().all(|url| url == "https://example.com/messages/1"));
        }
        for base in ["http://[::1]:8080/api/v1", "http://[::1]:8080/api/v1/"] {
            let url = "http://[::1]:8080/api/v1/messages/a%2Fb";
            assert!(joined(base, "/messages/a%2Fb").iter().all(|joined| joined == url));
        }
    }

    #[test]
    fn a_base_url_that_would_not_arrive_as_written_is_refused() {
        for base in [
            "",
            "example.com",
            "/messages",
            "ftp://example.com",
            "https://",
            "https://example.com?x=1",
            "https://example.com/?",
            "https://example.com#top",
            "https://user@example.com",
            "https://user:secret@example.com",
            "https://example.com?key=secret",
            "https://example.com#secret",
            "pk_prod_secret",
            "https:secret",
            "https://user:secret?x@example.com",
            "https://secret#x@example.com",
            " https://example.com",
            "https://example.com\n",
            "https://exam\tple.com",
            "https:\\\\example.com",
            "https:///example.com",
            "https:example.com",
            "https://example.com/a/../b",
            "https://example.com/%2e%2e",
            "https://example.com/ä",
            "http://[fe80::1%25eth0]:1",
            "http://[fe80::1%eth0]",
        ] {
            let error = BaseUrl::parse(base).expect_err(base).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_host_with_other_letters_is_accepted_or_refused_with_the_way_to_write_it() {
        match BaseUrl::parse("https://b\u{fc}cher.example") {
            Ok(base_url) => assert_eq!(base_url.as_str(), "https://xn--bcher-kva.example"),
            Err(error) => assert!(error.to_string().contains("in Punycode: `xn--bcher-kva.example`"), "{error}"),
        }
    }

    #[test]
    fn a_path_that_a_url_parser_would_change_is_refused() {
        let base = BaseUrl::parse("https://example.com/api").expect("a base URL");
        for path in ["/messages/../cancel", "/messages/%2e%2e/cancel", "/messages/.", "*"] {
            #[cfg(feature = "reqwest")]
            assert!(base.join(path, None).is_none(), "{path}");
            #[cfg(feature = "hyper")]
            assert!(base.origin_form(&path.parse().expect("a path"), None).is_none(), "{path}");
        }
        #[cfg(feature = "reqwest")]
        assert!(base.join("/messages/%252e%252e", None).is_some());
        #[cfg(feature = "hyper")]
        assert!(base.origin_form(&"/messages/%252e%252e".parse().expect("a path"), None).is_some());
    }

    #[test]
    fn loopback_is_only_what_stays_on_this_machine() {
        let loopback = |base| BaseUrl::parse(base).expect(base).is_loopback();
        assert!(
            [
                "http://localhost:1",
                "http://127.0.0.1",
                "http://127.9.9.9:80/x",
                "http://[::1]:1",
                "http://api.localhost:1",
                "http://API.LOCALHOST.",
            ]
            .map(loopback)
                == [true; 6]
        );
        assert!(
            [
                "http://localhost.example",
                "http://127.0.0.1.example",
                "http://10.0.0.1",
                "http://0.0.0.0",
                "http://notlocalhost",
            ]
            .map(loopback)
                == [false; 5]
        );
    }
}
