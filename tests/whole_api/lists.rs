//! Lists and their subscribers.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY};
use super::outcomes::IfFound;

pub(crate) trait Lists: Transport {
    /// Returns the lists whose ids match a pattern, such as `example.list.*`.
    #[endpoint(GET, "/lists?<cursor>&<pattern>", ok = 200)]
    async fn list(&self, cursor: Option<&str>, pattern: Option<&str>) -> Result<Value>;

    /// Deletes a list. `restore` brings it back.
    #[endpoint(DELETE, "/lists/<list_id>", done = 204, not_found = 404)]
    async fn delete(&self, list_id: &str) -> Result<IfFound>;

    /// Returns a list.
    #[endpoint(GET, "/lists/<list_id>", some = 200, none = 404)]
    async fn retrieve(&self, list_id: &str) -> Result<Option<Value>>;

    /// Creates a list, or replaces its name and preferences.
    #[endpoint(PUT, "/lists/<list_id>", ok = 204)]
    async fn update(&self, list_id: &str, #[body] body: &Value) -> Result<()>;

    /// Restores a deleted list.
    #[endpoint(PUT, "/lists/<list_id>/restore", done = 204, not_found = 404)]
    async fn restore(&self, list_id: &str) -> Result<IfFound>;

    /// Lists the subscribers of a list.
    #[endpoint(GET, "/lists/<list_id>/subscriptions?<cursor>", some = 200, none = 404)]
    async fn list_subscriptions(&self, list_id: &str, cursor: Option<&str>) -> Result<Option<Value>>;

    /// Adds subscribers to a list.
    #[endpoint(POST, "/lists/<list_id>/subscriptions", ok = 2xx)]
    async fn add_subscriptions(
        &self,
        list_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<()>;

    /// Replaces the subscribers of a list.
    #[endpoint(PUT, "/lists/<list_id>/subscriptions", ok = 204)]
    async fn replace_subscriptions(&self, list_id: &str, #[body] body: &Value) -> Result<()>;

    /// Removes a user from a list.
    #[endpoint(DELETE, "/lists/<list_id>/subscriptions/<user_id>", done = 204, not_found = 404)]
    async fn unsubscribe(&self, list_id: &str, user_id: &str) -> Result<IfFound>;

    /// Adds a user to a list.
    #[endpoint(PUT, "/lists/<list_id>/subscriptions/<user_id>", ok = 204)]
    async fn subscribe(&self, list_id: &str, user_id: &str, #[body] body: Option<&Value>) -> Result<()>;
}
impl<T: Transport> Lists for T {}

pub(crate) fn declared(lists: &dyn Lists) -> Vec<Declared> {
    vec![
        Declared::new("lists.list", lists.list(Some("cursor"), Some("pattern"))).without(lists.list(None, None)),
        Declared::new("lists.delete", lists.delete("list_id")),
        Declared::new("lists.retrieve", lists.retrieve("list_id")),
        Declared::new("lists.update", lists.update("list_id", &BODY)),
        Declared::new("lists.restore", lists.restore("list_id")),
        Declared::new("lists.subscriptions.list", lists.list_subscriptions("list_id", Some("cursor")))
            .without(lists.list_subscriptions("list_id", None)),
        Declared::new("lists.subscriptions.add", lists.add_subscriptions("list_id", KEY, EXPIRATION, &BODY))
            .without(lists.add_subscriptions("list_id", None, None, &BODY)),
        Declared::new("lists.subscriptions.subscribe", lists.replace_subscriptions("list_id", &BODY)),
        Declared::new("lists.subscriptions.unsubscribe_user", lists.unsubscribe("list_id", "user_id")),
        Declared::new("lists.subscriptions.subscribe_user", lists.subscribe("list_id", "user_id", Some(&BODY)))
            .without(lists.subscribe("list_id", "user_id", None)),
    ]
}
