//! Routing strategies: which channels to use, in which order.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY, LIMIT};

pub(crate) trait RoutingStrategies: Transport {
    /// Lists the routing strategies of the workspace.
    #[endpoint(GET, "/routing-strategies?<cursor>&<limit>", ok = 2xx)]
    async fn list(&self, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;

    /// Creates a strategy.
    #[endpoint(POST, "/routing-strategies", ok = 2xx)]
    async fn create(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Archives a strategy.
    #[endpoint(DELETE, "/routing-strategies/<id>", ok = 2xx)]
    async fn archive(&self, id: &str) -> Result<()>;

    /// Returns a strategy.
    #[endpoint(GET, "/routing-strategies/<id>", ok = 2xx)]
    async fn retrieve(&self, id: &str) -> Result<Value>;

    /// Replaces a strategy.
    #[endpoint(PUT, "/routing-strategies/<id>", ok = 2xx)]
    async fn replace(&self, id: &str, #[body] body: &Value) -> Result<Value>;

    /// Lists the notification templates that a strategy routes.
    #[endpoint(GET, "/routing-strategies/<id>/notifications?<cursor>&<limit>", ok = 2xx)]
    async fn list_notifications(&self, id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;
}
impl<T: Transport> RoutingStrategies for T {}

pub(crate) fn declared(routing_strategies: &dyn RoutingStrategies) -> Vec<Declared> {
    vec![
        Declared::new("routing_strategies.list", routing_strategies.list(Some("cursor"), LIMIT))
            .without(routing_strategies.list(None, None)),
        Declared::new("routing_strategies.create", routing_strategies.create(KEY, EXPIRATION, &BODY))
            .without(routing_strategies.create(None, None, &BODY)),
        Declared::new("routing_strategies.archive", routing_strategies.archive("id")),
        Declared::new("routing_strategies.retrieve", routing_strategies.retrieve("id")),
        Declared::new("routing_strategies.replace", routing_strategies.replace("id", &BODY)),
        Declared::new(
            "routing_strategies.list_notifications",
            routing_strategies.list_notifications("id", Some("cursor"), LIMIT),
        )
        .without(routing_strategies.list_notifications("id", None, None)),
    ]
}
