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

/// Lets the server choose among the versions of this build, or uses only HTTP/2.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Protocols {
    #[cfg(feature = "http2")]
    http2_alone: bool,
}

#[cfg(feature = "http2")]
impl Protocols {
    pub(super) fn http2_alone() -> Self {
        Self { http2_alone: true }
    }

    /// The ALPN protocols to offer ([RFC 7301](https://www.rfc-editor.org/rfc/rfc7301)), in order of preference.
    pub(super) fn offered(self) -> &'static [&'static [u8]] {
        if self.http2_alone { &[b"h2"] } else { &[b"h2", b"http/1.1"] }
    }

    /// Configures HTTP/2. Its connections outlive calls, even when they have silently died, and then every later call
    /// would use the dead one and time out. Pings detect that. Their interval and timeout together are below the
    /// attempt's.
    pub(super) fn set_up(self, client: ClientBuilder) -> ClientBuilder {
        let client = client
            .http1_max_headers(MAX_HEADERS)
            .http2_max_header_list_size(MAX_HEAD_BYTES)
            .http2_keep_alive_interval(Duration::from_secs(10))
            .http2_keep_alive_timeout(Duration::from_secs(5));
        if self.http2_alone { client.http2_prior_knowledge() } else { client }
    }
}

#[cfg(not(feature = "http2"))]
impl Protocols {
    #[expect(clippy::unused_self, reason = "used with HTTP/2")]
    pub(super) fn offered(self) -> &'static [&'static [u8]] {
        &[b"http/1.1"]
    }

    #[expect(clippy::unused_self, reason = "used with HTTP/2")]
    pub(super) fn set_up(self, client: ClientBuilder) -> ClientBuilder {
        client.http1_max_headers(MAX_HEADERS)
    }
}
