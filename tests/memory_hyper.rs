//! How much memory a client uses: see `memory`. Here, requests travel over hyper.
#![cfg(target_os = "linux")]

mod under_test {
    //! What the tests are about.

    pub(crate) type Network = courier_core::HyperTransport;
}

#[path = "memory/all.rs"]
mod memory;
