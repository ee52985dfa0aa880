//! Journeys: the steps that a user goes through, their runs and their templates.

use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY, LIMIT};
use super::runs::{RUNS, RunFilter};
use super::version::Version;

pub(crate) trait Journeys: Transport {
    /// Lists the journeys of the workspace.
    #[endpoint(GET, "/journeys?<cursor>&<version>", ok = 2xx)]
    async fn list(&self, cursor: Option<&str>, version: Option<&str>) -> Result<Value>;

    /// Creates a journey.
    #[endpoint(POST, "/journeys", ok = 2xx)]
    async fn create(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Cancels one run, or all runs with the same cancelation token.
    #[endpoint(POST, "/journeys/cancel", ok = 2xx)]
    async fn cancel(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] runs: &Runs<'_>,
    ) -> Result<Value>;

    /// Lists the runs that match a filter.
    #[endpoint(GET, "/journeys/runs", ok = 2xx)]
    async fn list_runs(&self, #[query] filter: &RunFilter<'_>) -> Result<Value>;

    /// Returns a run.
    #[endpoint(GET, "/journeys/runs/<run_id>", some = 2xx, none = 404)]
    async fn retrieve_run(&self, run_id: &str) -> Result<Option<Value>>;

    /// Lists the steps of a run.
    #[endpoint(GET, "/journeys/runs/<run_id>/steps", ok = 2xx)]
    async fn list_run_steps(&self, run_id: &str) -> Result<Value>;

    /// Archives a journey.
    #[endpoint(DELETE, "/journeys/<template_id>", ok = 2xx)]
    async fn archive(&self, template_id: &str) -> Result<()>;

    /// Returns a journey, in one version.
    #[endpoint(GET, "/journeys/<template_id>?<version>", ok = 2xx)]
    async fn retrieve(&self, template_id: &str, version: Option<&str>) -> Result<Value>;

    /// Replaces the draft of a journey.
    #[endpoint(PUT, "/journeys/<template_id>", ok = 2xx)]
    async fn replace(&self, template_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Starts a run for a user.
    #[endpoint(POST, "/journeys/<template_id>/invoke", ok = 2xx)]
    async fn invoke(
        &self,
        template_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: Option<&Value>,
    ) -> Result<Value>;

    /// Publishes the draft or an earlier version.
    #[endpoint(POST, "/journeys/<template_id>/publish", ok = 2xx)]
    async fn publish(
        &self,
        template_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] version: Option<&Version<'_>>,
    ) -> Result<Value>;

    /// Lists the notification templates of a journey.
    #[endpoint(GET, "/journeys/<template_id>/templates?<cursor>&<limit>", ok = 2xx)]
    async fn list_templates(&self, template_id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;

    /// Adds a template to a journey.
    #[endpoint(POST, "/journeys/<template_id>/templates", ok = 2xx)]
    async fn create_template(
        &self,
        template_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Archives a template.
    #[endpoint(DELETE, "/journeys/<template_id>/templates/<notification_id>", ok = 2xx)]
    async fn archive_template(&self, template_id: &str, notification_id: &str) -> Result<()>;

    /// Returns a template.
    #[endpoint(GET, "/journeys/<template_id>/templates/<notification_id>", ok = 2xx)]
    async fn retrieve_template(&self, template_id: &str, notification_id: &str) -> Result<Value>;

    /// Replaces the draft of a template.
    #[endpoint(PUT, "/journeys/<template_id>/templates/<notification_id>", ok = 2xx)]
    async fn replace_template(&self, template_id: &str, notification_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Returns the content of a template, in one version.
    #[endpoint(GET, "/journeys/<template_id>/templates/<notification_id>/content?<version>", ok = 2xx)]
    async fn retrieve_template_content(
        &self,
        template_id: &str,
        notification_id: &str,
        version: Option<&str>,
    ) -> Result<Value>;

    /// Replaces the content of a template.
    #[endpoint(PUT, "/journeys/<template_id>/templates/<notification_id>/content", ok = 2xx)]
    async fn put_template_content(
        &self,
        template_id: &str,
        notification_id: &str,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Replaces the content of a template in one language.
    #[endpoint(PUT, "/journeys/<template_id>/templates/<notification_id>/locales/<locale_id>", ok = 2xx)]
    async fn put_template_locale(
        &self,
        template_id: &str,
        notification_id: &str,
        locale_id: &str,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Publishes the draft of a template or an earlier version.
    #[endpoint(POST, "/journeys/<template_id>/templates/<notification_id>/publish", ok = 2xx)]
    async fn publish_template(
        &self,
        template_id: &str,
        notification_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] version: Option<&Version<'_>>,
    ) -> Result<()>;

    /// Lists the published versions of a template.
    #[endpoint(GET, "/journeys/<template_id>/templates/<notification_id>/versions", ok = 2xx)]
    async fn list_template_versions(&self, template_id: &str, notification_id: &str) -> Result<Value>;

    /// Lists the published versions of a journey.
    #[endpoint(GET, "/journeys/<template_id>/versions", ok = 2xx)]
    async fn list_versions(&self, template_id: &str) -> Result<Value>;
}
impl<T: Transport> Journeys for T {}

/// The runs to cancel: one, or all runs with the same token.
#[derive(Default, Serialize)]
pub(crate) struct Runs<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelation_token: Option<&'r str>,
}

const VERSION: Option<&Version<'_>> = Some(&Version { version: "version" });

pub(crate) fn declared(journeys: &dyn Journeys) -> Vec<Declared> {
    vec![
        Declared::new("journeys.list", journeys.list(Some("cursor"), Some("version")))
            .without(journeys.list(None, None)),
        Declared::new("journeys.create", journeys.create(KEY, EXPIRATION, &BODY))
            .without(journeys.create(None, None, &BODY)),
        Declared::new(
            "journeys.cancel",
            journeys.cancel(
                KEY,
                EXPIRATION,
                &Runs { run_id: Some("run_id"), cancelation_token: Some("cancelation_token") },
            ),
        )
        .without(journeys.cancel(None, None, &Runs::default())),
        Declared::new("journeys.runs.list", journeys.list_runs(&RUNS))
            .without(journeys.list_runs(&RunFilter::default())),
        Declared::new("journeys.runs.retrieve", journeys.retrieve_run("run_id")),
        Declared::new("journeys.runs.list_steps", journeys.list_run_steps("run_id")),
        Declared::new("journeys.archive", journeys.archive("template_id")),
        Declared::new("journeys.retrieve", journeys.retrieve("template_id", Some("version")))
            .without(journeys.retrieve("template_id", None)),
        Declared::new("journeys.replace", journeys.replace("template_id", &BODY)),
        Declared::new("journeys.invoke", journeys.invoke("template_id", KEY, EXPIRATION, Some(&BODY)))
            .without(journeys.invoke("template_id", None, None, None)),
        Declared::new("journeys.publish", journeys.publish("template_id", KEY, EXPIRATION, VERSION))
            .without(journeys.publish("template_id", None, None, None)),
        Declared::new("journeys.templates.list", journeys.list_templates("template_id", Some("cursor"), LIMIT))
            .without(journeys.list_templates("template_id", None, None)),
        Declared::new("journeys.templates.create", journeys.create_template("template_id", KEY, EXPIRATION, &BODY))
            .without(journeys.create_template("template_id", None, None, &BODY)),
        Declared::new("journeys.templates.archive", journeys.archive_template("template_id", "notification_id")),
        Declared::new("journeys.templates.retrieve", journeys.retrieve_template("template_id", "notification_id")),
        Declared::new("journeys.templates.replace", journeys.replace_template("template_id", "notification_id", &BODY)),
        Declared::new(
            "journeys.templates.retrieve_content",
            journeys.retrieve_template_content("template_id", "notification_id", Some("version")),
        )
        .without(journeys.retrieve_template_content("template_id", "notification_id", None)),
        Declared::new(
            "journeys.templates.put_content",
            journeys.put_template_content("template_id", "notification_id", &BODY),
        ),
        Declared::new(
            "journeys.templates.put_locale",
            journeys.put_template_locale("template_id", "notification_id", "locale_id", &BODY),
        ),
        Declared::new(
            "journeys.templates.publish",
            journeys.publish_template("template_id", "notification_id", KEY, EXPIRATION, VERSION),
        )
        .without(journeys.publish_template("template_id", "notification_id", None, None, None)),
        Declared::new(
            "journeys.templates.list_versions",
            journeys.list_template_versions("template_id", "notification_id"),
        ),
        Declared::new("journeys.list_versions", journeys.list_versions("template_id")),
    ]
}
