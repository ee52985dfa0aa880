//! Several bodies, one after the other.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::source::{Claim, Content, Produce};
use super::{Body, BoxError, Source};

impl Body {
    /// These bodies, one after the other. The result can be produced again if each of them can, and has a length if each of them has
    /// one.
    pub(crate) fn chain(parts: Vec<Self>) -> Self {
        if parts.iter().all(|part| part.try_clone().is_some()) {
            Source::Shared(Claim::again(Parts(parts))).into_body()
        } else {
            Self::new(Chain::new(parts))
        }
    }
}

/// Bodies that can all be produced again.
struct Parts(Vec<Body>);

impl Produce for Parts {
    fn produce(&self) -> Body {
        Body::new(Chain::new(self.0.iter().filter_map(Body::try_clone).collect()))
    }

    fn content(&self) -> Content<'_> {
        Content::Parts(&self.0)
    }
}

struct Chain {
    current: Body,
    rest: vec::IntoIter<Body>,
    /// The length of all that is left, if it is known.
    left: Option<u64>,
}

impl Chain {
    fn new(parts: Vec<Body>) -> Self {
        let left = parts.iter().map(Body::length).sum();
        Self { current: Body::empty(), rest: parts.into_iter(), left }
    }
}

impl http_body::Body for Chain {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if let Some(chunk) = ready!(self.current.poll_chunk(context)) {
                return Poll::Ready(Some(chunk.map(|chunk| {
                    self.left = self.left.map(|left| left.saturating_sub(chunk.len() as u64));
                    Frame::data(chunk)
                })));
            }
            let Some(next) = self.rest.next() else { return Poll::Ready(None) };
            // If it were longer or shorter, the next body would begin at the wrong place.
            self.current = match next.length() {
                Some(length) if next.as_bytes().is_none() => next.with_length(length),
                _ => next,
            };
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
