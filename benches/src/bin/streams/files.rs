//! The files that are uploaded and downloaded.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context as _, Result};
use courier_benches::server::SIZE;

use super::PIECE;

/// Where a transfer finds the file that it uploads, and puts the one that it downloads.
pub(crate) struct Files {
    pub(crate) sent: PathBuf,
    pub(crate) saved: PathBuf,
}

impl Files {
    pub(crate) fn within(folder: &Path) -> Self {
        Self { sent: folder.join(SENT), saved: folder.join(process::id().to_string()) }
    }
}

const SENT: &str = "sent";

/// A folder for the files, which is removed in the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Creates the folder, with the file that is uploaded.
    pub(crate) fn create() -> Result<Self> {
        let folder = Self(std::env::temp_dir().join(format!("courier-benches-{}", process::id())));
        fs::create_dir(&folder.0)?;
        let mut sent = File::create(folder.0.join(SENT))?;
        let piece = vec![b'x'; PIECE];
        (0..SIZE / PIECE as u64).try_for_each(|_| sent.write_all(&piece))?;
        Ok(folder)
    }

    pub(crate) fn path(&self) -> Result<&str> {
        self.0.to_str().context("the path of the temporary folder isn't Unicode")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing else can be done about it here.
        let _result = fs::remove_dir_all(&self.0);
    }
}
