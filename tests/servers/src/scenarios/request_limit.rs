//! nginx closes a connection after 1,000 requests (`keepalive_requests`), and allows 128 at a time over HTTP/2.

use super::{AT_A_TIME, logs_are_written};
use crate::Setup;
use crate::calls::{Client, Kind, Load, Over, Protocol};
use crate::report::{Goal, Report, Row};
use crate::servers::{Nginx, Server as _};

const MANY_AT_A_TIME: usize = 1000;

pub(crate) async fn run(setup: &Setup, over: Over, report: &mut Report) {
    let mut nginx = Nginx::start(setup, over, "request_limit", "");
    // The client learns the limit from the first connections.
    let few = setup.calls.max(10_000);
    let many = (setup.calls / 5).max(4 * MANY_AT_A_TIME);
    for (protocol, at_a_time, calls) in
        [(Protocol::Http1, AT_A_TIME, few), (Protocol::Http2, AT_A_TIME, few), (Protocol::Http2, MANY_AT_A_TIME, many)]
    {
        for kind in [Kind::Repeatable, Kind::Post] {
            let before = nginx.connections();
            let client = Client::new(setup, over, &nginx.url(protocol));
            let load = Load::new(client, kind, format!("{protocol:?}-{kind}-{at_a_time}"));
            let made = load.at_a_time(at_a_time, move |before| before < calls).await;
            logs_are_written().await;
            let goal = match kind {
                Kind::Repeatable => Goal::Failed(0),
                // The first connection shows the limit, and takes those with it that are on their way.
                Kind::Post => Goal::FailedMayHaveArrived(at_a_time),
            };
            let scenario = format!("nginx, {at_a_time} at a time");
            let row = Row::new(scenario, over, protocol, kind, &made, &nginx.executed(), goal);
            report.add(&row.connections(nginx.connections() - before));
        }
    }
}
