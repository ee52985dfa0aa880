//! Profiles: how to reach a user, and the user's lists.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY};

pub(crate) trait Profiles: Transport {
    /// Deletes a user's profile.
    #[endpoint(DELETE, "/profiles/<user_id>", ok = 200)]
    async fn delete(&self, user_id: &str) -> Result<()>;

    /// Returns a user's profile.
    #[endpoint(GET, "/profiles/<user_id>", ok = 200)]
    async fn retrieve(&self, user_id: &str) -> Result<Value>;

    /// Applies a JSON Patch (RFC 6902) to a profile.
    #[endpoint(PATCH, "/profiles/<user_id>", ok = 200)]
    async fn update(&self, user_id: &str, #[body] patch: &Value) -> Result<()>;

    /// Merges values into a profile.
    #[endpoint(POST, "/profiles/<user_id>", ok = 200)]
    async fn create(
        &self,
        user_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Replaces a profile.
    #[endpoint(PUT, "/profiles/<user_id>", ok = 200)]
    async fn replace(&self, user_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Removes a user from all lists. The response may be empty.
    #[endpoint(DELETE, "/profiles/<user_id>/lists", some = 200, none = 204)]
    async fn unsubscribe(&self, user_id: &str) -> Result<Option<Value>>;

    /// Returns the lists that a user is on.
    #[endpoint(GET, "/profiles/<user_id>/lists?<cursor>", ok = 200)]
    async fn list_subscriptions(&self, user_id: &str, cursor: Option<&str>) -> Result<Value>;

    /// Adds a user to lists. The response may be empty.
    #[endpoint(POST, "/profiles/<user_id>/lists", some = 200, none = 204)]
    async fn subscribe(
        &self,
        user_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Option<Value>>;
}
impl<T: Transport> Profiles for T {}

pub(crate) fn declared(profiles: &dyn Profiles) -> Vec<Declared> {
    vec![
        Declared::new("profiles.delete", profiles.delete("user_id")),
        Declared::new("profiles.retrieve", profiles.retrieve("user_id")),
        Declared::new("profiles.update", profiles.update("user_id", &BODY)),
        Declared::new("profiles.create", profiles.create("user_id", KEY, EXPIRATION, &BODY))
            .without(profiles.create("user_id", None, None, &BODY)),
        Declared::new("profiles.replace", profiles.replace("user_id", &BODY)),
        Declared::new("profiles.lists.delete", profiles.unsubscribe("user_id")),
        Declared::new("profiles.lists.retrieve", profiles.list_subscriptions("user_id", Some("cursor")))
            .without(profiles.list_subscriptions("user_id", None)),
        Declared::new("profiles.lists.subscribe", profiles.subscribe("user_id", KEY, EXPIRATION, &BODY))
            .without(profiles.subscribe("user_id", None, None, &BODY)),
    ]
}
