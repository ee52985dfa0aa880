//! The byte order mark that a text may begin with.

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Skips the mark at the beginning of a stream, however it is split into chunks.
#[derive(Debug, Default)]
pub(super) struct ByteOrderMark {
    is_decided: bool,
}

impl ByteOrderMark {
    /// Whether more bytes may belong to the mark.
    pub(super) fn may_follow(&self) -> bool {
        !self.is_decided
    }

    /// How many bytes of the chunk to skip. `kept` has the bytes of the mark that came before; they remain if it isn't a mark
    /// after all.
    pub(super) fn skip(&mut self, kept: &mut Vec<u8>, chunk: &[u8]) -> usize {
        if self.is_decided {
            return 0;
        }
        let missing = &MARK[kept.len()..];
        if missing.starts_with(chunk) && missing != chunk {
            kept.extend_from_slice(chunk);
            return chunk.len();
        }
        self.is_decided = true;
        if chunk.starts_with(missing) {
            kept.clear();
            missing.len()
        } else {
            0
        }
    }
}
