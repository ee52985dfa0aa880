//! An outcome that is called `status`, beside another one: it is a variant like any other.
#![deny(warnings)]
use courier_core::{Result, Transport, endpoint};

pub enum Order {
    Status(String),
    NotFound,
}

pub trait Orders: Transport {
    #[endpoint(GET, "/orders/<id>/status", status = 200, not_found = 404)]
    async fn status(&self, id: u64) -> Result<Order>;
}

fn main() {}
