//! What the server sends: JSON lines, as they are and in gzip.

use std::io::{Result, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// How many bytes a download or an upload is: 1 GiB.
pub const SIZE: u64 = 1 << 30;

/// A part of the content, which is this part again and again.
const PART: usize = 4 << 20;
/// How much is written at once.
const PIECE: usize = 256 * 1024;

pub(super) struct Content {
    part: Vec<u8>,
    packed: Vec<u8>,
}

impl Content {
    pub(super) fn new() -> Result<Self> {
        let lines = (0u32..).flat_map(|number| {
            // Digits without a pattern that would compress too well.
            let number = number.wrapping_mul(2_654_435_761);
            let id = number.reverse_bits();
            format!("{{\"id\":\"1-{id:08x}\",\"status\":\"DELIVERED\",\"enqueued\":{number},\"recipient\":\"ada\"}}\n")
                .into_bytes()
        });
        let part: Vec<u8> = lines.take(PART).collect();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        for _ in 0..SIZE / PART as u64 {
            encoder.write_all(&part)?;
        }
        Ok(Self { part, packed: encoder.finish()? })
    }

    pub(super) fn send(&self, client: &mut impl Write) -> Result<()> {
        write!(client, "HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n")?;
        for _ in 0..SIZE / PART as u64 {
            self.part.chunks(PIECE).try_for_each(|piece| client.write_all(piece))?;
        }
        Ok(())
    }

    pub(super) fn send_packed(&self, client: &mut impl Write) -> Result<()> {
        let length = self.packed.len();
        write!(client, "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n")?;
        client.write_all(&self.packed)
    }
}
