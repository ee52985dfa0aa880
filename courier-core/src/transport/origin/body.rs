//! Reads the body of a response: decompresses it as it arrives, and stops at the limit.
//!
//! reqwest could decompress it too, but it stops after the first of several gzip members and ignores the rest.

#[cfg(feature = "gzip")]
mod decompressed;
#[cfg(feature = "gzip")]
mod gzip;
mod stream;

use std::future::poll_fn;
use std::io::{self, Write};
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
#[cfg(feature = "gzip")]
use http::HeaderValue;
use http::{HeaderMap, Method, StatusCode, header};

#[cfg(feature = "gzip")]
use self::gzip::{Failure, Gzip};
pub(super) use self::stream::stream;
use crate::secret::Secrets;
use crate::transport::failure::{self, StackError};
use crate::transport::{TransportError, TransportErrorKind, runtime};

/// Whether a response has a body, regardless of its headers
/// ([RFC 9112, 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)). Without a body, the headers describe the one that a `GET`
/// would have had.
///
/// A 205 shouldn't have a body, but is framed like any other response.
pub(super) fn is_expected(is_head: bool, status: StatusCode) -> bool {
    !is_head && !status.is_informational() && !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Not at all, or in a way that the transport didn't ask for. The caller gets the body as is, with its
    /// `content-encoding`.
    None,
    /// As a series of gzip members.
    #[cfg(feature = "gzip")]
    Gzip,
}

impl Encoding {
    #[cfg(not(feature = "gzip"))]
    pub(super) fn ask(_: &Method, _: &mut HeaderMap) -> Self {
        Self::None
    }

    /// Asks for supported encodings, and returns them. If the caller asks for an encoding, the caller has to decode it.
    #[cfg(feature = "gzip")]
    pub(super) fn ask(method: &Method, headers: &mut HeaderMap) -> Self {
        if headers.contains_key(header::ACCEPT_ENCODING) || *method == Method::HEAD {
            return Self::None;
        }
        // A part of a compressed body can't be decompressed. As browsers do, ask for `identity`: without the header, a
        // server may choose any encoding.
        if headers.contains_key(header::RANGE) {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            return Self::None;
        }
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        Self::Gzip
    }

    /// How the body of this response is compressed, if this encoding was asked for.
    pub(super) fn of(self, status: StatusCode, headers: &HeaderMap) -> Self {
        // Names are case-insensitive, and `x-gzip` is an alias (RFC 9110, 8.4.1).
        let is_gzip = |value: &[u8]| [&b"gzip"[..], b"x-gzip"].iter().any(|name| value.eq_ignore_ascii_case(name));
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        match (values.next(), values.next()) {
            (Some(value), None) if status != StatusCode::PARTIAL_CONTENT && is_gzip(value.as_bytes()) => self,
            _ => Self::None,
        }
    }
}

/// Reads a body up to its limit. The limit counts decompressed bytes, so that a small response can't expand into a
/// large one.
///
/// After decompression, the headers no longer mention the encoding.
pub(super) async fn read<B: http_body::Body<Data = Bytes, Error: StackError>>(
    mut body: Pin<&mut B>,
    status: StatusCode,
    #[cfg_attr(not(feature = "gzip"), expect(unused_variables, reason = "nothing is decompressed"))]
    headers: &mut HeaderMap,
    encoding: Encoding,
    limit: u64,
    secrets: &Secrets,
) -> Result<Bytes, TransportError> {
    let fail = |kind| TransportError::sent(kind).with_status(status);
    let too_large = || fail(TransportErrorKind::TooLarge { limit });
    let announced = body.size_hint().exact().filter(|_| encoding == Encoding::None);
    if announced.is_some_and(|announced| announced > limit) {
        return Err(too_large());
    }
    let limited = Limited { bytes: BytesMut::new(), limit };
    match encoding {
        Encoding::None => {
            // Most bodies are a single chunk, which isn't copied.
            let mut first = Bytes::new();
            let mut all = limited;
            loop {
                let Some(chunk) = chunk(body.as_mut(), status, secrets).await? else { break };
                if first.is_empty() && all.bytes.is_empty() && chunk.len() as u64 <= limit {
                    first = chunk;
                    continue;
                }
                runtime::give_way().await;
                all.write_all(&std::mem::take(&mut first)).map_err(|_| too_large())?;
                all.write_all(&chunk).map_err(|_| too_large())?;
            }
            Ok(if first.is_empty() { all.bytes.freeze() } else { first })
        }
        #[cfg(feature = "gzip")]
        Encoding::Gzip => {
            let fail = |failure| match failure {
                Failure::TooLarge => too_large(),
                Failure::Damaged(damage) => fail(TransportErrorKind::ContentEncoding).with_reason(damage.to_string()),
            };
            let mut gzip = Gzip::new(limited);
            let mut is_first = true;
            loop {
                let Some(chunk) = chunk(body.as_mut(), status, secrets).await? else { break };
                if !std::mem::take(&mut is_first) {
                    runtime::give_way().await;
                }
                gzip.add(&chunk).map_err(fail)?;
            }
            let Some(output) = gzip.end().map_err(fail)? else { return Ok(Bytes::new()) };
            headers.remove(header::CONTENT_ENCODING);
            headers.remove(header::CONTENT_LENGTH);
            Ok(output.bytes.freeze())
        }
    }
}

/// The next chunk of a body; `None` at its end. Trailers are skipped.
async fn chunk<B: http_body::Body<Data = Bytes, Error: StackError>>(
    mut body: Pin<&mut B>,
    status: StatusCode,
    secrets: &Secrets,
) -> Result<Option<Bytes>, TransportError> {
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let frame = frame.map_err(|error| failure::unfinished(error, status, secrets))?;
        if let Ok(chunk) = frame.into_data() {
            return Ok(Some(chunk));
        }
    }
    Ok(None)
}

/// Bytes up to a limit. One more is an error.
#[derive(Default)]
struct Limited {
    bytes: BytesMut,
    limit: u64,
}

impl Limited {
    const IS_FULL: io::ErrorKind = io::ErrorKind::FileTooLarge;
}

impl Write for Limited {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + more.len()) as u64 > self.limit {
            return Err(Self::IS_FULL.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
