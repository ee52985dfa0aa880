//! The journey over a real socket: see `flow/stages.rs`. Here, requests travel over hyper.

mod under_test {
    //! What the tests are about.

    use courier_core::{Courier, CourierBuilder};

    pub(crate) type Network = courier_core::HyperTransport;

    pub(crate) fn courier() -> CourierBuilder {
        Courier::builder()
    }
}

#[path = "flow/stages.rs"]
mod flow;
