//! What it costs to download and to upload 1 GiB, compared with reqwest used without this library.

mod by_hand;
mod courier;
mod figures;
mod files;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use anyhow::{Result, bail, ensure};
use bytes::Bytes;
use courier_benches::measure::process::{self, Cost};
use courier_benches::measure::series::turns;
use courier_benches::server::{SERVE, SIZE, Server, serve};
use courier_benches::table;
use futures_util::Stream;
use futures_util::stream::iter;
use serde::Deserialize;

use self::figures::Figures;
use self::files::{Files, Folder};

/// What is measured.
#[derive(Clone, Copy)]
enum Transfer {
    Download,
    DownloadInGzip,
    DownloadToFile,
    Upload,
    UploadOfFile,
}

const TRANSFERS: [(&str, Transfer); 5] = [
    ("download", Transfer::Download),
    ("download in gzip", Transfer::DownloadInGzip),
    ("download to a file", Transfer::DownloadToFile),
    ("upload", Transfer::Upload),
    ("upload of a file", Transfer::UploadOfFile),
];
/// Compared with the first.
const CLIENTS: [&str; 2] = ["reqwest", "courier"];
const ROUNDS: usize = 15;
/// How much an upload sends at once.
const PIECE: usize = 64 * 1024;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        [] => compare(),
        [SERVE] => Ok(serve()?),
        // A process for each transfer, so that its memory is its own.
        [transfer, client, url, folder] => {
            println!("{}", serde_json::to_string(&make(transfer, client, url, Path::new(folder))?)?);
            Ok(())
        }
        _ => bail!("usage: streams"),
    }
}

/// Rounds of every transfer by every client, in turns: whatever else the machine does affects each of them.
fn compare() -> Result<()> {
    let server = Server::start()?;
    let folder = Folder::create()?;
    let mut rows = Vec::new();
    for (transfer, _) in TRANSFERS {
        let mut figures = CLIENTS.map(|_| Figures::default());
        for round in 0..ROUNDS {
            let run = |client: usize| {
                let arguments = [transfer, CLIENTS[client], server.url(), folder.path()?];
                Ok((client, process::run::<Cost>(&arguments)?))
            };
            let costs: BTreeMap<_, _> = turns(CLIENTS.len(), round).map(run).collect::<Result<_>>()?;
            for (client, cost) in &costs {
                figures[*client].add(*cost, costs[&0]);
            }
        }
        eprintln!("{transfer}: {ROUNDS} rounds");
        for (client, own) in CLIENTS.iter().zip(&figures) {
            rows.push(own.row(transfer, client));
        }
    }
    table::print("Medians (and ranges) of rounds in turns", &Figures::COLUMNS, &rows);
    Ok(())
}

/// Makes a transfer in this process.
fn make(transfer: &str, client: &str, url: &str, folder: &Path) -> Result<Cost> {
    let Some((_, transfer)) = TRANSFERS.into_iter().find(|(name, _)| *name == transfer) else {
        bail!("unknown transfer: {transfer}")
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let files = Files::within(folder);
    let (length, cost) = process::measure(|| match client {
        "courier" => runtime.block_on(courier::transfer(transfer, url, &files)),
        "reqwest" => runtime.block_on(by_hand::transfer(transfer, url, &files)),
        _ => bail!("unknown client: {client}"),
    })?;
    ensure!(length == SIZE, "{length} bytes were transferred instead of {SIZE}");
    if let Transfer::DownloadToFile = transfer {
        std::fs::remove_file(files.saved)?;
    }
    Ok(cost)
}

/// The content of an upload, in pieces that aren't copied.
fn pieces() -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let piece = Bytes::from(vec![b'x'; PIECE]);
    iter((0..SIZE / PIECE as u64).map(move |_| Ok(piece.clone())))
}

/// The server's response to an upload.
#[derive(Deserialize)]
struct Upload {
    /// How many bytes it received.
    length: u64,
}
