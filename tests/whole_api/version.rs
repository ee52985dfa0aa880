//! The body that all operations share which publish a version.

use serde::Serialize;

/// A version to publish: `v3`. Without one, the operations publish the draft.
#[derive(Serialize)]
pub(crate) struct Version<'v> {
    pub(crate) version: &'v str,
}
