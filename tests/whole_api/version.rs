//! The body shared by all operations that publish a version.

use serde::Serialize;

/// The version to publish, such as `v3`. Without it, the operation publishes the draft.
#[derive(Serialize)]
pub(crate) struct Version<'v> {
    pub(crate) version: &'v str,
}
