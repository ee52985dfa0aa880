//! A gzip body: a series of members ([RFC 1952, 2.2](https://www.rfc-editor.org/rfc/rfc1952#section-2.2)), each with a
//! checksum. Zero padding after the last one is ignored, as gzip(1) does.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::write::GzDecoder;
use thiserror::Error;

use super::Limited;

/// What is wrong with a body that is labelled gzip.
#[derive(Clone, Copy, Debug, Error)]
pub(super) enum Damage {
    #[error("it doesn't begin with a gzip header")]
    Beginning,
    #[error("its compressed data is damaged")]
    Data,
    #[error("its checksum or its length is wrong")]
    CheckSum,
    #[error("it ends too early")]
    End,
    #[error("it is followed by bytes that aren't gzip")]
    Rest,
}

/// Why decompression stops.
pub(super) enum Failure {
    TooLarge,
    Damaged(Damage),
}

impl From<Damage> for Failure {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

pub(super) struct Gzip {
    place: Place,
    /// The output of the members so far. It may still grow.
    output: Limited,
}

enum Place {
    Start,
    Member(Box<Member>),
    /// A member is complete: another one may follow.
    Behind,
    /// Zero bytes followed; nothing else may come.
    Padding,
}

struct Member {
    decoder: GzDecoder<Limited>,
    is_first: bool,
}

/// The first byte of a member (RFC 1952, 2.3.1).
const ID1: u8 = 0x1f;

impl Gzip {
    pub(super) fn new(limited: Limited) -> Self {
        Self { place: Place::Start, output: limited }
    }

    pub(super) fn add(&mut self, mut chunk: &[u8]) -> Result<(), Failure> {
        while !chunk.is_empty() {
            chunk = &chunk[self.step(chunk)?..];
        }
        Ok(())
    }

    /// Decompresses the beginning of a chunk that isn't empty, as much as fills the decoder's buffer of 32 KiB at most twice.
    /// Returns how many bytes of the chunk it consumed.
    pub(super) fn step(&mut self, chunk: &[u8]) -> Result<usize, Failure> {
        let is_member = chunk.first() == Some(&ID1);
        match &mut self.place {
            Place::Member(member) => {
                let taken = member.add(chunk)?;
                if taken == 0 {
                    self.close()?;
                }
                Ok(taken)
            }
            Place::Start if is_member => {
                self.open(true);
                Ok(0)
            }
            Place::Start => Err(Damage::Beginning.into()),
            Place::Behind if is_member => {
                self.open(false);
                Ok(0)
            }
            Place::Behind | Place::Padding if chunk.iter().all(|byte| *byte == 0) => {
                self.place = Place::Padding;
                Ok(chunk.len())
            }
            Place::Behind | Place::Padding => Err(Damage::Rest.into()),
        }
    }

    /// Returns what has been decompressed since the last time.
    pub(super) fn take(&mut self) -> Result<Bytes, Failure> {
        let output = match &mut self.place {
            Place::Member(member) => {
                member.decoder.flush().map_err(|error| failure(&error, Damage::Data))?;
                member.decoder.get_mut()
            }
            Place::Start | Place::Behind | Place::Padding => &mut self.output,
        };
        Ok(output.bytes.split().freeze())
    }

    /// Ends the body, and returns whether there was any input, such as an empty member.
    pub(super) fn finish(&mut self) -> Result<bool, Failure> {
        match &mut self.place {
            Place::Start => return Ok(false),
            Place::Member(member) => {
                member.complete()?;
                self.close()?;
            }
            Place::Behind | Place::Padding => {}
        }
        Ok(true)
    }

    /// Ends the body, and returns its decompressed bytes; `None` if there was no input.
    pub(super) fn end(mut self) -> Result<Option<Limited>, Failure> {
        Ok(self.finish()?.then_some(self.output))
    }

    fn open(&mut self, is_first: bool) {
        let decoder = GzDecoder::new(std::mem::take(&mut self.output));
        self.place = Place::Member(Box::new(Member { decoder, is_first }));
    }

    fn close(&mut self) -> Result<(), Failure> {
        if let Place::Member(member) = std::mem::replace(&mut self.place, Place::Behind) {
            self.output = member.decoder.finish().map_err(|error| failure(&error, Damage::CheckSum))?;
        }
        Ok(())
    }
}

impl Member {
    /// Decompresses a chunk, and returns how many bytes it consumed: 0 once the member is complete.
    fn add(&mut self, chunk: &[u8]) -> Result<usize, Failure> {
        let has_head = self.decoder.header().is_some();
        self.decoder.write(chunk).map_err(|error| {
            let damage = match (has_head, self.is_first) {
                (true, _) => Damage::Data,
                (false, true) => Damage::Beginning,
                (false, false) => Damage::Rest,
            };
            failure(&error, damage)
        })
    }

    /// Checks that the member is complete. Afterwards, it can't be used any more.
    fn complete(&mut self) -> Result<(), Failure> {
        match self.decoder.write(&[0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(Damage::End.into()),
            Err(error) => Err(failure(&error, Damage::End)),
        }
    }
}

fn failure(error: &io::Error, damage: Damage) -> Failure {
    match error.kind() {
        Limited::IS_FULL => Failure::TooLarge,
        _ => Failure::Damaged(damage),
    }
}
