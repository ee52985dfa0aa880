//! Notification templates: content, versions, previews and checks.

use courier_core::messages::Problem;
use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY, LIMIT};
use super::version::Version;

pub(crate) trait Notifications: Transport {
    /// Lists the notification templates of the workspace.
    #[endpoint(GET, "/notifications?<cursor>&<event_id>&<notes>&<tags>", ok = 200)]
    async fn list(
        &self,
        cursor: Option<&str>,
        event_id: Option<&str>,
        notes: Option<bool>,
        tags: Option<&str>,
    ) -> Result<Value>;

    /// Creates a template.
    #[endpoint(POST, "/notifications", ok = 2xx)]
    async fn create(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Archives a template.
    #[endpoint(DELETE, "/notifications/<id>", ok = 2xx)]
    async fn archive(&self, id: &str) -> Result<()>;

    /// Returns a template, in one version.
    #[endpoint(GET, "/notifications/<id>?<version>", ok = 2xx)]
    async fn retrieve(&self, id: &str, version: Option<&str>) -> Result<Value>;

    /// Replaces a template.
    #[endpoint(PUT, "/notifications/<id>", ok = 2xx)]
    async fn replace(&self, id: &str, #[body] body: &Value) -> Result<Value>;

    /// Returns the content of a template, in one version.
    #[endpoint(GET, "/notifications/<id>/content?<version>", ok = 2xx)]
    async fn retrieve_content(&self, id: &str, version: Option<&str>) -> Result<Value>;

    /// Replaces the content of a template.
    #[endpoint(PUT, "/notifications/<id>/content", ok = 2xx)]
    async fn put_content(&self, id: &str, #[body] body: &Value) -> Result<Value>;

    /// Replaces one element of a template.
    #[endpoint(PUT, "/notifications/<id>/elements/<element_id>", ok = 2xx)]
    async fn put_element(&self, id: &str, element_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Replaces the content of a template in one language.
    #[endpoint(PUT, "/notifications/<id>/locales/<locale_id>", ok = 2xx)]
    async fn put_locale(&self, id: &str, locale_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Counts the messages of a template that were sent, opened or clicked, per hour or longer period.
    #[endpoint(GET, "/notifications/<id>/metrics?<end>&<granularity>&<lookback>&<start>", some = 200, none = 404)]
    async fn metrics(
        &self,
        id: &str,
        end: Option<&str>,
        granularity: Option<&str>,
        lookback: Option<&str>,
        start: Option<&str>,
    ) -> Result<Option<Value>>;

    /// Lists the previews of a template.
    #[endpoint(GET, "/notifications/<id>/previews/runs?<cursor>&<limit>", some = 2xx, none = 404)]
    async fn list_preview_runs(&self, id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Option<Value>>;

    /// Renders a template on a set of devices.
    #[endpoint(POST, "/notifications/<id>/previews/runs", started = 2xx, payment_required = 402, not_found = 404, unprocessable = 422)]
    async fn create_preview_run(
        &self,
        id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: Option<&Value>,
    ) -> Result<NewPreviewRun>;

    /// Returns a preview with its images.
    #[endpoint(GET, "/notifications/<id>/previews/runs/<preview_run_id>", some = 2xx, none = 404)]
    async fn retrieve_preview_run(&self, id: &str, preview_run_id: &str) -> Result<Option<Value>>;

    /// Publishes the draft of a template or an earlier version.
    #[endpoint(POST, "/notifications/<id>/publish", ok = 2xx)]
    async fn publish(
        &self,
        id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] version: Option<&Version<'_>>,
    ) -> Result<()>;

    /// Lists the published versions of a template.
    #[endpoint(GET, "/notifications/<id>/versions?<cursor>&<limit>", ok = 2xx)]
    async fn list_versions(&self, id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;

    /// Withdraws the checks of a submission.
    #[endpoint(DELETE, "/notifications/<id>/<submission_id>/checks", ok = 204)]
    async fn delete_checks(&self, id: &str, submission_id: &str) -> Result<()>;

    /// Lists the checks of a submission.
    #[endpoint(GET, "/notifications/<id>/<submission_id>/checks", ok = 2xx)]
    async fn list_checks(&self, id: &str, submission_id: &str) -> Result<Value>;

    /// Updates the checks of a submission.
    #[endpoint(PUT, "/notifications/<id>/<submission_id>/checks", ok = 2xx)]
    async fn update_checks(&self, id: &str, submission_id: &str, #[body] body: &Value) -> Result<Value>;
}
impl<T: Transport> Notifications for T {}

/// The result of starting a preview.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NewPreviewRun {
    Started(Value),
    PaymentRequired(Problem),
    NotFound,
    Unprocessable(Problem),
}

const VERSION: Option<&Version<'_>> = Some(&Version { version: "version" });

pub(crate) fn declared(notifications: &dyn Notifications) -> Vec<Declared> {
    vec![
        Declared::new(
            "notifications.list",
            notifications.list(Some("cursor"), Some("event_id"), Some(true), Some("tags")),
        )
        .without(notifications.list(None, None, None, None)),
        Declared::new("notifications.create", notifications.create(KEY, EXPIRATION, &BODY))
            .without(notifications.create(None, None, &BODY)),
        Declared::new("notifications.archive", notifications.archive("id")),
        Declared::new("notifications.retrieve", notifications.retrieve("id", Some("version")))
            .without(notifications.retrieve("id", None)),
        Declared::new("notifications.replace", notifications.replace("id", &BODY)),
        Declared::new("notifications.retrieve_content", notifications.retrieve_content("id", Some("version")))
            .without(notifications.retrieve_content("id", None)),
        Declared::new("notifications.put_content", notifications.put_content("id", &BODY)),
        Declared::new("notifications.put_element", notifications.put_element("id", "element_id", &BODY)),
        Declared::new("notifications.put_locale", notifications.put_locale("id", "locale_id", &BODY)),
        Declared::new(
            "notifications.get_metrics",
            notifications.metrics("id", Some("end"), Some("granularity"), Some("lookback"), Some("start")),
        )
        .without(notifications.metrics("id", None, None, None, None)),
        Declared::new("notifications.previews.runs.list", notifications.list_preview_runs("id", Some("cursor"), LIMIT))
            .without(notifications.list_preview_runs("id", None, None)),
        Declared::new(
            "notifications.previews.runs.create",
            notifications.create_preview_run("id", KEY, EXPIRATION, Some(&BODY)),
        )
        .without(notifications.create_preview_run("id", None, None, None)),
        Declared::new(
            "notifications.previews.runs.retrieve",
            notifications.retrieve_preview_run("id", "preview_run_id"),
        ),
        Declared::new("notifications.publish", notifications.publish("id", KEY, EXPIRATION, VERSION))
            .without(notifications.publish("id", None, None, None)),
        Declared::new("notifications.list_versions", notifications.list_versions("id", Some("cursor"), LIMIT))
            .without(notifications.list_versions("id", None, None)),
        Declared::new("notifications.checks.delete", notifications.delete_checks("id", "submission_id")),
        Declared::new("notifications.checks.list", notifications.list_checks("id", "submission_id")),
        Declared::new("notifications.checks.update", notifications.update_checks("id", "submission_id", &BODY)),
    ]
}
