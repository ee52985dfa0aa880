//! One mistake in a template doesn't hide another one.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "messages/<mesage_id>?<tags:coma>", ok = 200)]
    async fn get(&self, message_id: &str, tags: &[&str]) -> Result<String>;

    #[endpoint(GET, "/messages//{part}/<mesage_id>", ok = 200)]
    async fn part(&self, message_id: &str, part: &str) -> Result<String>;
}

fn main() {}
