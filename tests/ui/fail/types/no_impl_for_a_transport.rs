//! The trait of endpoints is declared, but implemented for no transport.
use courier_core::{Courier, Result, Transport, endpoint};

trait Books: Transport {
    #[endpoint(GET, "/books/<isbn>", ok = 200)]
    async fn find_by_isbn(&self, isbn: &str) -> Result<String>;
}

async fn show(courier: &Courier) {
    let _ = courier.find_by_isbn("1").await;
}

fn main() {
    let _ = show;
}
