//! Without HTTP/2, each call has a connection for itself, and nothing needs to be counted.

use std::sync::Arc;

use reqwest::Response;

#[derive(Debug, Default)]
pub(super) struct Learned {}

#[derive(Debug)]
pub(super) struct Counts {}

#[expect(clippy::unused_self, reason = "used with HTTP/2")]
impl Counts {
    pub(super) fn new(_learned: &Arc<Learned>) -> Self {
        Self {}
    }

    pub(super) fn takes_another(&self) -> bool {
        true
    }

    pub(super) fn answered(&self, _answer: &Response) {}

    pub(super) fn lost(&self, _was_idle: bool) -> bool {
        false
    }
}

pub(super) fn awaited<F: Future>(call: F) -> F {
    call
}
