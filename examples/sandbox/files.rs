//! Files: received as a stream, kept on disk, read in whole or in part.

use std::collections::HashMap;
use std::io::{self, SeekFrom};
use std::ops::RangeInclusive;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempPath};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

/// How much of a file is read at once.
const CHUNK: usize = 64 * 1024;

/// The files by name. A name is never part of a path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(Arc<RwLock<HashMap<String, Arc<StoredFile>>>>);

impl Files {
    /// Stores the file, and returns whether the name is new.
    pub(crate) fn store(&self, name: String, file: Arc<StoredFile>) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(name, file).is_none()
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<StoredFile>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// A complete file, which never changes. Dropping it removes it from the disk.
#[derive(Debug)]
pub(crate) struct StoredFile {
    path: TempPath,
    length: u64,
    sha256: String,
}

/// Why a file wasn't stored.
pub(crate) enum Problem {
    /// The rest of the request can't be read.
    Body(axum::Error),
    /// The file can't be written.
    Disk(io::Error),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl StoredFile {
    /// Writes the body to disk as it comes.
    pub(crate) async fn receive(body: Body) -> Result<Self, Problem> {
        let (file, path) = spawn_blocking(NamedTempFile::new).await.map_err(io::Error::other)??.into_parts();
        let mut file = File::from_std(file);
        let mut hasher = Sha256::new();
        let mut length = 0;
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.try_next().await.map_err(Problem::Body)? {
            hasher.update(&chunk);
            file.write_all(&chunk).await?;
            length += chunk.len() as u64;
        }
        // What was written is still on its way, and its error with it.
        file.flush().await?;
        Ok(Self { path, length, sha256: BASE64_STANDARD.encode(hasher.finalize()) })
    }

    /// The length in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// A strong validator: two files have the same one only if they have the same bytes.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}\"", self.sha256)
    }

    /// The checksum of the whole file as a `repr-digest` (RFC 9530, 3).
    pub(crate) fn digest(&self) -> String {
        format!("sha-256=:{}:", self.sha256)
    }

    /// A stream of this part of the file.
    pub(crate) async fn read(&self, part: RangeInclusive<u64>) -> io::Result<Body> {
        let mut file = File::open(&self.path).await?;
        file.seek(SeekFrom::Start(*part.start())).await?;
        let length = part.end() - part.start() + 1;
        Ok(Body::from_stream(ReaderStream::with_capacity(file.take(length), CHUNK)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_on_disk_until_it_is_dropped() {
        let files = Files::default();
        let Ok(file) = StoredFile::receive(Body::from("content")).await else { panic!("the disk is full") };
        let path = file.path.to_path_buf();
        assert!(files.store("name".to_owned(), Arc::new(file)));
        assert_eq!(std::fs::read(&path).expect("it is on disk"), b"content");
        drop(files);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_part_ends_after_its_last_byte() {
        let Ok(file) = StoredFile::receive(Body::from("0123456789")).await else { panic!("the disk is full") };
        for (part, expected) in [(0..=0, "0"), (3..=5, "345"), (9..=9, "9"), (0..=9, "0123456789")] {
            let body = file.read(part).await.expect("it is on disk");
            assert_eq!(axum::body::to_bytes(body, usize::MAX).await.expect("the part"), expected);
        }
    }
}
