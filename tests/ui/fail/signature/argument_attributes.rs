//! The attribute of an argument is unknown, or written in another way.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn misspelt(&self, #[qeury] page: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn json(&self, #[json] message: &str) -> Result<String>;

    #[endpoint(POST, "/messages/<id>", ok = 200)]
    async fn path(&self, #[path] id: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn param(&self, #[param] limit: u8) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn capitalised(&self, #[Header("Idempotency-Key")] key: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn unknown(&self, #[serde(flatten)] message: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn header_without_name(&self, #[header] key: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn header_without_quotes(&self, #[header(Authorization)] key: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn header_in_a_constant(&self, #[header(header::IDEMPOTENCY_KEY)] key: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn header_by_name(&self, #[header(name = "Idempotency-Key")] key: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn query_with_a_key(&self, #[query("limit")] limit: u8) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn raw_without_type(&self, #[raw] text: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn body_with_equals(&self, #[body = "application/scim+json"] message: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn form_with_a_media_type(&self, #[form("text/plain")] message: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn two_of_them(&self, #[body] #[form] message: &str) -> Result<String>;
}

fn main() {}
