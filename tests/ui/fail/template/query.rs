//! The query isn't pairs that are fixed or have a placeholder.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?<cursor>?<limit>", ok = 200)]
    async fn two_question_marks(&self, cursor: &str, limit: u8) -> Result<String>;

    #[endpoint(GET, "/messages?<cursor>&", ok = 200)]
    async fn empty_pair(&self, cursor: &str) -> Result<String>;

    #[endpoint(GET, "/messages?status=is-<status>", ok = 200)]
    async fn part_of_a_value(&self, status: &str) -> Result<String>;

    #[endpoint(GET, "/messages?=<id>", ok = 200)]
    async fn no_key(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages?{cursor}&messageId={id}", ok = 200)]
    async fn braces(&self, cursor: &str, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages?messageId=:id", ok = 200)]
    async fn colon(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages?<cursor>/<id>", ok = 200)]
    async fn path_after_it(&self, cursor: &str, id: &str) -> Result<String>;

    #[endpoint(GET, "/messages?filter%5Bstatus%5D=<status>", ok = 200)]
    async fn encoded_key(&self, status: &str) -> Result<String>;

    #[endpoint(GET, "/messages?<ids:coma>&<tags:semicolon>", ok = 200)]
    async fn style(&self, ids: &[u8], tags: &[u8]) -> Result<String>;

    #[endpoint(GET, "/messages?name='Ada'", ok = 200)]
    async fn character(&self) -> Result<String>;
}

fn main() {}
