//! All mistakes of a declaration are reported, and one doesn't hide another.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GTE, "messages/<mesage_id>/{part}/<>", ok = 99, Ok = 200, 404 = gone)]
    fn everything(self, message_id: &str, extra: u8);

    // As in a web framework, in every part.
    #[endpoint("post", "/messages/{id}/:part", status = 200, Conflict = StatusCode::CONFLICT)]
    pub async fn foreign(&mut self, #[path] id: &str, part: &str, #[json] message: &str) -> Vec<u8>;

    // In one template.
    #[endpoint(GET, "messages//<mesage_id>?<tags:coma>", ok = 200)]
    async fn template(&self, message_id: &str, tags: &[&str]) -> Result<String>;
}

fn main() {}
