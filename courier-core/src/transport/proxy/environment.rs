//! The variables of the environment that name a proxy.

use std::env;

use super::{Proxy, no_proxy};
use crate::config::ConfigError;
use crate::transport::base_url::BaseUrl;

fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Finds the variable that names a proxy for this API, and its value.
fn find(base_url: &BaseUrl, variable: impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    // A header `proxy` of a request to a CGI program arrives as `HTTP_PROXY` (https://httpoxy.org).
    let names: &[&'static str] = match (base_url.is_https(), variable("REQUEST_METHOD")) {
        (true, _) => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        (false, None) => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        (false, Some(_)) => &["http_proxy", "ALL_PROXY", "all_proxy"],
    };
    let first = |names: &[&'static str]| {
        names.iter().find_map(|&name| Some((name, variable(name).filter(|value| !value.is_empty())?)))
    };
    let found = first(names)?;
    let excluded = first(&["NO_PROXY", "no_proxy"]).map(|(_, list)| list).unwrap_or_default();
    let reached_directly = base_url.is_loopback() || no_proxy::has(&excluded, base_url.host());
    (!reached_directly).then_some(found)
}

/// The proxy for this API, if a variable names one.
pub(super) fn proxy(base_url: &BaseUrl) -> Result<Option<Proxy>, ConfigError> {
    from_variables(base_url, variable)
}

fn from_variables(base_url: &BaseUrl, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Proxy>, ConfigError> {
    let Some((name, value)) = find(base_url, variable) else { return Ok(None) };
    Proxy::parse(&value).map(Some).map_err(|rule| super::refused(format!("the proxy in `{name}`"), rule))
}

/// The variable that names a proxy which isn't used, for an error.
pub(in crate::transport) fn unused_variable(base_url: &BaseUrl) -> Option<&'static str> {
    find(base_url, variable).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(base_url: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let base_url = BaseUrl::parse(base_url).expect(base_url);
        let variable =
            |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        from_variables(&base_url, variable)
            .map(|proxy| proxy.map(|proxy| proxy.to_string()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_names_a_proxy_for_the_scheme_of_the_base_url() {
        let all = ("ALL_PROXY", "http://all:1");
        let https = ("HTTPS_PROXY", "http://https:2");
        for (base_url, variables, proxy) in [
            ("https://api.example", &[all, https][..], Some("http://https:2")),
            ("https://api.example", &[all], Some("http://all:1")),
            ("https://api.example", &[("HTTPS_PROXY", ""), all], Some("http://all:1")),
            ("https://api.example", &[("https_proxy", "lower:3")], Some("http://lower:3")),
            ("http://api.example", &[https], None),
            ("http://api.example", &[("HTTP_PROXY", "https://plain:4/")], Some("https://plain:4")),
            ("http://api.example", &[("HTTP_PROXY", "plain:4"), ("REQUEST_METHOD", "GET")], None),
            ("https://api.example", &[], None),
            ("http://127.0.0.1:1", &[all], None),
            ("http://api.localhost:1", &[all], None),
            ("https://api.example", &[all, ("NO_PROXY", "other.example, .example")], None),
            ("https://api.example", &[all, ("no_proxy", "*")], None),
            ("https://api.example", &[all, ("NO_PROXY", ""), ("no_proxy", "*")], None),
            ("https://10.1.2.3", &[all, ("NO_PROXY", "10.0.0.0/8")], None),
            ("https://notapi.example", &[all, ("NO_PROXY", "api.example")], Some("http://all:1")),
        ] {
            let proxy = proxy.map(str::to_owned);
            if cfg!(feature = "__rustls") || !proxy.as_ref().is_some_and(|proxy| proxy.starts_with("https")) {
                assert_eq!(found(base_url, variables), Ok(proxy), "{base_url} {variables:?}");
            }
        }
    }

    #[test]
    fn an_invalid_proxy_is_refused_with_its_variable_and_not_shown() {
        for value in [
            "http://user:s3cret@",
            "ftp://s3cret",
            "http://host/s3cret",
            "http://us er:s3cret@host",
            "http://u:s3/cret@host",
        ] {
            let error = found("https://api.example", &[("ALL_PROXY", value)]).expect_err(value);
            assert!(error.starts_with("the proxy in `ALL_PROXY` is not usable: ") && !error.contains("s3"), "{error}");
        }
    }
}
