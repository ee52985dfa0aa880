//! Digests: several messages collected into one.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{Declared, LIMIT};

pub(crate) trait Digests: Transport {
    /// Lists the digests of a schedule.
    #[endpoint(GET, "/digests/schedules/<schedule_id>/instances?<cursor>&<limit>", ok = 2xx)]
    async fn list_instances(&self, schedule_id: &str, cursor: Option<&str>, limit: Option<u32>) -> Result<Value>;

    /// Sends what a schedule has collected so far, ahead of time.
    #[endpoint(POST, "/digests/schedules/<schedule_id>/trigger", ok = 2xx)]
    async fn release(&self, schedule_id: &str) -> Result<()>;
}
impl<T: Transport> Digests for T {}

pub(crate) fn declared(digests: &dyn Digests) -> Vec<Declared> {
    vec![
        Declared::new("digests.schedules.list_instances", digests.list_instances("schedule_id", Some("cursor"), LIMIT))
            .without(digests.list_instances("schedule_id", None, None)),
        Declared::new("digests.schedules.release", digests.release("schedule_id")),
    ]
}
