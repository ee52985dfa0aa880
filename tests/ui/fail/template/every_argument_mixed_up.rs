//! Two placeholders have no argument, and two arguments no placeholder.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/users/<user>/messages/<message>", ok = 200)]
    async fn get(&self, user_id: &str, reason: &str) -> Result<String>;
}

fn main() {}
