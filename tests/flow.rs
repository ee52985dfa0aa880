//! The journey over a real socket: see `flow/stages.rs`. Here, requests travel over reqwest.

mod under_test {
    //! What the tests are about.

    use courier_core::{Courier, CourierBuilder};

    pub(crate) type Network = courier_core::ReqwestTransport;

    /// Whether an error may know more, or a connection be possible, than over reqwest.
    pub(crate) const IS_OVER_HYPER: bool = false;

    pub(crate) fn courier() -> CourierBuilder {
        Courier::builder().use_reqwest()
    }
}

#[path = "flow/stages.rs"]
mod flow;
