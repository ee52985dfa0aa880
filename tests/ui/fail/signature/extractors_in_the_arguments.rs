//! The arguments are extractors, as a server's handler has them.
use courier_core::{Result, Transport, endpoint};

struct Page;
struct Note;
struct Path<T>(T);
struct Query<T>(T);
struct Json<T>(T);

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, Path((id, part)): Path<(u64, String)>, Query(page): Query<Page>, Json(note): Json<Note>) -> Result<String>;
}

fn main() {}
