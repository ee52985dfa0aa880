//! The versions of HTTP.

#[cfg(feature = "http2")]
use std::time::Duration;

use reqwest::ClientBuilder;

/// The limit of a response's head over HTTP/2, in bytes. It equals hyper's buffer for a head over HTTP/1, which reqwest
/// doesn't change. hyper's default for HTTP/2 is 16 KiB.
#[cfg(feature = "http2")]
const MAX_HEAD_BYTES: u32 = 8 * 1024 + 400 * 1024;
/// The most headers of a response over HTTP/1; hyper's default is 100. hyper allocates room for all of them each time,
/// 32 KiB twice. From 64 KiB on, the allocator asks the system for memory and takes a hundred times as long.
const MAX_HEADERS: usize = 1024;

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

    pub(super) fn set_up(self, client: ClientBuilder) -> ClientBuilder {
        let client = client.http1_max_headers(MAX_HEADERS);
        match self {
            #[cfg(feature = "http2")]
            Self::Any => http2(client),
            #[cfg(feature = "http2")]
            Self::Http2 => http2(client).http2_prior_knowledge(),
            #[cfg(not(feature = "http2"))]
            Self::Any => client.http1_only(),
            Self::Http1 => client.http1_only(),
        }
    }
}

/// Configures HTTP/2. Its connections outlive calls, even when they have silently died, and then every later call would
/// use the dead one and time out. Pings detect that. Their interval and timeout together are below the attempt's.
#[cfg(feature = "http2")]
fn http2(client: ClientBuilder) -> ClientBuilder {
    client
        .http2_max_header_list_size(MAX_HEAD_BYTES)
        .http2_keep_alive_interval(Duration::from_secs(10))
        .http2_keep_alive_timeout(Duration::from_secs(5))
}
