//! An outcome is written as the compiler proposes it for a variant with two fields.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String, u64),
    None,
}

trait Api: Transport {
    #[endpoint(GET, "/issues", ok(/* String */, /* u64 */) = 200, none = 404)]
    async fn get(&self) -> Result<Outcome>;
}

fn main() {}
