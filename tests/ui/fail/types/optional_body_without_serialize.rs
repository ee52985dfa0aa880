//! The body may be absent, and its type is not `Serialize`.
use courier_core::{Result, Transport, endpoint};

struct Draft;

trait Drafts: Transport {
    #[endpoint(POST, "/drafts", ok = 200)]
    async fn create(&self, #[body] draft: Option<Draft>) -> Result<String>;

    #[endpoint(PATCH, "/drafts", ok = 200)]
    async fn update(&self, #[form] draft: &Option<Draft>) -> Result<String>;
}

fn main() {}
