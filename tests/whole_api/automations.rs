//! Automations: templates of steps and their runs.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY};
use super::runs::{RUNS, RunFilter};

pub(crate) trait Automations: Transport {
    /// Lists the automation templates.
    #[endpoint(GET, "/automations?<cursor>&<version>", ok = 2xx)]
    async fn list(&self, cursor: Option<&str>, version: Option<&str>) -> Result<Value>;

    /// Runs an automation that the request defines.
    #[endpoint(POST, "/automations/invoke", ok = 200)]
    async fn invoke_ad_hoc(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;

    /// Lists the runs that match a filter.
    #[endpoint(GET, "/automations/runs", ok = 2xx)]
    async fn list_runs(&self, #[query] filter: &RunFilter<'_>) -> Result<Value>;

    /// Lists the steps of a run.
    #[endpoint(GET, "/automations/runs/<id>/steps", ok = 2xx)]
    async fn list_run_steps(&self, id: &str) -> Result<Value>;

    /// Runs a template for a recipient.
    #[endpoint(POST, "/automations/<template_id>/invoke", ok = 200)]
    async fn invoke(
        &self,
        template_id: &str,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;
}
impl<T: Transport> Automations for T {}

pub(crate) fn declared(automations: &dyn Automations) -> Vec<Declared> {
    vec![
        Declared::new("automations.list", automations.list(Some("cursor"), Some("version")))
            .without(automations.list(None, None)),
        Declared::new("automations.invoke.invoke_ad_hoc", automations.invoke_ad_hoc(KEY, EXPIRATION, &BODY))
            .without(automations.invoke_ad_hoc(None, None, &BODY)),
        Declared::new("automations.runs.list", automations.list_runs(&RUNS))
            .without(automations.list_runs(&RunFilter::default())),
        Declared::new("automations.runs.list_steps", automations.list_run_steps("id")),
        Declared::new(
            "automations.invoke.invoke_by_template",
            automations.invoke("template_id", KEY, EXPIRATION, &BODY),
        )
        .without(automations.invoke("template_id", None, None, &BODY)),
    ]
}
