//! What the declarations make of the operations: one row an operation, in the file of its resource.
//!
//! Every argument holds the name of its parameter on the reference page, so that the check sees whether it arrived where
//! that parameter belongs. What can't hold a name stands here.

use courier_core::{Call, Endpoint, InvalidRequest, Request};
use serde_json::Value;

/// The optional headers of the operations that create something.
pub(crate) const KEY: Option<&str> = Some("Idempotency-Key");
pub(crate) const EXPIRATION: Option<&str> = Some("x-idempotency-expiration");

/// For every parameter that is a number. No operation has two.
pub(crate) const LIMIT: Option<u32> = Some(50);

/// For every body that is a JSON value of the caller's.
pub(crate) static BODY: Value = Value::Bool(true);

/// One operation, declared.
pub(crate) struct Declared {
    /// Its name in the reference.
    pub(crate) operation: &'static str,
    pub(crate) endpoint: &'static Endpoint,
    /// The request with every optional part.
    pub(crate) with: Result<Request, InvalidRequest>,
    /// The request with no optional part.
    pub(crate) without: Result<Request, InvalidRequest>,
}

impl Declared {
    /// The call has every optional part; [`without`](Self::without) adds the one that has none, where they differ.
    pub(crate) fn new<R>(operation: &'static str, call: Call<'_, R>) -> Self {
        let endpoint = call.endpoint().expect("a call that a declaration made has an endpoint");
        let with = call.into_request();
        Self { operation, endpoint, without: with.clone(), with }
    }

    pub(crate) fn without<R>(self, call: Call<'_, R>) -> Self {
        assert_eq!(call.endpoint(), Some(self.endpoint), "{}: both calls are of one method", self.operation);
        Self { without: call.into_request(), ..self }
    }
}
