//! A body that reports how much of it has been read.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::source::{Claim, Content, Produce};
use super::{Body, BoxError, Kind, Source};

type Report = Arc<dyn Fn(u64) + Send + Sync>;

impl Body {
    /// Calls `report` with the number of bytes that were read so far, for a progress bar.
    ///
    /// ```no_run
    /// # struct Bar; impl Bar { fn set_position(&self, _: u64) {} }
    /// use courier_core::Body;
    ///
    /// # fn example(bar: Bar) -> std::io::Result<()> {
    /// // `bar` is an `indicatif::ProgressBar`.
    /// let upload = Body::from_file("monday.tar.zst")?.on_progress(move |sent| bar.set_position(sent));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The first number is 0, when the transport begins to read. The next ones follow with each chunk. A retry starts at 0 again, so
    /// the number is a position; don't add it up. It is a few hundred kilobytes ahead of what the server has received, because the
    /// transport and the system buffer that much.
    ///
    /// Neither the length nor whether the request can be retried changes. A whole body is read in pieces of 64 KiB.
    ///
    /// For a response, use [`Download::on_progress`](crate::Download::on_progress).
    #[must_use]
    pub fn on_progress(self, report: impl Fn(u64) + Send + Sync + 'static) -> Self {
        let report: Report = Arc::new(report);
        if self.try_clone().is_some() {
            Source::Shared(Claim::again(Reported { body: self, report })).into_body()
        } else {
            Self::new(Progress { body: self, report, read: None })
        }
    }
}

/// A body that can be produced again.
struct Reported {
    body: Body,
    report: Report,
}

impl Produce for Reported {
    fn produce(&self) -> Body {
        let body = self.body.try_clone().expect("a body that can be produced again");
        Body::new(Progress { body, report: Arc::clone(&self.report), read: None })
    }

    fn content(&self) -> Content<'_> {
        self.body.content()
    }
}

struct Progress {
    body: Body,
    report: Report,
    /// How many bytes have been read; `None` before the first poll.
    read: Option<u64>,
}

/// How much is read at once of a body that is whole.
const PIECE: usize = 64 * 1024;

impl http_body::Body for Progress {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.read.is_none() {
            this.read = Some(0);
            (this.report)(0);
        }
        let frame = match &mut this.body.0 {
            Kind::Whole(bytes) if bytes.len() > PIECE => Some(Ok(Frame::data(bytes.split_to(PIECE)))),
            _ => ready!(Pin::new(&mut this.body).poll_frame(context)),
        };
        if let Some(chunk) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            let read = this.read.unwrap_or_default() + chunk.len() as u64;
            this.read = Some(read);
            (this.report)(read);
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
