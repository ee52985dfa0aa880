//! The attribute doesn't say that courier-core has another name.
use post::{MemoryTransport, Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?<cursor>", ok = 200)]
    async fn list(&self, cursor: Option<&str>) -> Result<String>;

    #[endpoint(PUT, "/messages/<id>", some = 200, none = 404)]
    async fn put(&self, id: u64, #[body] message: &str) -> Result<Option<String>>;
}

impl Api for MemoryTransport {}

/// What uses the method has no errors of its own.
async fn used(transport: &MemoryTransport) -> Result<String> {
    let _ = MemoryTransport::list_endpoint();
    transport.list(None).max_attempts(1).await
}

fn main() {
    let _ = used;
}
