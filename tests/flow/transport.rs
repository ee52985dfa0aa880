//! Transport: the one place with I/O does what was asked, ends in finite time, and keeps the key to itself.

use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{Error, Result};

use super::key_search::assert_hidden;

mod body_limit;
mod broken;
mod connections;
mod encodings;
mod heads;
mod http2;
mod key;
mod load;
mod proxies;
mod redirects;
mod retry;
mod runtimes;
mod slow;
mod texts;
mod time_limits;
mod tls;
mod unavailable;
mod without_body;
mod wrappers;

/// The transport's error inside a call's error, with the variant that belongs to its kind. The key is in no text of it.
fn transport_error<T: std::fmt::Debug>(result: Result<T>) -> TransportError {
    let error = result.expect_err("no outcome");
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
