//! What the `Option` of two outcomes holds is not `Deserialize`.
use courier_core::{Result, Transport, endpoint};

struct Message;

trait Messages: Transport {
    #[endpoint(GET, "/messages/<id>", some = 200, none = 404)]
    async fn find(&self, id: &str) -> Result<Option<Message>>;
}

fn main() {}
