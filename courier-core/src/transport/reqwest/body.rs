//! The body of an answer: unpacked as it comes, and never more of it than the limit.
//!
//! reqwest could unpack it too, but ends after the first member of several, and takes what follows for nothing.

use std::io::{self, Write};

use bytes::{Bytes, BytesMut};
#[cfg(feature = "gzip")]
use flate2::write::MultiGzDecoder;
use http::HeaderMap;
#[cfg(feature = "gzip")]
use http::{HeaderValue, header};

use super::failure;
use crate::secret::Secrets;
use crate::transport::{TransportError, TransportErrorKind};

/// How a body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As it is, or in a way that nobody asked for: the caller gets what came, with the header that says so.
    None,
    /// As a series of gzip members ([RFC 1952, 2.2](https://www.rfc-editor.org/rfc/rfc1952#section-2.2)).
    #[cfg(feature = "gzip")]
    Gzip,
}

impl Encoding {
    #[cfg(not(feature = "gzip"))]
    pub(super) fn take(_: &mut HeaderMap) -> Self {
        Self::None
    }

    /// What these headers say. They are left saying what the body is once it is unpacked.
    #[cfg(feature = "gzip")]
    pub(super) fn take(headers: &mut HeaderMap) -> Self {
        // Names are case-insensitive, and the second one means the same (RFC 9110, 8.4.1).
        let is_gzip = |value: &HeaderValue| {
            [&b"gzip"[..], b"x-gzip"].iter().any(|name| value.as_bytes().eq_ignore_ascii_case(name))
        };
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        match (values.next(), values.next()) {
            (Some(value), None) if is_gzip(value) => {
                headers.remove(header::CONTENT_ENCODING);
                headers.remove(header::CONTENT_LENGTH);
                Self::Gzip
            }
            _ => Self::None,
        }
    }
}

/// Reads a body up to its limit. The limit counts decompressed bytes, so that a small answer can't unpack into a large one.
pub(super) async fn read(
    mut answer: reqwest::Response,
    encoding: Encoding,
    limit: u64,
    secrets: &Secrets,
) -> Result<Bytes, TransportError> {
    let status = answer.status();
    let fail = |kind| TransportError::sent(kind).with_status(status);
    let announced = answer.content_length().filter(|_| encoding == Encoding::None);
    if announced.is_some_and(|announced| announced > limit) {
        return Err(fail(TransportErrorKind::TooLarge { limit }));
    }
    let mut body = Body::new(encoding, limit);
    loop {
        let chunk = answer.chunk().await.map_err(|error| failure::unfinished(error, status, secrets))?;
        let (read, is_whole) = match chunk {
            Some(chunk) => (body.add(chunk), false),
            None => (body.end(), true),
        };
        match read {
            Ok(()) if is_whole => return Ok(std::mem::take(&mut body.limited().bytes).freeze()),
            Ok(()) => {}
            Err(_) if body.limited().is_exceeded => return Err(fail(TransportErrorKind::TooLarge { limit })),
            Err(error) => return Err(fail(TransportErrorKind::Interrupted).with_source(error)),
        }
    }
}

/// What has come of a body.
enum Body {
    Plain(Limited),
    #[cfg(feature = "gzip")]
    Gzip {
        unpacking: Box<MultiGzDecoder<Limited>>,
        has_begun: bool,
    },
}

impl Body {
    fn new(encoding: Encoding, limit: u64) -> Self {
        let limited = Limited { bytes: BytesMut::new(), limit, is_exceeded: false };
        match encoding {
            Encoding::None => Self::Plain(limited),
            #[cfg(feature = "gzip")]
            Encoding::Gzip => Self::Gzip { unpacking: Box::new(MultiGzDecoder::new(limited)), has_begun: false },
        }
    }

    fn add(&mut self, chunk: Bytes) -> io::Result<()> {
        match self {
            // Most answers are one chunk, which is taken over without a copy where nobody else holds it.
            Self::Plain(limited) if limited.bytes.is_empty() && chunk.len() as u64 <= limited.limit => {
                limited.bytes = chunk.into();
                Ok(())
            }
            Self::Plain(limited) => limited.write_all(&chunk),
            #[cfg(feature = "gzip")]
            Self::Gzip { unpacking, has_begun } => {
                *has_begun |= !chunk.is_empty();
                unpacking.write_all(&chunk)
            }
        }
    }

    /// Nothing more comes: what is packed must be whole, and an empty body has nothing packed in it.
    #[cfg_attr(not(feature = "gzip"), expect(clippy::unnecessary_wraps, reason = "what is not packed is always whole"))]
    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            #[cfg(feature = "gzip")]
            Self::Gzip { unpacking, has_begun } => {
                if *has_begun {
                    unpacking.try_finish()
                } else {
                    Ok(())
                }
            }
        }
    }

    fn limited(&mut self) -> &mut Limited {
        match self {
            Self::Plain(limited) => limited,
            #[cfg(feature = "gzip")]
            Self::Gzip { unpacking, .. } => unpacking.get_mut(),
        }
    }
}

/// Bytes up to a limit. One more is an error.
struct Limited {
    bytes: BytesMut,
    limit: u64,
    is_exceeded: bool,
}

impl Write for Limited {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + more.len()) as u64 > self.limit {
            self.is_exceeded = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
