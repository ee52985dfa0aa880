//! A download that a thread reads while it blocks.

use std::io::{self, BufRead, Read};

use bytes::{Buf as _, Bytes};

use super::{Download, ReadBytes, SaveError, SaveTo};
use crate::error::Result;
use crate::outcome::iter::Iter;
use crate::transport::runtime;

impl Download {
    /// Blocks this thread until the next chunk has arrived, like [`chunk`](Self::chunk).
    fn wait_for_rest(&mut self) -> Result<Option<Bytes>> {
        match runtime::wait_for(|context| self.poll_rest(context)) {
            Ok(chunk) => chunk.transpose(),
            Err(refused) => Err(self.failed(refused)),
        }
    }
}

impl ReadBytes {
    /// Blocks this thread until all is read: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// The same as for [`Download::bytes`].
    pub fn wait(mut self) -> Result<Bytes> {
        match runtime::wait(&mut self) {
            Ok(bytes) => bytes,
            Err(refused) => Err(self.download.failed(refused)),
        }
    }
}

impl SaveTo {
    /// Blocks this thread until the file is saved: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// The same as for [`Download::save_to`].
    pub fn wait(mut self) -> Result<u64, SaveError> {
        match runtime::wait(&mut self) {
            Ok(length) => length,
            Err(refused) => Err(self.download.failed(refused).into()),
        }
    }
}

/// Blocks the thread until bytes arrive: see [`blocking`](crate::blocking). The errors are those of [`chunk`](Download::chunk) inside an
/// [`io::Error`](crate::Error#impl-From<Error>-for-Error). After one, every further read is an error too.
impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// The buffer is what is left of the last chunk: nothing is copied.
impl BufRead for Download {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.unread.is_empty() {
            self.unread = self.wait_for_rest()?.unwrap_or_default();
        }
        Ok(&self.unread)
    }

    fn consume(&mut self, length: usize) {
        self.unread.advance(length);
    }
}

/// Iterates over the chunks, and blocks the thread until each has arrived: see [`blocking`](crate::blocking).
impl IntoIterator for Download {
    type Item = Result<Bytes>;
    type IntoIter = Iter<Self>;

    fn into_iter(self) -> Iter<Self> {
        Iter::new(self, Self::failed)
    }
}

/// Iterates over the chunks of a download that is still needed after the loop.
#[expect(clippy::into_iter_without_iter, reason = "`iter_mut` would promise chunks that can be changed")]
impl<'d> IntoIterator for &'d mut Download {
    type Item = Result<Bytes>;
    type IntoIter = Iter<&'d mut Download>;

    fn into_iter(self) -> Iter<&'d mut Download> {
        Iter::new(self, |download, error| download.failed(error))
    }
}
