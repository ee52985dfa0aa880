//! Bodies that aren't JSON: text and bytes.

use bytes::Bytes;

use super::FromResponse;
use crate::error::DecodeError;
use crate::transport::WholeResponse;

/// The body as text. It must be UTF-8, whatever the `Content-Type` says.
///
/// ```
/// use courier_core::{MemoryTransport, Result, Text, Transport, endpoint};
///
/// trait Pages: Transport {
///     #[endpoint(GET, "/robots.txt", ok = 200)]
///     async fn robots(&self) -> Result<Text>;
/// }
/// impl<T: Transport> Pages for T {}
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let transport = MemoryTransport::new().answer(200, "User-agent: *");
/// assert_eq!(transport.robots().await.unwrap().0, "User-agent: *");
/// assert_eq!(transport.requests()[0].headers()["accept"], "text/*");
/// # })
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

impl FromResponse for Text {
    const ACCEPT: &'static str = "text/*";

    fn from_response(response: &WholeResponse) -> Result<Self, DecodeError> {
        utf8(response.body()).map(|text| Self(text.to_owned()))
    }
}

/// The body as bytes, decompressed but otherwise as the server sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw(pub Bytes);

impl FromResponse for Raw {
    const ACCEPT: &'static str = "*/*";

    fn from_response(response: &WholeResponse) -> Result<Self, DecodeError> {
        let body = response.body();
        // A small body may be a part of the connection's buffer, which would be kept with it.
        Ok(Self(if body.len() <= SMALL { Bytes::copy_from_slice(body) } else { body.clone() }))
    }
}

/// In bytes.
const SMALL: usize = 64 * 1024;

pub(super) fn utf8(body: &[u8]) -> Result<&str, DecodeError> {
    let problem = |error: std::str::Utf8Error| DecodeError::new(format!("not UTF-8 from byte {}", error.valid_up_to()));
    std::str::from_utf8(body).map_err(problem)
}
