//! All that an expansion of `#[endpoint]` may call. No part of the public API: it changes with the macro.
//!
//! What an expansion would say in many words stands here as ordinary Rust, compiled once and generic over no more than it must
//! be.
#![allow(missing_docs, clippy::missing_errors_doc, clippy::must_use_candidate, reason = "nobody calls it by hand")]

#[path = "private/outcome.rs"]
mod outcome;

use std::fmt::Display;
use std::ops::RangeInclusive;

pub use http::Method;

pub use self::outcome::*;
use crate::blocking;
use crate::call::{Call, Read};
use crate::endpoint::{Endpoint, Outcome};
use crate::error::Error;
pub use crate::request::RequestBuilder;
use crate::request::{InvalidRequest, Request};
use crate::response::Answer;
use crate::secret::Secrets;
use crate::transport::Transport;

// Declaration

pub const fn endpoint(
    name: &'static str,
    method: Method,
    template: &'static str,
    outcomes: &'static [Outcome],
    idempotent: bool,
) -> Endpoint {
    Endpoint::new(name, method, template, outcomes, idempotent)
}

pub const fn outcome(name: &'static str, statuses: &'static [RangeInclusive<u16>]) -> Outcome {
    Outcome::new(name, statuses)
}

// Request

pub fn request(endpoint: &'static Endpoint, path_values: &[&dyn Display]) -> RequestBuilder {
    RequestBuilder::new(endpoint, path_values)
}

fn finish<R>(request: RequestBuilder, read: Read<R>) -> Result<Request, InvalidRequest> {
    let mut accept = Accept::of(request.endpoint.outcomes().iter().len());
    read(Question::Accept(&mut accept));
    request.finish(accept.header_value()?)
}

// Transport

pub fn call<R>(transport: &dyn Transport, request: RequestBuilder, read: Read<R>) -> Call<'_, R> {
    Call::new(transport, request.endpoint, finish(request, read), read)
}

/// The same at once, for a method that is not `async`.
pub fn call_blocking<R>(transport: &dyn blocking::Transport, request: RequestBuilder, read: Read<R>) -> R {
    let endpoint = request.endpoint;
    let answer = finish(request, read)
        .map_err(|source| Error::Invalid { endpoint, source })
        .and_then(|request| {
            let secrets = Secrets::of_request(&request);
            let mut response = transport.send(request).map_err(|error| Error::from_transport(endpoint, error))?;
            secrets.note(&mut response);
            Ok(response)
        })
        .and_then(|response| Answer::new(endpoint, response));
    Question::read(answer, read)
}
