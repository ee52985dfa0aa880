//! The preference page: sections, topics and digests.

use courier_core::messages::Problem;
use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY, LIMIT};

pub(crate) trait WorkspacePreferences: Transport {
    /// Lists the changes to preferences and who made them.
    #[endpoint(GET, "/preferences/logs?<cursor>&<limit>&<since>&<tenant_id>&<user_id>", ok = 2xx)]
    async fn list_logs(
        &self,
        cursor: Option<&str>,
        limit: Option<u32>,
        since: Option<&str>,
        tenant_id: Option<&str>,
        user_id: Option<&str>,
    ) -> Result<Value>;

    /// Publishes the preference page.
    #[endpoint(POST, "/preferences/publish", ok = 2xx)]
    async fn publish(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] page: Option<&Page<'_>>,
    ) -> Result<Value>;

    /// Lists the sections of the preference page.
    #[endpoint(GET, "/preferences/sections", ok = 2xx)]
    async fn list(&self) -> Result<Value>;

    /// Creates a section.
    #[endpoint(POST, "/preferences/sections", ok = 2xx)]
    async fn create(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] section: &Section<'_>,
    ) -> Result<Value>;

    /// Archives a section that has no topics left.
    #[endpoint(DELETE, "/preferences/sections/<section_id>", ok = 2xx, err = 409)]
    async fn archive(&self, section_id: &str) -> Result<Result<(), Problem>>;

    /// Returns a section.
    #[endpoint(GET, "/preferences/sections/<section_id>", ok = 2xx)]
    async fn retrieve(&self, section_id: &str) -> Result<Value>;

    /// Replaces a section.
    #[endpoint(PUT, "/preferences/sections/<section_id>", ok = 2xx)]
    async fn replace(&self, section_id: &str, #[body] section: &Section<'_>) -> Result<Value>;

    /// Lists the topics of a section.
    #[endpoint(GET, "/preferences/sections/<section_id>/topics", ok = 2xx)]
    async fn list_topics(&self, section_id: &str) -> Result<Value>;

    /// Adds a topic to a section.
    #[endpoint(POST, "/preferences/sections/<section_id>/topics", ok = 2xx)]
    async fn create_topic(
        &self,
        section_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Archives a topic.
    #[endpoint(DELETE, "/preferences/sections/<section_id>/topics/<topic_id>", ok = 2xx)]
    async fn archive_topic(&self, section_id: &str, topic_id: &str) -> Result<()>;

    /// Returns a topic.
    #[endpoint(GET, "/preferences/sections/<section_id>/topics/<topic_id>", ok = 2xx)]
    async fn retrieve_topic(&self, section_id: &str, topic_id: &str) -> Result<Value>;

    /// Replaces a topic.
    #[endpoint(PUT, "/preferences/sections/<section_id>/topics/<topic_id>", some = 2xx, none = 404)]
    async fn replace_topic(&self, section_id: &str, topic_id: &str, #[body] body: &Value) -> Result<Option<Value>>;

    /// Deletes the digest of a topic.
    #[endpoint(DELETE, "/preferences/sections/<section_id>/topics/<topic_id>/digest", ok = 2xx)]
    async fn delete_digest(&self, section_id: &str, topic_id: &str) -> Result<()>;

    /// Sends what a topic's digest has collected for a user, ahead of time.
    #[endpoint(POST, "/preferences/sections/<section_id>/topics/<topic_id>/digest/release", ok = 2xx)]
    async fn release_digest(&self, section_id: &str, topic_id: &str, #[body] user: &DigestUser<'_>) -> Result<()>;
}
impl<T: Transport> WorkspacePreferences for T {}

#[derive(Serialize)]
pub(crate) struct Page<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    brand_id: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<&'p str>,
}

#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Section<'s> {
    name: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_custom_routing: Option<bool>,
    /// Channels: `email`, `push`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    routing_options: Option<&'s [&'s str]>,
}

#[derive(Serialize)]
pub(crate) struct DigestUser<'u> {
    user_id: &'u str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<&'u str>,
}

const SECTION: Section<'_> = Section {
    name: "name",
    description: Some("description"),
    has_custom_routing: Some(true),
    routing_options: Some(&["routing_options"]),
};

pub(crate) fn declared(preferences: &dyn WorkspacePreferences) -> Vec<Declared> {
    vec![
        Declared::new(
            "workspace_preferences.list_logs",
            preferences.list_logs(Some("cursor"), LIMIT, Some("since"), Some("tenant_id"), Some("user_id")),
        )
        .without(preferences.list_logs(None, None, None, None, None)),
        Declared::new(
            "workspace_preferences.publish",
            preferences.publish(
                KEY,
                EXPIRATION,
                Some(&Page { brand_id: Some("brand_id"), description: Some("description"), heading: Some("heading") }),
            ),
        )
        .without(preferences.publish(None, None, None)),
        Declared::new("workspace_preferences.list", preferences.list()),
        Declared::new("workspace_preferences.create", preferences.create(KEY, EXPIRATION, &SECTION))
            .without(preferences.create(None, None, &Section { name: "name", ..Section::default() })),
        Declared::new("workspace_preferences.archive", preferences.archive("section_id")),
        Declared::new("workspace_preferences.retrieve", preferences.retrieve("section_id")),
        Declared::new("workspace_preferences.replace", preferences.replace("section_id", &SECTION))
            .without(preferences.replace("section_id", &Section { name: "name", ..Section::default() })),
        Declared::new("workspace_preferences.topics.list", preferences.list_topics("section_id")),
        Declared::new(
            "workspace_preferences.topics.create",
            preferences.create_topic("section_id", KEY, EXPIRATION, &BODY),
        )
        .without(preferences.create_topic("section_id", None, None, &BODY)),
        Declared::new("workspace_preferences.topics.archive", preferences.archive_topic("section_id", "topic_id")),
        Declared::new("workspace_preferences.topics.retrieve", preferences.retrieve_topic("section_id", "topic_id")),
        Declared::new(
            "workspace_preferences.topics.replace",
            preferences.replace_topic("section_id", "topic_id", &BODY),
        ),
        Declared::new(
            "workspace_preferences.topics.delete_digest",
            preferences.delete_digest("section_id", "topic_id"),
        ),
        Declared::new(
            "workspace_preferences.topics.release_digest",
            preferences.release_digest(
                "section_id",
                "topic_id",
                &DigestUser { user_id: "user_id", tenant_id: Some("tenant_id") },
            ),
        )
        .without(preferences.release_digest(
            "section_id",
            "topic_id",
            &DigestUser { user_id: "user_id", tenant_id: None },
        )),
    ]
}
