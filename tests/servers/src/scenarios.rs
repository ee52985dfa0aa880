//! One file for each thing that servers do to their clients.

pub(crate) mod cold_burst;
pub(crate) mod idle;
pub(crate) mod outage;
pub(crate) mod proxy;
pub(crate) mod reload;
pub(crate) mod request_limit;

use std::time::Duration;

use tokio::time::sleep;

/// How many calls are under way at the same time, unless a scenario says otherwise.
const AT_A_TIME: usize = 64;

/// Waits until the servers have written their logs, which they do after they respond.
async fn logs_are_written() {
    sleep(Duration::from_millis(200)).await;
}
