//! The versions of HTTP.

#[cfg(feature = "http2")]
use std::time::Duration;

/// The limit of a response's head over HTTP/2, in bytes. It equals hyper's buffer for a head over HTTP/1. hyper's default for HTTP/2 is 16 KiB.
#[cfg(feature = "http2")]
pub(super) const MAX_HEAD_BYTES: u32 = 8 * 1024 + 400 * 1024;
/// The most headers of a response over HTTP/1; hyper's default is 100. hyper allocates room for all of them each time,
/// 32 KiB twice. From 64 KiB on, the allocator asks the system for memory and takes a hundred times as long.
pub(super) const MAX_HEADERS: usize = 1024;

/// HTTP/2 connections outlive calls, even when they have silently died, and then every later call would use the dead one and time
/// out. Pings detect that. Their interval and timeout together are below the attempt's.
#[cfg(feature = "http2")]
pub(super) const PING_INTERVAL: Duration = Duration::from_secs(10);
#[cfg(feature = "http2")]
pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// The versions that this client uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Protocols {
    /// The server chooses among the versions of this build.
    #[default]
    Any,
    Http1,
    #[cfg(feature = "http2")]
    Http2,
}

impl Protocols {
    /// The ALPN protocols to offer ([RFC 7301](https://www.rfc-editor.org/rfc/rfc7301)), in order of preference.
    pub(super) fn offered(self) -> &'static [&'static [u8]] {
        match self {
            #[cfg(feature = "http2")]
            Self::Any => &[b"h2", b"http/1.1"],
            #[cfg(feature = "http2")]
            Self::Http2 => &[b"h2"],
            #[cfg(not(feature = "http2"))]
            Self::Any => &[b"http/1.1"],
            Self::Http1 => &[b"http/1.1"],
        }
    }
}
