//! A crate that denies every warning gets none from a declaration.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(missing_docs, unreachable_pub, missing_debug_implementations, let_underscore_drop)]
#![deny(unused_qualifications, unused_results, unused_lifetimes, single_use_lifetimes, elided_lifetimes_in_paths)]
#![deny(trivial_casts, trivial_numeric_casts, variant_size_differences, explicit_outlives_requirements)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::absolute_paths)]

use std::borrow::Cow;

use super::{MemoryTransport, Result, Transport, always_ok, endpoint, targets};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is done.
    Ok,
    /// It is not.
    Conflict,
}

/// An API.
pub(super) trait Strict: Transport {
    /// Does it.
    #[endpoint(POST, "/do/<what>/<how>", ok = 2xx, conflict = 409)]
    async fn act(&self, what: &str, how: Cow<'_, str>) -> Result<Outcome>;

    /// Undoes it.
    #[endpoint(DELETE, "/do/<what>", ok = 200)]
    async fn undo(&self, what: u8) -> Result<()>;
}

impl<T: Transport + ?Sized> Strict for T {}

#[tokio::test]
async fn a_declaration_compiles_with_every_lint_denied() {
    let transport: MemoryTransport = always_ok();
    assert_eq!(transport.act("a", Cow::Borrowed("b")).await.ok(), Some(Outcome::Ok));
    assert!(transport.undo(1).await.is_ok());
    assert_eq!(targets(&transport), ["/do/a/b", "/do/1"]);
}
