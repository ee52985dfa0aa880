//! A compressed stream: decompressed as it arrives, in pieces of bounded size. A damaged one is an error.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::flow::transport::broken::gzip::gzip;

fn reply(packed: impl AsRef<[u8]>) -> Reply {
    Reply::with_headers(200, &["content-encoding: gzip", "etag: \"v1\""], packed)
}

#[tokio::test]
async fn a_compressed_stream_is_decompressed_and_its_headers_say_so() {
    let text = "0123456789".repeat(100_000);
    // Two members, and padding.
    let packed = [&gzip(&text)[..], &gzip("end"), &[0; 100]].concat();
    let server = Server::start([reply(packed), reply("")]).await;
    let client = server.transport();
    let download = client.file().await.expect("a download");
    let names: Vec<_> = download.headers().keys().map(|name| name.as_str().to_owned()).collect();
    assert_eq!((names, download.content_length()), (vec!["etag".to_owned()], None));
    assert_eq!(download.bytes(u64::MAX).await.expect("all"), text + "end");
    assert_eq!(client.file().await.expect("a download").bytes(0).await.expect("nothing"), "");
}

#[tokio::test]
async fn compressed_data_is_returned_as_it_arrives() {
    let peer = Peer::bind().await;
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
    let (mut download, mut stream) = peer.download(&peer.client(), head).await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for event in ["first event\n", "second event\n", "third event\n"] {
        encoder.write_all(event.as_bytes()).expect("in memory");
        encoder.flush().expect("in memory");
        write(&mut stream, std::mem::take(encoder.get_mut())).await;
        let chunk = tokio::time::timeout(5 * SECOND, download.chunk()).await.expect("it has come");
        assert_eq!(chunk.expect("a chunk").expect("a chunk"), event);
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_decompressed_in_pieces_of_bounded_size() {
    // 64 MiB in 64 KiB.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let mebibyte = vec![0; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&mebibyte).expect("in memory");
    }
    let bomb = encoder.finish().expect("in memory");
    let server = Server::start([reply(&bomb), reply(&bomb)]).await;
    let client = server.transport();
    let mut download = client.file().await.expect("a download");
    let (mut all, mut largest) = (0, 0);
    while let Some(chunk) = download.chunk().await.expect("a chunk") {
        all += chunk.len();
        largest = largest.max(chunk.len());
    }
    assert_eq!(all, 64 << 20);
    assert!(largest <= 128 * 1024, "{largest}");

    // A limit of the call counts unpacked bytes.
    let download = client.file().max_body_bytes(1_000_000).await.expect("a download");
    let error = transport_error(download.bytes(u64::MAX).await);
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 1_000_000 });
}

#[tokio::test]
async fn a_damaged_or_truncated_compressed_stream_is_an_error_and_never_a_short_file() {
    let packed = gzip("0123456789".repeat(1000));
    let mut damaged = packed.clone();
    let checksum = packed.len() - 8;
    damaged[checksum] ^= 0x55;
    let cut = (1..packed.len()).map(|length| packed[..length].to_vec());
    let others =
        [damaged, [&packed[..], b"garbage"].concat(), [&packed[..], &packed[..20]].concat(), b"plain".to_vec()];
    for body in cut.chain(others) {
        let length = body.len();
        let server = Server::start([reply(body)]).await;
        let mut download = server.transport().file().await.expect("a download");
        let error = loop {
            match download.chunk().await {
                Ok(chunk) => drop(chunk.unwrap_or_else(|| panic!("{length} bytes passed for all"))),
                error => break transport_error(error),
            }
        };
        assert_eq!(
            (error.kind(), error.status().map(|status| status.as_u16())),
            (TransportErrorKind::ContentEncoding, Some(200))
        );
    }
}
