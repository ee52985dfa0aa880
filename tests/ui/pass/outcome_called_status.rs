//! An outcome called `status`, next to another one, is a variant like any other.
use courier_core::{Result, Transport, endpoint};

pub enum Order {
    Status(String),
    NotFound,
}

pub trait Orders: Transport {
    #[endpoint(GET, "/orders/<id>/status", status = 200, not_found = 404)]
    async fn status(&self, id: u64) -> Result<Order>;
}
