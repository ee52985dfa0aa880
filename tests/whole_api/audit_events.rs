//! Audit events: changes to the workspace.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::Declared;

pub(crate) trait AuditEvents: Transport {
    /// Lists the changes to the workspace and who made them.
    #[endpoint(GET, "/audit-events?<cursor>", ok = 200)]
    async fn list(&self, cursor: Option<&str>) -> Result<Value>;

    /// Returns one change.
    #[endpoint(GET, "/audit-events/<audit_event_id>", ok = 2xx)]
    async fn retrieve(&self, audit_event_id: &str) -> Result<Value>;
}
impl<T: Transport> AuditEvents for T {}

pub(crate) fn declared(audit_events: &dyn AuditEvents) -> Vec<Declared> {
    vec![
        Declared::new("audit_events.list", audit_events.list(Some("cursor"))).without(audit_events.list(None)),
        Declared::new("audit_events.retrieve", audit_events.retrieve("audit_event_id")),
    ]
}
