//! A user's preferences, tenants and push tokens.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY, LIMIT};

pub(crate) trait Users: Transport {
    /// Returns a user's preferences, optionally within a tenant.
    #[endpoint(GET, "/users/<user_id>/preferences?<tenant_id>", ok = 200)]
    async fn retrieve_preferences(&self, user_id: &str, tenant_id: Option<&str>) -> Result<Value>;

    /// Changes a user's preferences for some topics.
    #[endpoint(POST, "/users/<user_id>/preferences?<tenant_id>", ok = 2xx)]
    async fn update_preferences(
        &self,
        user_id: &str,
        tenant_id: Option<&str>,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Replaces a user's preferences for all topics.
    #[endpoint(PUT, "/users/<user_id>/preferences?<tenant_id>", ok = 2xx)]
    async fn replace_preferences(&self, user_id: &str, tenant_id: Option<&str>, #[body] body: &Value) -> Result<Value>;

    /// Resets a user's preference for a topic to the default.
    #[endpoint(DELETE, "/users/<user_id>/preferences/<topic_id>?<tenant_id>", ok = 2xx)]
    async fn delete_topic_preference(&self, user_id: &str, topic_id: &str, tenant_id: Option<&str>) -> Result<()>;

    /// Returns a user's preference for a topic.
    #[endpoint(GET, "/users/<user_id>/preferences/<topic_id>?<tenant_id>", some = 200, none = 404)]
    async fn retrieve_topic_preference(
        &self,
        user_id: &str,
        topic_id: &str,
        tenant_id: Option<&str>,
    ) -> Result<Option<Value>>;

    /// Sets a user's preference for a topic.
    #[endpoint(PUT, "/users/<user_id>/preferences/<topic_id>?<tenant_id>", ok = 200)]
    async fn update_topic_preference(
        &self,
        user_id: &str,
        topic_id: &str,
        tenant_id: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Removes a user from all tenants.
    #[endpoint(DELETE, "/users/<user_id>/tenants", ok = 204)]
    async fn remove_from_all_tenants(&self, user_id: &str) -> Result<()>;

    /// Lists the tenants that a user belongs to.
    #[endpoint(GET, "/users/<user_id>/tenants?<cursor>&<limit>", ok = 2xx)]
    async fn list_tenants(&self, user_id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;

    /// Adds a user to several tenants.
    #[endpoint(PUT, "/users/<user_id>/tenants", ok = 2xx)]
    async fn add_to_tenants(&self, user_id: &str, #[body] body: &Value) -> Result<()>;

    /// Removes a user from a tenant.
    #[endpoint(DELETE, "/users/<user_id>/tenants/<tenant_id>", ok = 2xx)]
    async fn remove_from_tenant(&self, user_id: &str, tenant_id: &str) -> Result<()>;

    /// Adds a user to a tenant, optionally with a separate profile.
    #[endpoint(PUT, "/users/<user_id>/tenants/<tenant_id>", ok = 2xx)]
    async fn add_to_tenant(&self, user_id: &str, tenant_id: &str, #[body] body: Option<&Value>) -> Result<()>;

    /// Lists the push tokens of a user's devices.
    #[endpoint(GET, "/users/<user_id>/tokens", ok = 200)]
    async fn list_tokens(&self, user_id: &str) -> Result<Value>;

    /// Adds the tokens of all of a user's devices.
    #[endpoint(PUT, "/users/<user_id>/tokens", ok = 204)]
    async fn add_tokens(&self, user_id: &str) -> Result<()>;

    /// Deletes a token.
    #[endpoint(DELETE, "/users/<user_id>/tokens/<token>", ok = 2xx)]
    async fn delete_token(&self, user_id: &str, token: &str) -> Result<()>;

    /// Returns a token with its status.
    #[endpoint(GET, "/users/<user_id>/tokens/<token>", ok = 200)]
    async fn retrieve_token(&self, user_id: &str, token: &str) -> Result<Value>;

    /// Applies a JSON Patch (RFC 6902) to a token.
    #[endpoint(PATCH, "/users/<user_id>/tokens/<token>", ok = 204)]
    async fn update_token(&self, user_id: &str, token: &str, #[body] patch: &Value) -> Result<()>;

    /// Adds the token of one device.
    #[endpoint(PUT, "/users/<user_id>/tokens/<token>", ok = 204)]
    async fn add_token(&self, user_id: &str, token: &str, #[body] body: &Value) -> Result<()>;
}
impl<T: Transport> Users for T {}

pub(crate) fn declared(users: &dyn Users) -> Vec<Declared> {
    vec![
        Declared::new("users.preferences.retrieve", users.retrieve_preferences("user_id", Some("tenant_id")))
            .without(users.retrieve_preferences("user_id", None)),
        Declared::new(
            "users.preferences.bulk_update",
            users.update_preferences("user_id", Some("tenant_id"), KEY, EXPIRATION, &BODY),
        )
        .without(users.update_preferences("user_id", None, None, None, &BODY)),
        Declared::new("users.preferences.bulk_replace", users.replace_preferences("user_id", Some("tenant_id"), &BODY))
            .without(users.replace_preferences("user_id", None, &BODY)),
        Declared::new(
            "users.preferences.delete_topic",
            users.delete_topic_preference("user_id", "topic_id", Some("tenant_id")),
        )
        .without(users.delete_topic_preference("user_id", "topic_id", None)),
        Declared::new(
            "users.preferences.retrieve_topic",
            users.retrieve_topic_preference("user_id", "topic_id", Some("tenant_id")),
        )
        .without(users.retrieve_topic_preference("user_id", "topic_id", None)),
        Declared::new(
            "users.preferences.update_or_create_topic",
            users.update_topic_preference("user_id", "topic_id", Some("tenant_id"), &BODY),
        )
        .without(users.update_topic_preference("user_id", "topic_id", None, &BODY)),
        Declared::new("users.tenants.remove_all", users.remove_from_all_tenants("user_id")),
        Declared::new("users.tenants.list", users.list_tenants("user_id", Some("cursor"), LIMIT))
            .without(users.list_tenants("user_id", None, None)),
        Declared::new("users.tenants.add_multiple", users.add_to_tenants("user_id", &BODY)),
        Declared::new("users.tenants.remove_single", users.remove_from_tenant("user_id", "tenant_id")),
        Declared::new("users.tenants.add_single", users.add_to_tenant("user_id", "tenant_id", Some(&BODY)))
            .without(users.add_to_tenant("user_id", "tenant_id", None)),
        Declared::new("users.tokens.list", users.list_tokens("user_id")),
        Declared::new("users.tokens.add_multiple", users.add_tokens("user_id")),
        Declared::new("users.tokens.delete", users.delete_token("user_id", "token")),
        Declared::new("users.tokens.retrieve", users.retrieve_token("user_id", "token")),
        Declared::new("users.tokens.update", users.update_token("user_id", "token", &BODY)),
        Declared::new("users.tokens.add_single", users.add_token("user_id", "token", &BODY)),
    ]
}
