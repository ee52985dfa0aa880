//! nginx reloads its configuration every two seconds, and one of its workers is killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use super::{AT_A_TIME, logs_are_written};
use crate::Setup;
use crate::calls::{Client, Kind, Load, Over, Protocol};
use crate::report::{Goal, Report, Row};
use crate::servers::{Nginx, Server as _};

pub(crate) async fn run(setup: &Setup, over: Over, report: &mut Report) {
    let reloads = (setup.calls / 2000).max(2);
    for protocol in [Protocol::Http1, Protocol::Http2] {
        for kind in [Kind::Repeatable, Kind::Post] {
            let mut nginx = Nginx::start(setup, over, &format!("reload-{protocol:?}-{kind}"), "");
            let load = Load::new(Client::new(setup, over, &nginx.url(protocol)), kind, "reload");
            let goes_on = Arc::new(AtomicBool::new(true));
            let calls = tokio::spawn({
                let (load, goes_on) = (load.clone(), Arc::clone(&goes_on));
                async move { load.at_a_time(AT_A_TIME, move |_| goes_on.load(Ordering::Relaxed)).await }
            });
            for number in 0..reloads {
                sleep(Duration::from_secs(1)).await;
                if number == 1 {
                    nginx.kill_worker();
                }
                sleep(Duration::from_secs(1)).await;
                nginx.reload();
            }
            sleep(Duration::from_millis(500)).await;
            goes_on.store(false, Ordering::Relaxed);
            let calls = calls.await.expect("no panic");
            logs_are_written().await;
            let goal = match kind {
                Kind::Repeatable => Goal::Failed(0),
                Kind::Post => Goal::FailedMayHaveArrived(usize::MAX),
            };
            let scenario = format!("{reloads} reloads of nginx, `kill -9` of a worker");
            let row = Row::new(scenario, over, protocol, kind, &calls, &nginx.executed(), goal);
            report.add(&row.connections(nginx.connections()));
        }
    }
}
