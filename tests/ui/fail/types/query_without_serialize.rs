//! An argument in the query can't be serialized.
use courier_core::{Result, Transport, endpoint};

struct Status;
struct Filter;

trait Api: Transport {
    #[endpoint(GET, "/messages?<status>", ok = 200)]
    async fn list(&self, status: &[Status], #[query] filter: &Filter) -> Result<String>;
}

fn main() {}
