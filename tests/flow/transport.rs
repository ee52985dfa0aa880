//! Transport: the only place with I/O sends the request unchanged, always ends, and keeps the key secret.

use std::sync::Arc;

use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{Error, Result, reqwest};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::key_search::assert_hidden;

mod body_limit;
mod broken;
mod cause;
mod connections;
mod encodings;
mod error_messages;
mod heads;
mod http2;
mod key;
mod load;
mod network;
mod proxies;
mod redirects;
mod retry;
mod runtimes;
mod slow;
mod stream;
mod this_machine;
mod time_limits;
mod tls;
mod unavailable;
mod without_body;
mod wrappers;

/// Starts a client as an application makes it. Without a TLS configuration, reqwest panics if it finds no cryptography.
fn own_client() -> reqwest::ClientBuilder {
    let provider = Arc::new(crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let tls = tls.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls)
}

/// The transport error inside a call's error, whose variant must match its kind. Nothing printed of it contains the key.
fn transport_error<T: std::fmt::Debug>(result: Result<T>) -> TransportError {
    let error = result.expect_err("an error");
    assert_hidden(&error);
    match error {
        Error::Timeout { source, .. } => {
            assert!(matches!(source.kind(), TransportErrorKind::Timeout { .. }), "{source:?}");
            source
        }
        Error::TooLarge { source, .. } => {
            assert!(matches!(source.kind(), TransportErrorKind::TooLarge { .. }), "{source:?}");
            source
        }
        Error::Transport { source, .. } => {
            let other =
                matches!(source.kind(), TransportErrorKind::Timeout { .. } | TransportErrorKind::TooLarge { .. });
            assert!(!other, "{source:?}");
            source
        }
        other => panic!("{other:?}"),
    }
}
