//! A header or a body can't be sent, or is given twice.
use courier_core::{Multipart, Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn header_name(&self, #[header("Idempotency Key")] key: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn framing(&self, #[header("Content-Length")] length: u64) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn header_twice(&self, #[header("X-Key")] first: &str, #[header("x-key")] second: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn media_type(&self, #[raw("markdown")] text: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn space_at_the_end(&self, #[raw("text/markdown ")] text: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn control_character(&self, #[body("application/json; \n")] message: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn media_type_of_a_multipart(&self, #[header("content-type")] kind: &str, #[multipart] form: &Multipart) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn two_bodies(&self, #[body] message: &str, #[form] options: &[(&str, &str)]) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn body_of_a_get(&self, #[body] filter: &str) -> Result<String>;

    #[endpoint(HEAD, "/messages", ok = 200)]
    async fn body_of_a_head(&self, #[form] filter: &[(&str, &str)]) -> Result<()>;

    // In some builds only.
    #[endpoint(POST, "/messages", ok = 200)]
    async fn under_cfg(&self, #[cfg(debug_assertions)] #[header("traceparent")] trace: &str) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn under_cfg_attr(&self, #[cfg_attr(debug_assertions, header("traceparent"))] trace: &str) -> Result<String>;
}

fn main() {}
