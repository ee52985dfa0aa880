//! Broadcasts: one message to a list or an audience.

use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::{BODY, Declared, LIMIT};

pub(crate) trait Broadcasts: Transport {
    /// Lists the broadcasts of the workspace.
    #[endpoint(GET, "/broadcasts?<cursor>&<limit>", ok = 2xx)]
    async fn list(&self, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;

    /// Creates a broadcast for one channel.
    #[endpoint(POST, "/broadcasts", ok = 2xx)]
    async fn create(&self, #[body] broadcast: &NewBroadcast<'_>) -> Result<Value>;

    /// Archives a broadcast.
    #[endpoint(DELETE, "/broadcasts/<broadcast_id>", ok = 2xx)]
    async fn archive(&self, broadcast_id: &str) -> Result<Value>;

    /// Returns a broadcast.
    #[endpoint(GET, "/broadcasts/<broadcast_id>", some = 2xx, none = 404)]
    async fn retrieve(&self, broadcast_id: &str) -> Result<Option<Value>>;

    /// Renames a broadcast.
    #[endpoint(PUT, "/broadcasts/<broadcast_id>", ok = 2xx)]
    async fn update(&self, broadcast_id: &str, #[body] name: &Name<'_>) -> Result<Value>;

    /// Cancels a scheduled broadcast.
    #[endpoint(POST, "/broadcasts/<broadcast_id>/cancel", ok = 2xx)]
    async fn cancel(&self, broadcast_id: &str) -> Result<Value>;

    /// Returns the content of a broadcast, in one version.
    #[endpoint(GET, "/broadcasts/<broadcast_id>/content?<version>", ok = 2xx)]
    async fn retrieve_content(&self, broadcast_id: &str, version: Option<&str>) -> Result<Value>;

    /// Replaces the content of a broadcast.
    #[endpoint(PUT, "/broadcasts/<broadcast_id>/content", ok = 2xx)]
    async fn put_content(&self, broadcast_id: &str, #[body] body: &Value) -> Result<Value>;

    /// Copies a broadcast.
    #[endpoint(POST, "/broadcasts/<broadcast_id>/duplicate", ok = 2xx)]
    async fn duplicate(&self, broadcast_id: &str) -> Result<Value>;

    /// Schedules a broadcast.
    #[endpoint(POST, "/broadcasts/<broadcast_id>/schedule", ok = 2xx)]
    async fn schedule(&self, broadcast_id: &str, #[body] schedule: &Schedule<'_>) -> Result<Value>;

    // Not named `send`: every endpoint trait inherits that method from `Transport`.
    /// Sends a broadcast now.
    #[endpoint(POST, "/broadcasts/<broadcast_id>/send", ok = 2xx)]
    async fn send_to(&self, broadcast_id: &str, #[body] recipient: &Recipient<'_>) -> Result<Value>;
}
impl<T: Transport> Broadcasts for T {}

#[derive(Serialize)]
pub(crate) struct NewBroadcast<'b> {
    name: &'b str,
    channel: &'b str,
}

#[derive(Serialize)]
pub(crate) struct Name<'n> {
    name: &'n str,
}

#[derive(Serialize)]
pub(crate) struct Recipient<'r> {
    recipient_id: &'r str,
    /// `list` or `audience`.
    recipient_type: &'r str,
}

#[derive(Serialize)]
pub(crate) struct Schedule<'s> {
    #[serde(flatten)]
    to: Recipient<'s>,
    scheduled_to: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<&'s str>,
}

const RECIPIENT: Recipient<'_> = Recipient { recipient_id: "recipient_id", recipient_type: "recipient_type" };

pub(crate) fn declared(broadcasts: &dyn Broadcasts) -> Vec<Declared> {
    vec![
        Declared::new("broadcasts.list", broadcasts.list(Some("cursor"), LIMIT)).without(broadcasts.list(None, None)),
        Declared::new("broadcasts.create", broadcasts.create(&NewBroadcast { name: "name", channel: "channel" })),
        Declared::new("broadcasts.archive", broadcasts.archive("broadcast_id")),
        Declared::new("broadcasts.retrieve", broadcasts.retrieve("broadcast_id")),
        Declared::new("broadcasts.update", broadcasts.update("broadcast_id", &Name { name: "name" })),
        Declared::new("broadcasts.cancel", broadcasts.cancel("broadcast_id")),
        Declared::new("broadcasts.retrieve_content", broadcasts.retrieve_content("broadcast_id", Some("version")))
            .without(broadcasts.retrieve_content("broadcast_id", None)),
        Declared::new("broadcasts.put_content", broadcasts.put_content("broadcast_id", &BODY)),
        Declared::new("broadcasts.duplicate", broadcasts.duplicate("broadcast_id")),
        Declared::new(
            "broadcasts.schedule",
            broadcasts.schedule(
                "broadcast_id",
                &Schedule { to: RECIPIENT, scheduled_to: "scheduled_to", timezone: Some("timezone") },
            ),
        )
        .without(
            broadcasts
                .schedule("broadcast_id", &Schedule { to: RECIPIENT, scheduled_to: "scheduled_to", timezone: None }),
        ),
        Declared::new("broadcasts.send", broadcasts.send_to("broadcast_id", &RECIPIENT)),
    ]
}
