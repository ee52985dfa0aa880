//! The trait isn't a transport, or has no `impl` for one.
use courier_core::{MemoryTransport, Result, Transport, endpoint};

trait NoTransport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

trait NoBlockingTransport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> Result<String>;
}

trait Books: Transport {
    #[endpoint(GET, "/books/<isbn>", ok = 200)]
    async fn find_by_isbn(&self, isbn: &str) -> Result<String>;
}

async fn show(transport: &MemoryTransport) {
    let _ = transport.find_by_isbn("1").await;
}

fn main() {}
