//! The body of a response, which has its connection until its end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::lease::Lease;

/// The body of a response. Its end returns the connection. Dropping it before closes the connection, unless the rest has arrived
/// already, or resets the stream.
pub(in crate::transport) struct Received {
    /// It is dropped before the lease, which then knows that nobody reads it.
    body: Incoming,
    lease: Option<Lease>,
}

impl Received {
    /// The response that was received over this connection.
    pub(super) fn response(response: Response<Incoming>, mut lease: Lease) -> Response<Self> {
        let is_over = lease.answered(&response) && response.body().is_end_stream();
        response.map(|body| {
            let mut received = Self { body, lease: Some(lease) };
            if is_over {
                received.end();
            }
            received
        })
    }

    /// Returns the connection.
    fn end(&mut self) {
        self.lease = None;
    }

    /// Closes the connection, unless others share it.
    fn fail(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.fail();
        }
    }

    /// The same, whatever has arrived of the body.
    pub(in crate::transport) fn discard(mut self) {
        self.fail();
    }
}

impl Body for Received {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        match &frame {
            Some(Err(_)) => self.fail(),
            Some(Ok(_)) if !self.body.is_end_stream() => {}
            // Nobody may ask for what comes after the last bytes.
            Some(Ok(_)) | None => self.end(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
