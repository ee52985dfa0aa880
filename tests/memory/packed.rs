//! Gzip data that unpacks to much more than its size, in pieces that can be repeated forever.

use std::io::Write as _;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};

/// The header of a gzip member, which its blocks follow.
pub(crate) const HEADER: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff";

/// A gzip member that contains `body`.
pub(crate) fn member(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("in memory");
    encoder.finish().expect("in memory")
}

/// A mebibyte of zeros in blocks that aren't marked as the last, so any number of them can follow each other.
pub(crate) fn mebibyte() -> Vec<u8> {
    let mut blocks = Vec::with_capacity(8192);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(&vec![0; 1 << 20], &mut blocks, FlushCompress::Full).expect("in memory");
    assert_eq!(compress.total_in(), 1 << 20, "all of it");
    blocks
}
