//! A real HTTP server that returns the raw target of each request, for tests with arbitrary strings.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::under_test::Network;

/// One server and client for all cases.
pub(crate) struct Echo {
    runtime: Runtime,
    pub(crate) client: Network,
    requests: Arc<AtomicUsize>,
}

impl Echo {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let echo = Router::new().fallback(async move |request: Request| {
            counter.fetch_add(1, Ordering::Relaxed);
            serde_json::to_string(&request.uri().to_string()).expect("a string")
        });
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        runtime.spawn(async move { axum::serve(listener, echo).await });
        let client = Network::builder(format!("http://{address}")).build().expect("a client");
        Self { runtime, client, requests }
    }

    pub(crate) fn block_on<T>(&self, call: impl Future<Output = T>) -> T {
        self.runtime.block_on(call)
    }

    /// The number of requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

/// RFC 3986, section 2.1, and nothing else: `+` is a plus. Whatever is not encoded is unreserved.
pub(crate) fn decoded(segment: &str) -> Vec<u8> {
    let mut bytes = segment.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16)).expect("two digits");
            u8::try_from(digit() * 16 + digit()).expect("two digits")
        } else {
            assert!(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), "{segment}");
            byte
        });
    }
    decoded
}

/// One of the problem strings, or any character.
pub(crate) fn piece(problems: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![select(problems).prop_map(str::to_owned), any::<char>().prop_map(String::from)]
}

/// Failures belong in the lists of problem strings, so they are not written to a file.
pub(crate) fn for_every<S: Strategy>(cases: u32, strategy: &S, check: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(strategy, |value| {
        check(value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}
