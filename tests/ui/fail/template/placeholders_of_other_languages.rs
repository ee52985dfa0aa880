//! Placeholders are written as in a router's files, in Ruby, and as a field.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/a/[id]/#{part}/<m.id>?[page]&size=#{size}", ok = 200)]
    async fn get(&self, id: u64, part: u64, page: u32, size: u32) -> Result<String>;
}

fn main() {}
