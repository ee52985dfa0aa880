//! `WithResponse` stands around the enum.
use courier_core::{Result, Transport, WithResponse, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", some = 200, none = 404)]
    async fn find(&self, id: &str) -> Result<WithResponse<Option<String>>>;
}

fn main() {}
