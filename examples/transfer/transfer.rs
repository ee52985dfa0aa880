//! Learn how to transfer a file of any size: upload it with a progress bar, download it, continue a download that was
//! interrupted, and verify the checksum.
//!
//! `cargo run -p transfer` needs no setup: it starts a local server, and sends it a file of 50 MiB that it makes.
//! `cargo run -p transfer -- FILE` sends a file of your own.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints its results")]

mod partial;

use std::error::Error;
use std::ffi::OsStr;
use std::future::poll_fn;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::task::Poll;
use std::time::Duration;
use std::{env, fs};

use courier_core::{Body, Download, ReqwestTransport, Result, Transport, endpoint};
use courier_sandbox::Sandbox;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::partial::PartialFile;

/// The declaration. Neither call holds a file in memory: one reads it while it is sent, the other returns it as it comes.
trait Files: Transport {
    /// Stores a file.
    #[endpoint(PUT, "/files/<name>", stored = 201 | 204, idempotent)]
    async fn upload(&self, name: &str, #[raw("application/octet-stream")] content: Body) -> Result<()>;

    /// Returns the file, or what `range` asks for if the file is still the version `if_range`.
    ///
    /// It must not be compressed on the way: a range counts the bytes that are sent.
    #[endpoint(GET, "/files/<name>", whole = 200, part = 206, no_more = 416, header("accept-encoding" = "identity"))]
    async fn download(
        &self,
        name: &str,
        #[header("range")] range: Option<&str>,
        #[header("if-range")] if_range: Option<&str>,
    ) -> Result<Content>;
}
impl<T: Transport> Files for T {}

/// The outcomes of a download. The status decides what the bytes are, before the first of them is read.
enum Content {
    Whole(Download),
    Part(Download),
    NoMore,
}

/// Uploads the file, downloads it into `folder`, and returns the path that it has there.
async fn transfer(files: &impl Files, source: &Path, folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let name = source.file_name().and_then(OsStr::to_str).ok_or("the file needs a name in UTF-8")?;
    let content = Body::from_file(source)?;

    let bar = progress_bar("uploading");
    let length = content.length().unwrap_or_default();
    bar.set_length(length);
    let progress = bar.clone();
    // The default of 20 seconds is meant for smaller requests. This is enough at 1 MB per second.
    let timeout = Duration::from_secs(20 + length / 1_000_000);
    files.upload(name, content.on_progress(move |sent| progress.set_position(sent))).attempt_timeout(timeout).await?;
    done(&bar, "uploaded");

    let mut partial = PartialFile::open(folder.join(format!("{name}.part"))).await?;
    let bar = progress_bar("downloading");
    // Drops the first download in the middle, as Ctrl-C or a timeout could. A lost connection ends it with an error.
    tokio::select! {
        outcome = partial.fetch(files, name, &bar) => outcome?,
        () = middle_of(&bar) => {
            let bytes = HumanBytes(bar.position());
            bar.suspend(|| println!("interrupted  at {bytes}"));
        }
    }
    partial.fetch(files, name, &bar).await?;
    done(&bar, "downloaded");

    let path = folder.join(name);
    partial.verify_and_rename(&path).await?;
    println!("verified     its SHA-256 is the one that the server sent");
    Ok(path)
}

/// Completes when half of the bar's length is reached. It is polled by the task that moves the bar, so nothing wakes it.
async fn middle_of(bar: &ProgressBar) {
    poll_fn(|_| match bar.length() {
        Some(length) if bar.position() >= length.div_ceil(2) => Poll::Ready(()),
        _ => Poll::Pending,
    })
    .await;
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let result = match &arguments[..] {
        [] => run(None).await,
        [file] => run(Some(Path::new(file))).await,
        _ => Err("expected one file, or no argument to make one".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(file: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let files = ReqwestTransport::builder(sandbox.base_url()).bearer_token("any").build()?;
    println!("A local server is running at {}\n", sandbox.base_url());

    let folder = tempfile::tempdir()?; // removed at the end
    let source = match file {
        Some(file) => file.to_owned(),
        None => sample(folder.path())?,
    };
    let target = folder.path().join("downloaded");
    fs::create_dir(&target)?;
    transfer(&files, &source, &target).await?;
    Ok(())
}

/// A file of 50 MiB. Each kibibyte is different, so a part in the wrong place would be noticed.
fn sample(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join("sample.txt");
    let mut file = io::BufWriter::new(fs::File::create(&path)?);
    for number in 0..50 * 1024 {
        writeln!(file, "{number:>1023}")?;
    }
    file.flush()?;
    Ok(path)
}

/// A bar on a terminal. If the output is piped, nothing is drawn.
fn progress_bar(action: &'static str) -> ProgressBar {
    let template = "{msg:<12} {wide_bar:.green} {bytes:>10} of {total_bytes}  {bytes_per_sec:>12}";
    let style = ProgressStyle::with_template(template).expect("a valid template");
    ProgressBar::no_length().with_style(style).with_message(action)
}

/// Replaces the bar by a line that stays, also if the output is piped.
fn done(bar: &ProgressBar, action: &str) {
    let (bytes, time) = (HumanBytes(bar.position()), bar.elapsed());
    bar.finish_and_clear();
    println!("{action:<12} {bytes} in {time:.1?}");
}

#[cfg(test)]
mod tests;
