//! The method and the template are missing, in another order, or in another form.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    // Nothing at all.
    #[endpoint()]
    async fn empty(&self) -> Result<String>;

    // Only the method.
    #[endpoint(GET)]
    async fn method_alone(&self) -> Result<String>;

    // No template.
    #[endpoint(GET, ok = 200)]
    async fn no_template(&self) -> Result<String>;

    // No method.
    #[endpoint("/messages", ok = 200)]
    async fn no_method(&self) -> Result<String>;

    // The template first.
    #[endpoint("/messages", GET, ok = 200)]
    async fn swapped(&self) -> Result<String>;

    // Both in one string.
    #[endpoint("GET /messages", ok = 200)]
    async fn one_string(&self) -> Result<String>;

    // The method as a function.
    #[endpoint(GET("/messages"), ok = 200)]
    async fn function(&self) -> Result<String>;

    // Both by name.
    #[endpoint(method = "GET", path = "/messages", ok = 200)]
    async fn by_name(&self) -> Result<String>;

    // A second template.
    #[endpoint(GET, "/messages", "/mail", ok = 200)]
    async fn two_templates(&self) -> Result<String>;
}

fn main() {}
