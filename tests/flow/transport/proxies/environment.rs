//! The variables that name a proxy. The environment belongs to the process, so each test runs itself again in a child process.

use std::io::Write as _;
use std::net::{Ipv6Addr, SocketAddr};
use std::process::Command;
use std::{env, io};

use courier_core::Error;
use courier_core::messages::Messages as _;

use super::{Api, HttpProxy, NAME};
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server, unused_address};
use crate::under_test;

const BASE_URL: &str = "COURIER_TESTS_BASE_URL";
const ADDRESS: &str = "COURIER_TESTS_ADDRESS";
const ROOT: &str = "COURIER_TESTS_ROOT";
const FROM_ENV: &str = "COURIER_TESTS_FROM_ENV";
const HINT: &str = "` is set but not used: `.proxy_from_env()`";
const RESULT: &str = "the result in the child process: ";

/// What the call of a child process is.
struct Child<'c> {
    test: &'c str,
    base_url: String,
    /// Where [`NAME`] leads without a proxy.
    address: SocketAddr,
    root: Option<String>,
    from_env: bool,
}

impl Child<'_> {
    /// "a cancellation", or the text of the error.
    async fn call(&self, variables: &[(&str, &str)]) -> String {
        let mut again = Command::new(env::current_exe().expect("this test's program"));
        let test = format!("flow::transport::proxies::environment::{}", self.test);
        again.args(["--exact", &test, "--nocapture"]).env(BASE_URL, &self.base_url);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
            again.env_remove(name).env_remove(name.to_lowercase());
        }
        again.env(ADDRESS, self.address.to_string()).envs(variables.iter().copied());
        if let Some(root) = &self.root {
            again.env(ROOT, root);
        }
        if self.from_env {
            again.env(FROM_ENV, "yes");
        }
        let output = tokio::task::spawn_blocking(move || again.output()).await.expect("no panic").expect("a process");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
        let result = printed.lines().find_map(|line| line.split_once(RESULT)).expect("a result").1;
        result.to_owned()
    }
}

/// Makes the call and prints its result, if this is the child process.
async fn is_child() -> bool {
    let Ok(base_url) = env::var(BASE_URL) else { return false };
    let mut builder = under_test::courier().api_key(KEY).base_url(base_url).max_attempts(1).allow_plain_http();
    builder = builder.resolve(NAME, [env::var(ADDRESS).expect("an address").parse().expect("an address")]);
    if let Ok(root) = env::var(ROOT) {
        builder = builder.root_certificate_pem(root);
    }
    if env::var(FROM_ENV).is_ok() {
        builder = builder.proxy_from_env();
    }
    let result: Result<_, String> = match builder.build() {
        Ok(courier) => courier.cancel(ID).await.map_err(|error: Error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let result = result.map_or_else(|error| error, |_| "a cancellation".to_owned());
    writeln!(io::stdout(), "{RESULT}{result}").expect("the output of the child process");
    true
}

#[tokio::test]
async fn proxies_from_the_environment_are_ignored() {
    if is_child().await {
        return;
    }
    let mut server = Server::start([(); 2].map(|()| Reply::json(200, record("CANCELED")))).await;
    let proxy = HttpProxy::builder().with_names(server.address()).start().await;
    let url = proxy.url();
    for base_url in [server.url(), format!("http://{NAME}:{}", server.address().port())] {
        let test = "proxies_from_the_environment_are_ignored";
        let child = Child { test, base_url, address: server.address(), root: None, from_env: false };
        let all = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
        assert_eq!(child.call(&all.map(|name| (name, &*url))).await, "a cancellation");
    }
    assert_eq!((server.received().len(), proxy.heads().len()), (2, 0));
}

/// No server here listens on it.
fn nowhere() -> SocketAddr {
    (Ipv6Addr::LOCALHOST, 0).into()
}

/// A call by name, through the proxy of the environment if there is one.
fn by_name<'c>(test: &'c str, api: &Api) -> Child<'c> {
    let (base_url, root) = (format!("https://{}", api.name()), Some(api.authority.pem()));
    Child { test, base_url, address: nowhere(), root, from_env: true }
}

#[tokio::test]
async fn the_proxy_of_an_https_api_is_read_from_three_variables_in_either_case() {
    if is_child().await {
        return;
    }
    let api = Api::start().await;
    let proxy = HttpProxy::builder().with_names(api.server.address()).demanding("ada", KEY).start().await;
    let child = by_name("the_proxy_of_an_https_api_is_read_from_three_variables_in_either_case", &api);
    let url = proxy.url_with(&format!("ada:{KEY}"));
    let without_scheme = url.trim_start_matches("http://");
    let mut calls = 0;
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for value in [&*url, without_scheme] {
            calls += 1;
            assert_eq!(child.call(&[(name, value)]).await, "a cancellation", "{name}");
        }
    }
    assert_eq!(proxy.requests(), vec![format!("CONNECT {} HTTP/1.1", api.name()); calls]);
}

#[tokio::test]
async fn the_proxy_of_an_http_api_is_read_from_other_variables() {
    if is_child().await {
        return;
    }
    let server = Server::from_fn(|_| Reply::json(200, record("CANCELED"))).await;
    let proxy = HttpProxy::builder().with_names(server.address()).start().await;
    let (url, base_url) = (proxy.url(), format!("http://{NAME}:{}", server.address().port()));
    let test = "the_proxy_of_an_http_api_is_read_from_other_variables";
    let child = Child { test, base_url, address: nowhere(), root: None, from_env: true };
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        assert_eq!(child.call(&[(name, &url)]).await, "a cancellation", "{name}");
    }
    let error = child.call(&[("HTTPS_PROXY", &url)]).await;
    assert!(error.contains("; nothing was sent") && !error.contains("proxy"), "{error}");
    // A header `proxy` of a request to a CGI program arrives in this variable.
    let error = child.call(&[("HTTP_PROXY", &url), ("REQUEST_METHOD", "GET")]).await;
    assert!(error.contains("; nothing was sent"), "{error}");
    assert_eq!(proxy.requests().len(), 3);
}

#[tokio::test]
async fn a_host_in_no_proxy_is_reached_directly() {
    if is_child().await {
        return;
    }
    let (api, proxy) = (Api::start().await, HttpProxy::builder().responding("").start().await);
    let child = by_name("a_host_in_no_proxy_is_reached_directly", &api);
    let child = Child { address: api.server.address(), ..child };
    let url = proxy.url();
    for (name, value) in [
        ("NO_PROXY", "other.example,api.example"),
        ("no_proxy", " API.example "),
        ("NO_PROXY", ".example"),
        ("NO_PROXY", "*"),
    ] {
        assert_eq!(child.call(&[("HTTPS_PROXY", &url), (name, value)]).await, "a cancellation", "{name}={value}");
    }
    // As for the other variables, an empty one is not set.
    let variables = [("ALL_PROXY", &*url), ("NO_PROXY", ""), ("no_proxy", NAME)];
    assert_eq!(child.call(&variables).await, "a cancellation");
    assert_eq!(proxy.requests().len(), 0);
    for value in ["", "pi.example", "api.example.com", "127.0.0.1"] {
        let error = child.call(&[("HTTPS_PROXY", &url), ("NO_PROXY", value)]).await;
        assert!(error.contains(&format!(" through the proxy {url}: ")), "{value}: {error}");
    }
}

#[tokio::test]
async fn an_invalid_proxy_in_the_environment_is_named_and_not_shown() {
    if is_child().await {
        return;
    }
    let api = Api::start().await;
    let child = by_name("an_invalid_proxy_in_the_environment_is_named_and_not_shown", &api);
    for name in ["HTTPS_PROXY", "all_proxy"] {
        let error = child.call(&[(name, &format!("ftp://ada:{KEY}@proxy.example"))]).await;
        let expected =
            format!("the proxy in `{name}` is not usable: its scheme is not `http`, `https`, `socks5` or `socks5h`");
        assert!(error.starts_with(&expected) && !error.contains("ada"), "{error}");
    }
}

#[tokio::test]
async fn an_error_says_that_a_variable_names_a_proxy_which_is_not_used() {
    if is_child().await {
        return;
    }
    let api = Api::start().await;
    let child = by_name("an_error_says_that_a_variable_names_a_proxy_which_is_not_used", &api);
    let child = Child { from_env: false, ..child };
    let proxy = format!("http://ada:{KEY}@proxy.example:3128");
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let error = child.call(&[(name, &proxy)]).await;
        assert!(
            error.contains(&format!("no connection to https://{}: `{name}{HINT}; nothing was sent", api.name())),
            "{error}"
        );
        assert!(!error.contains("proxy.example") && !error.contains("ada"), "{error}");
    }
    for variables in [&[("HTTP_PROXY", &*proxy)][..], &[("HTTPS_PROXY", &proxy), ("NO_PROXY", NAME)], &[]] {
        let error = child.call(variables).await;
        assert!(error.contains("; nothing was sent") && !error.contains(HINT), "{error}");
    }
    let this_machine = Child { base_url: format!("https://{}", unused_address().await), ..child };
    let error = this_machine.call(&[("HTTPS_PROXY", &proxy)]).await;
    assert!(error.contains("; nothing was sent") && !error.contains(HINT), "{error}");
}

#[tokio::test]
async fn this_machine_is_reached_without_the_proxy_of_the_environment() {
    if is_child().await {
        return;
    }
    let (api, proxy) = (Api::start().await, HttpProxy::start().await);
    let child = by_name("this_machine_is_reached_without_the_proxy_of_the_environment", &api);
    let child = Child { base_url: api.server.url(), ..child };
    assert_eq!(child.call(&[("HTTPS_PROXY", &proxy.url()), ("all_proxy", &proxy.url())]).await, "a cancellation");
    assert_eq!(proxy.requests().len(), 0);
}
