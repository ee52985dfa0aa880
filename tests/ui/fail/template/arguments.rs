//! The template and the arguments disagree.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<mesage_id>?<curser>", ok = 200)]
    async fn misspelt(&self, message_id: &str, cursor: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<messageId>", ok = 200)]
    async fn camel_case(&self, message_id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<message_id>", ok = 200)]
    async fn no_argument(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn not_used(&self, reason: &str) -> Result<String>;

    #[endpoint(GET, "/users/<user>/messages/<message>", ok = 200)]
    async fn mixed_up(&self, user_id: &str, reason: &str) -> Result<String>;

    // Sent twice.
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn used_twice(&self, #[header("x-id")] id: &str) -> Result<String>;

    // Two of one name.
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn same_name(&self, id: &str, id: u8) -> Result<String>;
}

fn main() {}
