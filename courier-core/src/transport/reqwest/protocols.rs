//! Which versions of HTTP are spoken.

#[cfg(feature = "http2")]
use std::time::Duration;

use reqwest::ClientBuilder;

/// The limit of a response's head over HTTP/2, in bytes: the size of the buffer that hyper reads one of HTTP/1 into, which reqwest
/// leaves as it is. hyper's own for HTTP/2 would be 16 KiB.
#[cfg(feature = "http2")]
const MAX_HEAD_BYTES: u32 = 8 * 1024 + 400 * 1024;
/// The most headers of a response over HTTP/1, of which hyper's own would be 100. It makes room for all of them each time, 32 KiB
/// twice: with 64 KiB or more, the allocator would ask the system for it and take a hundred times as long.
const MAX_HEADERS: usize = 1024;

/// What the server chooses, of those that this build knows; or HTTP/2 alone.
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

    /// What is offered over TLS ([RFC 7301](https://www.rfc-editor.org/rfc/rfc7301)), the most wanted first.
    pub(super) fn offered(self) -> &'static [&'static [u8]] {
        if self.http2_alone { &[b"h2"] } else { &[b"h2", b"http/1.1"] }
    }

    /// A connection of HTTP/2 outlives its calls, even one that died in silence: unless it is asked for a sign of life, every
    /// later call goes into it and times out. Both times together are below an attempt's.
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
    #[expect(clippy::unused_self, reason = "with HTTP/2 it is used")]
    pub(super) fn offered(self) -> &'static [&'static [u8]] {
        &[b"http/1.1"]
    }

    #[expect(clippy::unused_self, reason = "with HTTP/2 it is used")]
    pub(super) fn set_up(self, client: ClientBuilder) -> ClientBuilder {
        client.http1_max_headers(MAX_HEADERS)
    }
}
