//! A connection for a call: one that it has for itself, or one that calls share.

#[cfg(feature = "http2")]
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::super::dial::Protocol;
use super::http1::Http1;
#[cfg(feature = "http2")]
use super::http2::Http2;

pub(super) enum Connection {
    Http1(Http1, Option<Resumed>),
    #[cfg(feature = "http2")]
    Http2(Arc<Http2>),
}

/// The end of a pause between two calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resumed {
    pub(super) pause: Duration,
    pub(super) at: Instant,
}

impl Connection {
    #[cfg_attr(not(feature = "http2"), expect(clippy::unnecessary_wraps, reason = "only HTTP/2 is something else"))]
    pub(super) fn http1(&mut self) -> Option<&mut Http1> {
        match self {
            Self::Http1(connection, _) => Some(connection),
            #[cfg(feature = "http2")]
            Self::Http2(_) => None,
        }
    }

    pub(super) fn protocol(&self) -> Protocol {
        match self {
            Self::Http1(..) => Protocol::Http1,
            #[cfg(feature = "http2")]
            Self::Http2(_) => Protocol::Http2,
        }
    }

    /// Whether it is certain without a wait that it can be used.
    pub(super) fn is_certainly_fresh(&self) -> bool {
        match self {
            Self::Http1(connection, _) => connection.is_certainly_fresh(),
            #[cfg(feature = "http2")]
            Self::Http2(connection) => connection.is_certainly_fresh(),
        }
    }

    /// Whether it can be used, as far as is known. Otherwise, a call needs another one.
    pub(super) async fn is_fresh(&mut self) -> bool {
        match self {
            Self::Http1(connection, _) => connection.is_fresh().await,
            #[cfg(feature = "http2")]
            Self::Http2(connection) => connection.is_fresh().await,
        }
    }
}
