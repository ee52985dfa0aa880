//! Events from an application.

use courier_core::messages::Problem;
use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::{BODY, Declared};

pub(crate) trait Inbound: Transport {
    /// Reports what a user did, so that journeys can react. A repeated message id is a conflict.
    #[endpoint(POST, "/inbound/courier", ok = 202, err = 409)]
    async fn track_event(&self, #[body] event: &TrackedEvent<'_>) -> Result<Result<Value, Problem>>;
}
impl<T: Transport> Inbound for T {}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrackedEvent<'e> {
    /// Always `track`.
    #[serde(rename = "type")]
    kind: &'e str,
    event: &'e str,
    message_id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'e str>,
    properties: &'e Value,
}

static EVENT: TrackedEvent<'_> =
    TrackedEvent { kind: "type", event: "event", message_id: "messageId", user_id: Some("userId"), properties: &BODY };

pub(crate) fn declared(inbound: &dyn Inbound) -> Vec<Declared> {
    vec![
        Declared::new("inbound.track_event", inbound.track_event(&EVENT))
            .without(inbound.track_event(&TrackedEvent { user_id: None, ..EVENT })),
    ]
}
