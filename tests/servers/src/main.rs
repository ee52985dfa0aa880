//! Calls real servers while they do what real servers do: limit the requests of a connection, close idle ones, reload,
//! crash and restart. `./run [CALLS]` installs them and starts this program; README.md describes the scenarios.

mod calls;
mod report;
mod scenarios;
mod servers;

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use self::calls::Over;
use self::report::Report;
use self::scenarios::{cold_burst, idle, outage, proxy, reload, request_limit};

const SCENARIOS: [&str; 6] = ["request_limit", "idle", "reload", "outage", "cold_burst", "proxy"];

/// What `run` prepared.
struct Setup {
    /// For configurations and logs. `run` deletes it, and stops what is left of the servers in it.
    folder: PathBuf,
    /// The certificate of the authority that issued the servers' certificate.
    authority: String,
    /// The size of a scenario.
    calls: usize,
}

impl Setup {
    /// A new folder, for a server that calls go to over this transport.
    fn new_folder(&self, over: Over, name: &str) -> PathBuf {
        let folder = self.folder.join(format!("{over}-{name}"));
        fs::create_dir(&folder).expect("a folder");
        folder
    }
}

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let calls =
        arguments.next().and_then(|calls| calls.parse().ok()).expect("start it with `./run [CALLS] [SCENARIO…]`");
    let wanted: Vec<String> = arguments.collect();
    if let Some(unknown) = wanted.iter().find(|wanted| !SCENARIOS.contains(&wanted.as_str())) {
        eprintln!("there is no scenario `{unknown}`; these are: {}", SCENARIOS.join(", "));
        return ExitCode::FAILURE;
    }
    let is_wanted = |scenario: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == scenario);

    let folder = PathBuf::from(env::var_os("SERVERS_FOLDER").expect("start it with `./run`"));
    let authority = fs::read_to_string(folder.join("authority.pem")).expect("run made it");
    let setup = Setup { folder, authority, calls };
    let mut report = Report::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        if is_wanted("idle") {
            idle::run(&setup, &mut report).await;
        }
        for over in Over::ALL {
            if is_wanted("request_limit") {
                request_limit::run(&setup, over, &mut report).await;
            }
            if is_wanted("reload") {
                reload::run(&setup, over, &mut report).await;
            }
            if is_wanted("outage") {
                outage::run(&setup, over, &mut report).await;
            }
            if is_wanted("cold_burst") {
                cold_burst::run(&setup, over, &mut report).await;
            }
            if is_wanted("proxy") {
                proxy::run(&setup, over, &mut report).await;
            }
        }
    });
    report.conclude()
}
