//! A stream as an iterator, for methods that block.

use std::pin::Pin;

use futures_core::Stream;

use crate::error::Error;
use crate::transport::{TransportError, runtime};

/// A stream's items as an iterator, which blocks the thread until each has arrived: see [`blocking`](crate::blocking).
#[derive(Debug)]
#[must_use = "nothing is read unless this is iterated over"]
pub struct Iter<S> {
    stream: S,
    failed: fn(&S, TransportError) -> Error,
    is_refused: bool,
}

impl<S> Iter<S> {
    /// `failed` makes the stream's error if this thread can't block.
    pub(crate) fn new(stream: S, failed: fn(&S, TransportError) -> Error) -> Self {
        Self { stream, failed, is_refused: false }
    }
}

impl<S, T> Iterator for Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Result<T, Error>> {
        if self.is_refused {
            return None;
        }
        runtime::wait_for(|context| Pin::new(&mut self.stream).poll_next(context)).unwrap_or_else(|refused| {
            self.is_refused = true;
            Some(Err((self.failed)(&self.stream, refused)))
        })
    }
}
