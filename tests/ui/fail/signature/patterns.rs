//! An argument is a pattern, as axum has it or otherwise.
use courier_core::{Result, Transport, endpoint};

struct Id {
    id: u64,
}

struct Page;

struct Path<T>(T);

struct Query<T>(T);

struct Json<T>(T);

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn mutable(&self, mut id: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn unnamed(&self, _: &str) -> Result<String>;

    #[endpoint(GET, "/messages/<id>/<part>", ok = 200)]
    async fn tuple(&self, (id, part): (&str, &str)) -> Result<String>;

    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn structure(&self, Id { id }: Id) -> Result<String>;

    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn path(&self, Path(id): Path<u64>) -> Result<String>;

    #[endpoint(GET, "/messages/<id>/<part>", ok = 200)]
    async fn path_of_two(&self, Path((id, part)): Path<(u64, String)>) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200)]
    async fn query(&self, Query(page): Query<Page>) -> Result<String>;

    #[endpoint(POST, "/messages", ok = 200)]
    async fn json(&self, Json(page): Json<Page>) -> Result<String>;
}

fn main() {}
