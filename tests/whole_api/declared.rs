//! The rows that the check compares: one per operation, in the file of its resource.
//!
//! Every argument contains the name of its parameter in the reference, so that the check sees whether it was sent in the
//! right place. The constants here are for arguments that can't contain a name.

use courier_core::transport::try_clone;
use courier_core::{Call, Endpoint, NoRequest, Request};
use serde_json::Value;

/// The optional headers of operations that create something.
pub(crate) const KEY: Option<&str> = Some("Idempotency-Key");
pub(crate) const EXPIRATION: Option<&str> = Some("x-idempotency-expiration");

/// For every numeric parameter. No operation has two.
pub(crate) const LIMIT: Option<u32> = Some(50);

/// For every body that is a JSON value from the caller.
pub(crate) static BODY: Value = Value::Bool(true);

/// One declared operation.
pub(crate) struct Declared {
    /// Its name in the reference.
    pub(crate) operation: &'static str,
    pub(crate) endpoint: &'static Endpoint,
    /// The request with every optional part.
    pub(crate) with: Result<Request, NoRequest>,
    /// The request without any optional part.
    pub(crate) without: Result<Request, NoRequest>,
}

impl Declared {
    /// `call` has every optional part. [`without`](Self::without) adds the call without them, if the two differ.
    pub(crate) fn new<R>(operation: &'static str, call: Call<'_, R>) -> Self {
        let endpoint = call.endpoint().expect("a declared call has an endpoint");
        let with = call.into_request();
        let without = with.as_ref().map(|request| try_clone(request).expect("a whole body")).map_err(Clone::clone);
        Self { operation, endpoint, with, without }
    }

    pub(crate) fn without<R>(self, call: Call<'_, R>) -> Self {
        assert_eq!(call.endpoint(), Some(self.endpoint), "{}: the two calls are of different methods", self.operation);
        Self { without: call.into_request(), ..self }
    }
}
