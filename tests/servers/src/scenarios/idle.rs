//! A server closes idle connections after a second, while the client is about to use them again.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{AT_A_TIME, logs_are_written};
use crate::Setup;
use crate::calls::{Client, Kind, Load, Over, Protocol};
use crate::report::{Goal, Report, Row};
use crate::servers::{Apache, Nginx, Server};

/// Bursts of calls with gaps between them.
struct Bursts {
    over: Over,
    server: Box<dyn Server>,
    name: &'static str,
    protocol: Protocol,
    kind: Kind,
    gap: Duration,
}

pub(crate) async fn run(setup: &Setup, report: &mut Report) {
    let (http1, http2) = (setup.calls * 8192 / 20_000, setup.calls);
    let mut running = JoinSet::new();
    for (number, bursts) in Over::ALL.into_iter().flat_map(|over| all(setup, over)).enumerate() {
        let calls = if bursts.protocol == Protocol::Http1 { http1 } else { http2 };
        let client = Client::new(setup, bursts.over, &bursts.server.url(bursts.protocol));
        // Mostly they wait, so all run at the same time.
        running.spawn(async move { (number, bursts.run(client, number, calls.div_ceil(AT_A_TIME)).await) });
    }
    let mut rows = running.join_all().await;
    rows.sort_by_key(|(number, _)| *number);
    for (_, row) in &rows {
        report.add(row);
    }
}

fn all(setup: &Setup, over: Over) -> Vec<Bursts> {
    let gaps = [950, 1000, 1050].map(Duration::from_millis);
    let mut all = Vec::new();
    for kind in [Kind::Repeatable, Kind::Post] {
        let server = Box::new(Nginx::start(setup, over, &format!("idle-http2-{kind}"), "keepalive_timeout 1s;"));
        all.push(Bursts {
            over,
            server,
            name: "nginx closes after 1 s",
            protocol: Protocol::Http2,
            kind,
            gap: gaps[1],
        });
    }
    for gap in gaps {
        let folder = format!("idle-apache-{gap:?}");
        let server = Box::new(Apache::start(setup, over, &folder, "KeepAliveTimeout 1"));
        let name = "Apache closes after 1 s";
        all.push(Bursts { over, server, name, protocol: Protocol::Http1, kind: Kind::Post, gap });
    }
    for gap in gaps {
        let folder = format!("idle-nginx-{gap:?}");
        let server = Box::new(Nginx::start(setup, over, &folder, "keepalive_timeout 1s 1s;"));
        let name = "nginx closes after 1 s";
        all.push(Bursts { over, server, name, protocol: Protocol::Http1, kind: Kind::Post, gap });
    }
    all
}

impl Bursts {
    async fn run(mut self, client: Client, number: usize, bursts: usize) -> Row {
        let Self { over, name, protocol, kind, gap, .. } = self;
        let load = Load::new(client, kind, "idle");
        // Not in step with the others.
        sleep(Duration::from_millis(125) * u32::try_from(number).expect("a few")).await;
        let before = self.server.connections();
        let mut calls = Vec::new();
        for _ in 0..bursts {
            calls.append(&mut load.burst(AT_A_TIME).await);
            sleep(gap).await;
        }
        logs_are_written().await;
        let goal = match kind {
            Kind::Repeatable => Goal::Failed(0),
            // The client learns the idle time from the first connection that it loses: over HTTP/2, that of a whole burst.
            Kind::Post if protocol == Protocol::Http2 => Goal::Failed(AT_A_TIME),
            Kind::Post => Goal::Failed(5),
        };
        let scenario = format!("{name}; gaps of {gap:?}");
        let row = Row::new(scenario, over, protocol, kind, &calls, &self.server.executed(), goal);
        row.connections(self.server.connections() - before)
    }
}
