//! What it costs to download and to upload 1 GiB, compared with reqwest used without this library.

mod by_hand;
mod courier;

use std::io;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use bytes::Bytes;
use courier_benches::measure::process::{self, Cost};
use courier_benches::measure::series::Series;
use courier_benches::server::{SERVE, SIZE, Server, serve};
use courier_benches::table;
use futures_util::Stream;
use futures_util::stream::iter;
use serde::Deserialize;

/// What is measured.
#[derive(Clone, Copy)]
enum Transfer {
    Download,
    DownloadInGzip,
    DownloadToFile,
    Upload,
}

const TRANSFERS: [(&str, Transfer); 4] = [
    ("download", Transfer::Download),
    ("download in gzip", Transfer::DownloadInGzip),
    ("download to a file", Transfer::DownloadToFile),
    ("upload", Transfer::Upload),
];
/// The others are compared with the first.
const CLIENTS: [&str; 2] = ["reqwest", "courier"];
const ROUNDS: usize = 11;
/// How much an upload sends at once.
const PIECE: usize = 64 * 1024;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        [] => compare(),
        [SERVE] => Ok(serve()?),
        // A process for each transfer, so that its memory is its own.
        [transfer, client, url] => {
            println!("{}", serde_json::to_string(&measure(transfer, client, url)?)?);
            Ok(())
        }
        _ => bail!("usage: streams"),
    }
}

/// Rounds of every transfer by every client, in turns: whatever else the machine does affects each of them.
fn compare() -> Result<()> {
    let server = Server::start()?;
    let mut rows = Vec::new();
    for (transfer, _) in TRANSFERS {
        let mut figures = [(); 2].map(|()| Figures::default());
        for round in 0..ROUNDS {
            let costs = [0, 1].map(|turn| {
                let client = (turn + round) % 2;
                process::run::<Cost>(&[transfer, CLIENTS[client], server.url()]).map(|cost| (client, cost))
            });
            for cost in costs {
                let (client, cost) = cost?;
                figures[client].add(cost);
            }
        }
        eprintln!("{transfer}: {ROUNDS} rounds");
        for (client, own) in CLIENTS.iter().zip(&figures) {
            rows.push(own.row(transfer, client, &figures[0]));
        }
    }
    let columns =
        ["1 GiB over loopback", "client", "MiB/s", "× reqwest", "CPU s", "× reqwest", "peak of the process, MiB"];
    table::print("Medians (and ranges) of rounds in turns", &columns, &rows);
    Ok(())
}

/// What was measured for one transfer by one client.
#[derive(Default)]
struct Figures {
    rate: Series,
    cpu_seconds: Series,
    peak: Series,
}

const MEBIBYTE: f64 = 1024.0 * 1024.0;

impl Figures {
    #[expect(clippy::cast_precision_loss, reason = "figures with three digits")]
    fn add(&mut self, cost: Cost) {
        self.rate.add(SIZE as f64 / MEBIBYTE / cost.seconds);
        self.cpu_seconds.add(cost.cpu_seconds);
        self.peak.add(cost.peak as f64 / MEBIBYTE);
    }

    fn row(&self, transfer: &str, client: &str, reqwest: &Self) -> Vec<String> {
        let ratio = |own: &Series, other: &Series| format!("{:.2}", own.median() / other.median());
        vec![
            transfer.into(),
            client.into(),
            format!("{:.0}", self.rate),
            ratio(&self.rate, &reqwest.rate),
            self.cpu_seconds.to_string(),
            ratio(&self.cpu_seconds, &reqwest.cpu_seconds),
            format!("{:.1}", self.peak),
        ]
    }
}

/// Makes a transfer in this process.
fn measure(transfer: &str, client: &str, url: &str) -> Result<Cost> {
    let Some((_, transfer)) = TRANSFERS.into_iter().find(|(name, _)| *name == transfer) else {
        bail!("unknown transfer: {transfer}")
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let file = Temporary::new();
    let (length, cost) = process::measure(|| match client {
        "courier" => runtime.block_on(courier::transfer(transfer, url, &file.0)),
        "reqwest" => runtime.block_on(by_hand::transfer(transfer, url, &file.0)),
        _ => bail!("unknown client: {client}"),
    })?;
    ensure!(length == SIZE, "{length} bytes were transferred instead of {SIZE}");
    Ok(cost)
}

/// The content of an upload, in pieces that aren't copied.
fn pieces() -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let piece = Bytes::from(vec![b'x'; PIECE]);
    iter((0..SIZE / PIECE as u64).map(move |_| Ok(piece.clone())))
}

/// How many bytes the server received, in its response.
fn length_in(body: &[u8]) -> Result<u64> {
    #[derive(Deserialize)]
    struct Upload {
        length: u64,
    }
    Ok(serde_json::from_slice::<Upload>(body)?.length)
}

/// A file that is removed in the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("courier-benches-{}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Most transfers don't write it.
        let _result = std::fs::remove_file(&self.0);
    }
}
