//! Many calls at once, before there is a connection. Over HTTP/2, one is enough for all.

use super::{AT_A_TIME, logs_are_written};
use crate::Setup;
use crate::calls::{Client, Kind, Load, Over, Protocol};
use crate::report::{Goal, Report, Row};
use crate::servers::{Nginx, Server as _};

pub(crate) async fn run(setup: &Setup, over: Over, report: &mut Report) {
    let mut nginx = Nginx::start(setup, over, "cold_burst", "");
    let bursts = (setup.calls / 1000).max(5);
    for kind in [Kind::Repeatable, Kind::Post] {
        let mut calls = Vec::new();
        let mut most = 0;
        for number in 1..=bursts {
            let before = nginx.connections();
            let client = Client::new(setup, over, &nginx.url(Protocol::Http2));
            calls.append(&mut Load::new(client, kind, format!("{kind}-{number}")).burst(AT_A_TIME).await);
            logs_are_written().await;
            most = most.max(nginx.connections() - before);
        }
        let scenario = format!("{bursts} cold bursts; most connections of one");
        let row = Row::new(scenario, over, Protocol::Http2, kind, &calls, &nginx.executed(), Goal::Connections(2));
        report.add(&row.connections(most));
    }
}
