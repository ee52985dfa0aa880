//! An outcome or its status is written in another way.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok => 200)]
    async fn arrow(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok: 200)]
    async fn colon(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok == 200)]
    async fn two_equals_signs(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok(200))]
    async fn brackets(&self) -> Result<String>;

    #[endpoint(GET, "/messages", "ok" = 200)]
    async fn name_in_quotes(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = "200")]
    async fn status_in_quotes(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = StatusCode::OK)]
    async fn constant(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = FOUND)]
    async fn unknown_constant(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200 || 202)]
    async fn two_pipes(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = [200, 202])]
    async fn list(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200..=299)]
    async fn range(&self) -> Result<String>;

    #[endpoint(GET, "/messages", 200 = ok)]
    async fn status_first(&self) -> Result<String>;

    #[endpoint(GET, "/messages", 200 => ok, 404 => NotFound)]
    async fn match_arms(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, not-found = 404)]
    async fn hyphen(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, Outcome::NotFound = 404)]
    async fn variant(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, NotFound(Problem) = 404)]
    async fn variant_with_its_field(&self) -> Result<String>;

    // As rustc proposes it for a variant with fields.
    #[endpoint(GET, "/messages", ok = 200, not_found { message: /* value */ } = 404)]
    async fn variant_with_fields(&self) -> Result<String>;

    #[endpoint(GET, "/messages", 200: Issue, 404: Problem, 5xx => Vec<Problem>)]
    async fn types_of_the_statuses(&self) -> Result<String>;

    // What is missing.
    #[endpoint(GET, "/messages", ok =)]
    async fn no_status(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok)]
    async fn name_alone(&self) -> Result<String>;

    #[endpoint(GET, "/messages", 200)]
    async fn status_alone(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200 | 202, 201)]
    async fn another_status_alone(&self) -> Result<String>;

    #[endpoint(GET, "/messages")]
    async fn nothing(&self) -> Result<String>;
}

fn main() {}
