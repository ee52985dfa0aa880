//! The journey over a real socket: see `flow/stages.rs`. Here, requests travel over reqwest.

mod under_test {
    //! What the tests are about.

    use courier_core::{Courier, CourierBuilder};

    pub(crate) type Network = courier_core::ReqwestTransport;

    pub(crate) fn courier() -> CourierBuilder {
        Courier::builder()
    }
}

#[path = "flow/stages.rs"]
mod flow;
