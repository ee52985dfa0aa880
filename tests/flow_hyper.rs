//! The journey over a real socket: see `flow/stages.rs`. Here, requests travel over hyper.

mod under_test {
    //! What the tests are about.

    use courier_core::{Courier, CourierBuilder};

    pub(crate) type Network = courier_core::HyperTransport;

    /// Whether an error may know more, or a connection be possible, than over reqwest.
    pub(crate) const IS_OVER_HYPER: bool = true;

    pub(crate) fn courier() -> CourierBuilder {
        Courier::builder()
    }
}

#[path = "flow/stages.rs"]
mod flow;
