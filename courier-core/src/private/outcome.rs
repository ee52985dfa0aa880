//! Status and outcome: the closure of an expansion reads an answer by way of these.

use std::convert::Infallible;
use std::marker::PhantomData;

use http::HeaderValue;

use crate::call::Read;
use crate::error::Error;
use crate::request::{InvalidRequest, header};
use crate::response::{Answer, DecodeError, FromResponse, Response};

/// What a reader is asked. One closure answers both, so that an outcome's type is named once in the expansion.
#[derive(Debug)]
pub enum Question<'q> {
    /// Which media types can the outcomes be read from? Answered with `None`, into the list.
    Accept(&'q mut Accept),
    /// What does the method return for this answer? Answered with `Some`.
    Read(Result<Answer, Error>),
}

impl Question<'_> {
    pub(crate) fn read<R>(answer: Result<Answer, Error>, read: Read<R>) -> R {
        read(Question::Read(answer)).expect("a reader answers `Read` with `Some`")
    }
}

/// The media types that the declared outcomes can read.
#[derive(Debug)]
pub struct Accept {
    outcomes: usize,
    first: Option<&'static str>,
    more: Vec<&'static str>,
}

impl Accept {
    pub(super) fn of(outcomes: usize) -> Self {
        Self { outcomes, first: None, more: Vec::new() }
    }

    pub(crate) fn outcomes(&self) -> usize {
        self.outcomes
    }

    pub(crate) fn add(&mut self, media_type: &'static str) {
        match self.first {
            // An outcome that has no use for a body has no say in its type.
            _ if media_type.is_empty() => {}
            None => self.first = Some(media_type),
            Some(first) if media_type == first || self.more.contains(&media_type) => {}
            Some(_) => self.more.push(media_type),
        }
    }

    pub(super) fn header_value(&self) -> Result<HeaderValue, InvalidRequest> {
        let first = self.first.unwrap_or("*/*");
        let list = self.more.iter().fold(first.to_owned(), |list, media_type| list + ", " + media_type);
        header::check_value(&list).ok().and_then(|()| HeaderValue::try_from(list).ok()).ok_or_else(|| {
            InvalidRequest::Header {
                name: "accept".to_owned(),
                rule: "`FromResponse::accept` must return visible ASCII, such as `text/csv`",
            }
        })
    }
}

/// Builds the variant of the outcome at a position. A function pointer: what calls it is compiled once for a return type.
pub type Build<S> = fn(usize, Reader<'_, S>) -> Option<Result<S, Error>>;

/// A question about one outcome of the success type `S`.
#[derive(Debug)]
pub enum Reader<'q, S> {
    Accept(&'q mut Accept),
    Read(Answer),
    /// `S` is fixed by the method's return type: a variant that does not build it is an error at its name.
    Never(Infallible, PhantomData<fn() -> S>),
}

/// The body of an outcome that has no use for one.
#[derive(Debug)]
pub struct Ignored;

impl FromResponse for Ignored {
    fn accept() -> &'static str {
        ""
    }

    fn from_response(_: &Response) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}
