//! The body of a response as it arrives.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
#[cfg(feature = "gzip")]
use http::header;
use http::{HeaderMap, StatusCode};
use http_body::{Frame, SizeHint};

use super::Encoding;
#[cfg(feature = "gzip")]
use super::decompressed::Decompressed;
use crate::body::{Body, BoxError};
use crate::secret::Secrets;
use crate::transport::failure::{self, StackError};
use crate::transport::origin::upload;

/// Returns the body, which is decompressed as it arrives. As with [`read`](super::read), the headers then no longer mention
/// the encoding.
pub(crate) fn stream<B>(
    body: B,
    status: StatusCode,
    #[cfg_attr(not(feature = "gzip"), expect(unused_variables, reason = "nothing is decompressed"))]
    headers: &mut HeaderMap,
    encoding: Encoding,
    secrets: &Secrets,
    upload: Option<upload::Handle>,
) -> Body
where
    B: http_body::Body<Data = Bytes, Error: StackError> + Send + Sync + Unpin + 'static,
{
    let body = Received { body, status, secrets: secrets.clone(), _upload: upload };
    match encoding {
        Encoding::None => Body::new(body),
        #[cfg(feature = "gzip")]
        Encoding::Gzip => {
            headers.remove(header::CONTENT_ENCODING);
            headers.remove(header::CONTENT_LENGTH);
            Body::new(Decompressed::new(body, status))
        }
    }
}

/// What arrives over the connection, with the errors of this transport.
struct Received<B> {
    body: B,
    status: StatusCode,
    secrets: Secrets,
    /// The request may still be sent while its response is read, and ends with it.
    _upload: Option<upload::Handle>,
}

impl<B: http_body::Body<Data = Bytes, Error: StackError> + Unpin> http_body::Body for Received<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let explain = |error| failure::unfinished(error, self.status, &self.secrets).into();
        Poll::Ready(frame.map(|frame| frame.map_err(explain)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
