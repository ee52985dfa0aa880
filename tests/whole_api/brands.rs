//! Brands: the logo, colors and snippets of messages.

use courier_core::messages::Problem;
use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY};

pub(crate) trait Brands: Transport {
    /// Lists the brands of the workspace.
    #[endpoint(GET, "/brands?<cursor>", ok = 200)]
    async fn list(&self, cursor: Option<&str>) -> Result<Value>;

    /// Creates a brand, unless its id is taken or the plan allows no more brands.
    #[endpoint(POST, "/brands", created = 200, payment_required = 402, conflict = 409)]
    async fn create(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<NewBrand>;

    /// Deletes a brand that is not in use.
    #[endpoint(DELETE, "/brands/<brand_id>", ok = 204, err = 409)]
    async fn delete(&self, brand_id: &str) -> Result<Result<(), Problem>>;

    /// Returns a brand with its settings and snippets.
    #[endpoint(GET, "/brands/<brand_id>", some = 200, none = 404)]
    async fn retrieve(&self, brand_id: &str) -> Result<Option<Value>>;

    /// Replaces a brand.
    #[endpoint(PUT, "/brands/<brand_id>", some = 200, none = 404)]
    async fn update(&self, brand_id: &str, #[body] body: &Value) -> Result<Option<Value>>;
}
impl<T: Transport> Brands for T {}

/// The result of creating a brand.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NewBrand {
    Created(Value),
    PaymentRequired(Problem),
    Conflict(Problem),
}

pub(crate) fn declared(brands: &dyn Brands) -> Vec<Declared> {
    vec![
        Declared::new("brands.list", brands.list(Some("cursor"))).without(brands.list(None)),
        Declared::new("brands.create", brands.create(KEY, EXPIRATION, &BODY)).without(brands.create(None, None, &BODY)),
        Declared::new("brands.delete", brands.delete("brand_id")),
        Declared::new("brands.retrieve", brands.retrieve("brand_id")),
        Declared::new("brands.update", brands.update("brand_id", &BODY)),
    ]
}
