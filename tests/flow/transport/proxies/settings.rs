//! The URLs of proxies that a builder refuses.

use courier_core::{HyperTransport, ReqwestTransport};

use crate::flow::server::KEY;
use crate::under_test::{self, Network};

/// What either builder says about a proxy.
fn refusal(proxy: &str) -> String {
    let error = Network::builder("https://api.example").proxy(proxy).build().expect_err(proxy);
    let same = under_test::courier().api_key(KEY).proxy(proxy).build().expect_err(proxy);
    assert_eq!((error.to_string(), format!("{error:?}")), (same.to_string(), format!("{same:?}")));
    assert_eq!(format!("{error:?}"), error.to_string());
    error.to_string()
}

#[test]
fn the_url_of_a_proxy_that_cannot_work_is_refused_with_the_reason_and_not_shown() {
    for (proxy, expected) in [
        ("", "it is not a URL of a proxy"),
        ("http://", "it is not a URL of a proxy"),
        ("http://ada:s3cret@", "it is not a URL of a proxy"),
        ("http://ada:s3/cret@host:1", "it is not a URL of a proxy"),
        ("http://host:s3cret", "it is not a URL of a proxy"),
        ("http://host:65536", "it is not a URL of a proxy"),
        ("socks5://ada:s3cret@", "it is not a URL of a proxy"),
        ("http://ada:s3 cret@host", "a space, a control character or a backslash"),
        ("http:\\\\ada:s3cret@host", "a space, a control character or a backslash"),
        ("http://ada:s3cret@host\n", "a space, a control character or a backslash"),
        ("http://host/s3cret", "a path, a query or a fragment"),
        ("http://host?s3cret", "a path, a query or a fragment"),
        ("http://host/#s3cret", "a path, a query or a fragment"),
        ("socks5://host/s3cret", "a path, a query or a fragment"),
        ("ftp://ada:s3cret@host", "its scheme is not `http`, `https`, `socks5` or `socks5h`"),
        ("socks4://ada:s3cret@host", "its scheme is not `http`, `https`, `socks5` or `socks5h`"),
        ("pac+https://s3cret", "its scheme is not `http`, `https`, `socks5` or `socks5h`"),
        ("http://ada:s3cret%FF@host", "not UTF-8"),
        ("http://a%3Ada:s3cret@host", "a colon"),
        ("http://ada:s3cret%0A@host", "a control character"),
    ] {
        let text = refusal(proxy);
        assert!(text.starts_with("the proxy is not usable: ") && text.contains(expected), "{proxy:?}: {text}");
        assert!(!text.contains("s3"), "{text}");
    }
}

/// RFC 1929: each has at most 255 bytes.
#[test]
fn a_user_or_password_that_is_too_long_for_socks_is_refused() {
    let long = "s".repeat(256);
    for proxy in [format!("socks5://{long}:x@host"), format!("socks5h://x:{long}@host")] {
        let text = refusal(&proxy);
        assert!(text.contains("255 bytes") && !text.contains("sss"), "{text}");
        let http = proxy.replace("socks5h", "http").replace("socks5", "http");
        Network::builder("https://api.example").proxy(http).build().expect("HTTP has no such limit");
    }
}

/// Only HTTP separates the user from the password with a colon.
#[test]
fn a_colon_in_the_user_of_a_socks_proxy_is_not_refused() {
    Network::builder("https://api.example").proxy("socks5://a%3Ada:x@host").build().expect("a client");
}

#[test]
fn every_form_of_a_proxy_that_works_is_accepted() {
    for proxy in [
        "http://proxy.example",
        "http://proxy.example/",
        "proxy.example:3128",
        "ada:lovelace@proxy.example:3128",
        "localhost:3128",
        "HTTP://PROXY.example:80",
        "http://[::1]:3128",
        "https://ada@proxy.example",
        "socks5://10.0.0.1",
        "socks5h://[::1]:1080",
    ] {
        Network::builder("https://api.example").proxy(proxy).build().expect(proxy);
        under_test::courier().api_key(KEY).proxy(proxy).build().expect(proxy);
    }
}

/// reqwest would fail each call. Over hyper, there is no such address.
#[test]
fn an_ipv6_address_that_cannot_be_reached_through_a_proxy_is_refused() {
    for proxy in ["http://127.0.0.1:1", "https://proxy.example", "socks5://127.0.0.1:1", "socks5h://127.0.0.1:1"] {
        let over_hyper = |base_url: &str| HyperTransport::builder(base_url).proxy(proxy).build();
        for base_url in ["https://[2001:db8::1]:8443", "http://[2001:db8::1]"] {
            over_hyper(base_url).expect(base_url);
        }
        let builder = |base_url: &str| ReqwestTransport::builder(base_url).proxy(proxy);
        let error = builder("https://[2001:db8::1]:8443").build().expect_err(proxy).to_string();
        assert!(error.contains("\"https://[2001:db8::1]:8443\"") && error.ends_with("write a name"), "{error}");
        match builder("http://[2001:db8::1]").build() {
            Ok(_) => assert!(!proxy.starts_with("socks5:"), "{proxy}"),
            Err(error) => assert!(error.to_string().ends_with("write `socks5h://`, or a name"), "{proxy}: {error}"),
        }
        builder("https://192.0.2.1").build().expect("IPv4");
    }
    ReqwestTransport::builder("https://[2001:db8::1]").build().expect("directly");
}
