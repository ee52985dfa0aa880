//! A fixed header is written in another way, or can't be sent.
use courier_core::{Result, Transport, endpoint};

const VERSION: &str = "2";

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("api-version"))]
    async fn without_value(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("api-version": "2"))]
    async fn colon(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("api-version", "2"))]
    async fn comma(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header(api_version = "2"))]
    async fn name_without_quotes(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("api-version" = 2))]
    async fn number(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("api-version" = crate::VERSION))]
    async fn constant(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("api-version: 2"))]
    async fn as_on_the_wire(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, headers("api-version" = "2"))]
    async fn plural(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header = "api-version: 2")]
    async fn by_name(&self) -> Result<String>;

    // What can't be sent.
    #[endpoint(GET, "/messages", ok = 200, header("api-version" = "2\n"))]
    async fn line_break(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("api-version" = "2 "))]
    async fn space_at_the_end(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("Api Version" = "2"))]
    async fn space_in_the_name(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, header("Host" = "api.courier.com"))]
    async fn framing(&self) -> Result<String>;

    // The same header twice.
    #[endpoint(GET, "/messages", ok = 200, header("X-Key" = "1"), header("x-key" = "2"))]
    async fn twice(&self) -> Result<String>;
}

fn main() {}
