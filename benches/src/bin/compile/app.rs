//! What a clean development build of a small application costs: the one of the README, with each choice of features.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;
use courier_benches::measure::series::{Series, turns};
use courier_benches::table;
use serde_json::Value;

use crate::cargo::Workspace;

const ROUNDS: usize = 3;

/// What is after the path of the dependency on courier-core, and how the table calls it.
const CHOICES: [(&str, &str); 6] = [
    ("default", ""),
    (
        "the same with `hyper` and without `reqwest`",
        ", default-features = false, features = [\"courier\", \"hyper\", \"gzip\", \"rustls-aws-lc-rs\"]",
    ),
    (
        "`courier`, `hyper`, `gzip`, `rustls-ring`",
        ", default-features = false, features = [\"courier\", \"hyper\", \"gzip\", \"rustls-ring\"]",
    ),
    (
        "`courier`, `reqwest`, `gzip`, `rustls-ring`",
        ", default-features = false, features = [\"courier\", \"reqwest\", \"gzip\", \"rustls-ring\"]",
    ),
    ("`courier`, `reqwest`", ", default-features = false, features = [\"courier\", \"reqwest\"]"),
    ("`courier`", ", default-features = false, features = [\"courier\"]"),
];

pub(crate) fn compare() -> Result<()> {
    let workspace = Workspace::create("app")?;
    let mut rows = CHOICES.map(|_| (Series::default(), BTreeSet::new()));
    for round in 0..ROUNDS {
        for choice in turns(CHOICES.len(), round) {
            let (name, features) = CHOICES[choice];
            eprintln!("clean build, round {} of {ROUNDS}: {name}", round + 1);
            let (seconds, crates) = build(&workspace, features)?;
            rows[choice].0.add(seconds);
            rows[choice].1 = crates;
        }
    }
    let rows: Vec<_> = CHOICES
        .iter()
        .zip(&rows)
        .map(|((name, _), (seconds, crates))| {
            vec![(*name).to_owned(), format!("{seconds:.1}"), crates.len().to_string()]
        })
        .collect();
    table::print(
        "A clean development build of the README's application",
        &["features", "CPU seconds", "crates"],
        &rows,
    );
    Ok(())
}

/// Builds the application and everything that it needs, and returns the CPU seconds and the names of the crates.
fn build(workspace: &Workspace, features: &str) -> Result<(f64, BTreeSet<String>)> {
    let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../courier-core");
    let dependencies = format!(
        "courier-core = {{ path = \"{core}\"{features} }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n"
    );
    let has_client = features.is_empty() || ["hyper", "reqwest"].iter().any(|feature| features.contains(feature));
    let main = if has_client { WITH_CLIENT } else { WITHOUT_CLIENT };
    workspace.write("app", &dependencies, &[("src/main.rs", main.to_owned())])?;
    // Downloads what is missing, outside of what is measured.
    workspace.cargo(&["fetch", "--quiet"])?;
    let target = workspace.folder().join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let (seconds, messages) = workspace.cargo(&["build", "--quiet", "--message-format", "json"])?;
    let messages = messages.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>()?;
    let compiled = messages.iter().filter(|message| message["reason"] == "compiler-artifact");
    let crates = compiled.filter_map(|message| message["package_id"].as_str().map(str::to_owned)).collect();
    Ok((seconds, crates))
}

const WITH_CLIENT: &str = r#"
use courier_core::Courier;
use courier_core::messages::{Cancellation, Messages};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let courier = Courier::from_env()?; // COURIER_API_KEY, and COURIER_BASE_URL for another host
    match courier.cancel("1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f").await? {
        Cancellation::Ok(message) => println!("cancelled: {}", message.id),
        Cancellation::Conflict(message) => println!("too late: {} is {}", message.id, message.status),
    }
    Ok(())
}
"#;

/// The same over a transport in memory.
const WITHOUT_CLIENT: &str = r#"
use courier_core::MemoryTransport;
use courier_core::messages::{Cancellation, Messages};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let courier = MemoryTransport::new();
    match courier.cancel("1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f").await? {
        Cancellation::Ok(message) => println!("cancelled: {}", message.id),
        Cancellation::Conflict(message) => println!("too late: {} is {}", message.id, message.status),
    }
    Ok(())
}
"#;
