//! The body of one outcome can't be decoded.
use courier_core::{Result, Transport, endpoint};

struct Problem {
    message: String,
}

enum Found {
    Ok(String),
    NotFound(Problem),
}

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200, not_found = 404)]
    async fn get(&self, id: &str) -> Result<Found>;
}

fn main() {}
