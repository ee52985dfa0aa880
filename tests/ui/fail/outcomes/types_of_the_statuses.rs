//! A type stands behind each status, as on an API's page.
use courier_core::{Result, Transport, endpoint};

struct Issue;
struct Problem;

enum Outcome {
    Ok(Issue),
    NotFound(Problem),
}

trait Api: Transport {
    #[endpoint(GET, "/issues", 200: Issue, 404: Problem, 5xx => Vec<Problem>)]
    async fn get(&self) -> Result<Outcome>;
}

fn main() {}
