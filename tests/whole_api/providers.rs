//! Providers: the services that deliver messages.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY};

pub(crate) trait Providers: Transport {
    /// Lists the providers that the workspace has configured.
    #[endpoint(GET, "/providers?<cursor>", ok = 2xx)]
    async fn list(&self, cursor: Option<&str>) -> Result<Value>;

    /// Configures a provider.
    #[endpoint(POST, "/providers", ok = 2xx)]
    async fn create(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Lists all supported providers and the settings they need.
    #[endpoint(GET, "/providers/catalog?<channel>&<keys>&<name>", ok = 2xx)]
    async fn list_catalog(&self, channel: Option<&str>, keys: Option<&str>, name: Option<&str>) -> Result<Value>;

    /// Removes a provider's configuration.
    #[endpoint(DELETE, "/providers/<id>", ok = 2xx)]
    async fn delete(&self, id: &str) -> Result<()>;

    /// Returns a provider's configuration.
    #[endpoint(GET, "/providers/<id>", ok = 2xx)]
    async fn retrieve(&self, id: &str) -> Result<Value>;

    /// Changes part of a provider's configuration.
    #[endpoint(PATCH, "/providers/<id>", ok = 2xx)]
    async fn patch(&self, id: &str, #[body] body: Option<&Value>) -> Result<Value>;

    /// Replaces a provider's configuration.
    #[endpoint(PUT, "/providers/<id>", ok = 2xx)]
    async fn update(&self, id: &str, #[body] body: &Value) -> Result<Value>;
}
impl<T: Transport> Providers for T {}

pub(crate) fn declared(providers: &dyn Providers) -> Vec<Declared> {
    vec![
        Declared::new("providers.list", providers.list(Some("cursor"))).without(providers.list(None)),
        Declared::new("providers.create", providers.create(KEY, EXPIRATION, &BODY))
            .without(providers.create(None, None, &BODY)),
        Declared::new("providers.catalog.list", providers.list_catalog(Some("channel"), Some("keys"), Some("name")))
            .without(providers.list_catalog(None, None, None)),
        Declared::new("providers.delete", providers.delete("id")),
        Declared::new("providers.retrieve", providers.retrieve("id")),
        Declared::new("providers.patch", providers.patch("id", Some(&BODY))).without(providers.patch("id", None)),
        Declared::new("providers.update", providers.update("id", &BODY)),
    ]
}
