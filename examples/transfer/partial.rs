//! A download that survives interruptions.

use std::error::Error;
use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use courier_core::http::HeaderMap;
use courier_core::{Download, Result};
use indicatif::ProgressBar;
use sha2::{Digest as _, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use crate::{Content, Files};

/// What has come of a file so far. It has another name than the complete file, so nobody takes it for that.
///
/// To continue in another process, store `version` and `sha256` next to it.
pub(crate) struct PartialFile {
    path: PathBuf,
    /// Open between attempts: a write that is still on its way when one is dropped ends before the next one begins.
    file: File,
    /// The `ETag` of the file that these bytes are of.
    version: Option<String>,
    /// The checksum of that file.
    sha256: Option<Vec<u8>>,
}

impl PartialFile {
    /// Opens the file, or creates it.
    pub(crate) async fn open(path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(&path).await?;
        Ok(Self { path, file, version: None, sha256: None })
    }

    /// Downloads what is missing, or everything if the file on the server is another one by now.
    pub(crate) async fn fetch(
        &mut self,
        files: &impl Files,
        name: &str,
        bar: &ProgressBar,
    ) -> Result<(), Box<dyn Error>> {
        let mut position = self.file.seek(SeekFrom::End(0)).await?;
        bar.set_position(position);
        // Without a version, parts of two different files could be put together.
        let range = self.version.as_ref().map(|_| format!("bytes={position}-"));

        let mut content = match files.download(name, range.as_deref(), self.version.as_deref()).await? {
            Content::Part(content) if starts_at(position, &content) => content,
            Content::Part(_) => return Err("the server sent another part than it was asked for".into()),
            Content::Whole(content) => {
                self.file.set_len(0).await?;
                position = self.file.seek(SeekFrom::Start(0)).await?;
                self.version = strong_etag(content.headers());
                self.sha256 = sha256_in(content.headers());
                content
            }
            Content::NoMore => return Ok(()),
        };

        bar.set_length(position + content.content_length().unwrap_or_default());
        bar.set_position(position);
        bar.reset_eta(); // what came earlier doesn't count as speed
        while let Some(chunk) = content.chunk().await? {
            self.file.write_all(&chunk).await?;
            bar.inc(chunk.len() as u64);
        }
        // What was written is still on its way, and its error with it.
        self.file.flush().await?;
        Ok(())
    }

    /// Gives the complete file its name, if its checksum is the one that the server sent.
    pub(crate) async fn verify_and_rename(self, target: &Path) -> Result<(), Box<dyn Error>> {
        drop(self.file);
        let expected = self.sha256.ok_or("the server sent no SHA-256, so the file can't be verified")?;
        if sha256_of(&self.path).await? != expected {
            fs::remove_file(&self.path).await?;
            return Err("the file was damaged on the way: its SHA-256 is not the one that the server sent".into());
        }
        fs::rename(&self.path, target).await?;
        Ok(())
    }
}

/// Whether the part begins where it should: a server may send less than it was asked for, and says so.
fn starts_at(position: u64, part: &Download) -> bool {
    let range = part.headers().get("content-range").and_then(|range| range.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {position}-")))
}

/// The `ETag`, unless it is weak: that one doesn't change with every byte, and `if-range` doesn't take it.
fn strong_etag(headers: &HeaderMap) -> Option<String> {
    let etag = headers.get("etag")?.to_str().ok()?;
    etag.starts_with('"').then(|| etag.to_owned())
}

/// The SHA-256 in a header such as `repr-digest: sha-256=:…:`, that of the whole file (RFC 9530).
fn sha256_in(headers: &HeaderMap) -> Option<Vec<u8>> {
    let digests = headers.get("repr-digest")?.to_str().ok()?;
    let sha256 = digests.split(',').find_map(|digest| digest.trim().strip_prefix("sha-256=:")?.strip_suffix(':'))?;
    BASE64_STANDARD.decode(sha256).ok()
}

async fn sha256_of(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = File::open(path).await?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer).await? {
            0 => return Ok(hasher.finalize().to_vec()),
            length => hasher.update(&buffer[..length]),
        }
    }
}
