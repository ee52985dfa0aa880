//! nginx is down for two seconds, while four clients make calls with a deadline of a minute.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{AT_A_TIME, logs_are_written};
use crate::Setup;
use crate::calls::{Call, Client, Kind, Load, Over, Protocol, Settings};
use crate::report::{Goal, Report, Row};
use crate::servers::{Nginx, Server as _};

/// Enough attempts for an outage of half a minute and more.
const PATIENT: u32 = 20;

pub(crate) async fn run(setup: &Setup, over: Over, report: &mut Report) {
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let mut nginx = Nginx::start(setup, over, &format!("outage-{protocol:?}"), "");
        let url = nginx.url(protocol);
        let patient = || Client::with(setup, over, &url, Settings { max_attempts: PATIENT, ..Settings::default() });
        let loads = [
            Load::new(Client::new(setup, over, &url), Kind::Repeatable, "get"),
            Load::new(Client::new(setup, over, &url), Kind::Post, "post"),
            Load::new(patient(), Kind::Repeatable, "patient-get"),
            Load::new(patient(), Kind::Post, "patient-post"),
        ];
        let goes_on = Arc::new(AtomicBool::new(true));
        let calls = loads.each_ref().map(|load| {
            let (load, goes_on) = (load.clone(), Arc::clone(&goes_on));
            tokio::spawn(async move { load.at_a_time(AT_A_TIME, move |_| goes_on.load(Ordering::Relaxed)).await })
        });
        sleep(Duration::from_secs(1)).await;
        let began = Instant::now();
        nginx.stop();
        sleep(Duration::from_secs(2)).await;
        nginx.restart();
        let outage = began..=Instant::now();
        sleep(Duration::from_secs(1)).await;
        goes_on.store(false, Ordering::Relaxed);

        let mut made = Vec::new();
        for calls in calls {
            made.push(calls.await.expect("no panic"));
        }
        logs_are_written().await;
        for (load, calls) in loads.iter().zip(made) {
            let excused = calls.iter().filter(|call| is_excused(load, call, &outage)).count();
            let scenario = format!("nginx is down for 2 s; {} attempts", load.client.max_attempts);
            let row = Row::new(scenario, over, protocol, load.kind, &calls, &nginx.executed(), Goal::Failed(0));
            report.add(&row.excused(excused).connections(nginx.connections()));
        }
    }
}

/// Whether a call failed although it did what it could: it made all its attempts, and each of them failed in the outage; or the
/// server may have executed it, so that it can't be repeated.
fn is_excused(load: &Load, call: &Call, outage: &RangeInclusive<Instant>) -> bool {
    let Some(error) = &call.error else { return false };
    if load.kind == Kind::Post && error.may_have_arrived() {
        return true;
    }
    let attempts = load.client.attempts_of(call);
    error.attempts() == load.client.max_attempts && attempts.iter().all(|ended| outage.contains(ended))
}
