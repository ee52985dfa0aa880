//! An outcome is written as the compiler proposes it for a variant with named fields.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    NotFound { message: String },
}

trait Api: Transport {
    #[endpoint(GET, "/issues", ok = 200, not_found { message: /* value */ } = 404)]
    async fn get(&self) -> Result<Outcome>;
}

fn main() {}
