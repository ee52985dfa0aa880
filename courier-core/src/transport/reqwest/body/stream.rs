//! The body of a response as it comes.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
#[cfg(feature = "gzip")]
use http::header;
use http::{HeaderMap, StatusCode};
use http_body::{Frame, SizeHint};

use super::Encoding;
#[cfg(feature = "gzip")]
use super::unpacked::Unpacked;
use crate::body::{Body, BoxError};
use crate::secret::Secrets;
use crate::transport::reqwest::{ReqwestTransport, failure};
use crate::transport::stream::{Limits, Patient};
use crate::transport::{TransportError, TransportErrorKind};

/// The body within its limits, unpacked. The headers are left saying what it is, as by [`read`](super::read).
///
/// # Errors
///
/// [`TransportErrorKind::TooLarge`], if the head says that the body is larger than a limit that the call has.
pub(crate) fn stream(
    transport: &ReqwestTransport,
    answer: reqwest::Response,
    #[cfg_attr(not(feature = "gzip"), expect(unused_variables, reason = "nothing is unpacked"))]
    headers: &mut HeaderMap,
    encoding: Encoding,
    limits: Limits,
    secrets: &Secrets,
) -> Result<Body, TransportError> {
    let status = answer.status();
    if let Some(limit) = limits.bytes {
        let announced = answer.content_length().filter(|_| encoding == Encoding::None);
        if announced.is_some_and(|announced| announced > limit) {
            return Err(TransportError::sent(TransportErrorKind::TooLarge { limit }).with_status(status));
        }
    }
    let body = http::Response::<reqwest::Body>::from(answer).into_body();
    let body = Patient::new(Received { body, status, secrets: secrets.clone() }, limits);
    let body = match encoding {
        Encoding::None => Body::new(body),
        #[cfg(feature = "gzip")]
        Encoding::Gzip => {
            headers.remove(header::CONTENT_ENCODING);
            headers.remove(header::CONTENT_LENGTH);
            Body::new(Unpacked::new(body, status))
        }
    };
    Ok(Body::new(Named { body: limits.sized(body), transport: transport.clone() }))
}

/// What comes over the connection, with its errors in our words.
struct Received {
    body: reqwest::Body,
    status: StatusCode,
    secrets: Secrets,
}

impl http_body::Body for Received {
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

/// A body whose errors name the server.
struct Named {
    body: Body,
    transport: ReqwestTransport,
}

impl http_body::Body for Named {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let server = self.transport.0.base_url.as_str();
        let name = |error: BoxError| match error.downcast::<TransportError>() {
            Ok(error) => error.with_server(server).into(),
            Err(error) => error,
        };
        Poll::Ready(frame.map(|frame| frame.map_err(name)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
