//! Where the attempts of one call get a request's stream from.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};

use super::length::Checked;
use super::stream::Boxed;
use super::{Body, BoxError, Problem};

/// One attempt's claim to a stream. It takes the stream when it is first polled, so an attempt that finds no connection leaves it
/// for the next one.
pub(super) struct Claim {
    source: Source,
    opened: Option<Boxed>,
    hint: SizeHint,
}

#[derive(Clone)]
enum Source {
    /// One stream for all attempts; `None` once one of them has taken it.
    Once(Arc<Mutex<Option<Boxed>>>),
    /// A stream for each.
    Again(Arc<dyn Produce>),
}

/// What produces the same stream for each attempt.
pub(super) trait Produce: Send + Sync {
    fn produce(&self) -> Body;

    /// What the stream consists of, if it is known before it is read.
    fn content(&self) -> Content<'_> {
        Content::Unknown
    }
}

impl<F: Fn() -> Body + Send + Sync> Produce for F {
    fn produce(&self) -> Body {
        self()
    }
}

/// What a body consists of, for a command that sends the same.
pub(crate) enum Content<'b> {
    Bytes(&'b Bytes),
    File(&'b Path),
    /// One after the other.
    Parts(&'b [Body]),
    /// It is known only when it is read.
    Unknown,
}

const TAKEN: &str = "it is a stream that can be read only once, and an earlier attempt has read from it";

impl Claim {
    pub(super) fn once(stream: Boxed) -> Self {
        let hint = stream.size_hint();
        Self { source: Source::Once(Arc::new(Mutex::new(Some(stream)))), opened: None, hint }
    }

    pub(super) fn again(produce: impl Produce + 'static) -> Self {
        let hint = produce.produce().size_hint();
        Self { source: Source::Again(Arc::new(produce)), opened: None, hint }
    }

    /// The same source with a length that each stream has to keep.
    pub(super) fn with_length(self, length: u64) -> Self {
        match self.source {
            Source::Again(produce) => Self::again(move || Body::new(Checked::new(produce.produce(), length))),
            source @ Source::Once(_) => Self { source, ..self },
        }
    }

    /// The claim of the next attempt; `None` if there is nothing left to claim.
    pub(super) fn next(&self) -> Option<Self> {
        (!self.is_spent()).then(|| Self { source: self.source.clone(), opened: None, hint: self.hint })
    }

    pub(super) fn is_repeatable(&self) -> bool {
        matches!(self.source, Source::Again(_))
    }

    pub(super) fn content(&self) -> Content<'_> {
        match &self.source {
            Source::Once(_) => Content::Unknown,
            Source::Again(produce) => produce.content(),
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        match &self.source {
            Source::Once(shared) => shared.lock().unwrap_or_else(PoisonError::into_inner).is_none(),
            Source::Again(_) => false,
        }
    }

    fn open(&mut self) -> Option<&mut Boxed> {
        if self.opened.is_none() {
            self.opened = match &self.source {
                Source::Once(shared) => shared.lock().unwrap_or_else(PoisonError::into_inner).take(),
                Source::Again(produce) => Some(Boxed::new(produce.produce())),
            };
        }
        self.opened.as_mut()
    }

    pub(super) fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.open() {
            Some(stream) => stream.poll_frame(context),
            None => Poll::Ready(Some(Err(Problem(TAKEN.to_owned()).into()))),
        }
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.opened.as_ref().is_some_and(Boxed::is_end_stream)
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        self.opened.as_ref().map_or(self.hint, Boxed::size_hint)
    }
}
