//! A gzip body: a series of members ([RFC 1952, 2.2](https://www.rfc-editor.org/rfc/rfc1952#section-2.2)), each with a
//! checksum. Zero padding after the last one is ignored, as gzip(1) does.

use std::io::{self, Write as _};

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
    unpacked: Limited,
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
        Self { place: Place::Start, unpacked: limited }
    }

    pub(super) fn add(&mut self, mut chunk: &[u8]) -> Result<(), Failure> {
        while let Some(&first) = chunk.first() {
            match &mut self.place {
                Place::Member(member) => match member.add(chunk)? {
                    0 => self.close()?,
                    taken => chunk = &chunk[taken..],
                },
                Place::Start if first == ID1 => self.open(true),
                Place::Start => return Err(Damage::Beginning.into()),
                Place::Behind if first == ID1 => self.open(false),
                Place::Behind | Place::Padding if chunk.iter().all(|byte| *byte == 0) => {
                    self.place = Place::Padding;
                    return Ok(());
                }
                Place::Behind | Place::Padding => return Err(Damage::Rest.into()),
            }
        }
        Ok(())
    }

    /// Ends the body and returns its decompressed bytes; `None` if there was no input at all, not even an empty member.
    pub(super) fn end(mut self) -> Result<Option<Limited>, Failure> {
        match &mut self.place {
            Place::Start => return Ok(None),
            Place::Member(member) => {
                member.complete()?;
                self.close()?;
            }
            Place::Behind | Place::Padding => {}
        }
        Ok(Some(self.unpacked))
    }

    fn open(&mut self, is_first: bool) {
        let decoder = GzDecoder::new(std::mem::take(&mut self.unpacked));
        self.place = Place::Member(Box::new(Member { decoder, is_first }));
    }

    fn close(&mut self) -> Result<(), Failure> {
        if let Place::Member(member) = std::mem::replace(&mut self.place, Place::Behind) {
            self.unpacked = member.decoder.finish().map_err(|error| failure(&error, Damage::CheckSum))?;
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
