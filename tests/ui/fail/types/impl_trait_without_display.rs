//! The argument's `impl Trait` says too little to be written into a path.
use std::fmt::Debug;

use courier_core::{Result, Transport, endpoint};

trait Messages: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, id: impl Debug) -> Result<String>;
}

fn main() {}
