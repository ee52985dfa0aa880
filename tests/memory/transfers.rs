//! Bodies that are read or sent as streams take the memory of a few chunks, however large they are.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use courier_core::{Body, Download, Request, Result, Transport, endpoint};
use futures_util::stream;

use super::hostile::{CHUNKED, GZIP, KIBIBYTE, MEBIBYTE, OK, Report, Stream, many, read_head, report, run};
use super::{hostile, packed};
use crate::under_test::Network;

const SIZE: u64 = 64 * MEBIBYTE;
/// An idle process takes eight or nine MiB.
const MOST: u64 = 16 * MEBIBYTE;
const PIECE: usize = 65_536;
const PIECES: usize = 1024;

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 200)]
    async fn file(&self) -> Result<Download>;
}
impl<T: Transport + ?Sized> Files for T {}

/// The child process: makes one transfer, and reports how many bytes it was.
#[test]
#[ignore = "started by the other tests"]
fn the_client() {
    let Ok(url) = std::env::var("URL_OF_THE_SERVER") else { return };
    let transfer = std::env::var("TRANSFER").expect("a transfer");
    let client = Network::builder(url).build().expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let length = runtime.block_on(async {
        match &*transfer {
            "chunks" => read(client.file().await.expect("a response"), 0).await,
            "chunks after pauses" => read(client.file().await.expect("a response"), 20).await,
            "all" => client.file().await.expect("a response").bytes(SIZE).await.expect("all of it").len() as u64,
            "saved" => save(client.file().await.expect("a response")).await,
            "sent in chunks" => send(&client, Body::from_stream(pieces())).await,
            "sent with a length" => send(&client, Body::from_stream(pieces()).with_length(SIZE)).await,
            "sent from a file" => send_file(&client).await,
            "sent from a function" => send(&client, Body::from_fn(|| Body::from_stream(pieces()))).await,
            _ => panic!("an unknown transfer"),
        }
    });
    report(&length.to_string());
}

/// Reads the size of the test, since the body may be longer, with some pauses at the beginning.
async fn read(mut download: Download, mut pauses: u32) -> u64 {
    let mut length = 0;
    while length < SIZE {
        let Some(chunk) = download.chunk().await.expect("a chunk") else { break };
        length += chunk.len() as u64;
        if pauses > 0 {
            pauses -= 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    length.min(SIZE)
}

async fn save(download: Download) -> u64 {
    let path = std::env::temp_dir().join(format!("courier-memory-{}", std::process::id()));
    let length = download.save_to(&path).await.expect("a file");
    assert_eq!(std::fs::metadata(&path).expect("the file").len(), length);
    std::fs::remove_file(path).expect("the file");
    length
}

async fn send(client: &Network, body: Body) -> u64 {
    let request: Request = http::Request::put("/file").body(body).expect("a request");
    let response = client.send(request).await.expect("a response");
    assert_eq!(response.status(), 204);
    SIZE
}

async fn send_file(client: &Network) -> u64 {
    let path = std::env::temp_dir().join(format!("courier-memory-sent-{}", std::process::id()));
    // Without content on the disk: it is read as zeros.
    let file = std::fs::File::create(&path).expect("a file");
    file.set_len(SIZE).expect("a length");
    let length = send(client, Body::from_file(&path).expect("the file")).await;
    std::fs::remove_file(path).expect("the file");
    length
}

/// Each in memory of its own.
fn pieces() -> impl stream::Stream<Item = io::Result<Bytes>> {
    stream::iter((0..PIECES).map(|_| Ok(Bytes::from(vec![b'x'; PIECE]))))
}

fn transfer(name: &str, serve: impl FnOnce(TcpStream) -> io::Result<()> + Send + 'static) -> Report {
    let report = run("memory::transfers::the_client", &[("TRANSFER", name.to_owned())], serve);
    assert_eq!(report.end, SIZE.to_string(), "{name}");
    report
}

fn assert_small(what: &str, report: &Report) {
    assert!(report.peak < MOST, "{what}: {report:?}");
    writeln!(io::stdout(), "{what}: {} KiB", report.peak / KIBIBYTE).expect("standard output");
}

fn file() -> Stream {
    Stream { times: PIECES, ..hostile::stream(format!("{OK}content-length: {SIZE}\r\n\r\n"), vec![b'x'; PIECE]) }
}

#[test]
fn the_measurement_notices_a_download_that_is_held_whole() {
    let report = transfer("all", |client| file().play(client));
    assert!(report.peak > SIZE, "{report:?}");
}

#[test]
fn a_download_takes_the_memory_of_a_few_chunks_however_large_it_is() {
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(PIECE));
    let gzip = || hostile::stream([GZIP.as_bytes(), packed::HEADER].concat(), many(packed::mebibyte()));
    for (what, name, stream) in [
        ("with a length", "chunks", file()),
        ("in chunks", "chunks", hostile::stream(CHUNKED, chunk)),
        ("in gzip", "chunks", gzip()),
        ("with a length, read slowly", "chunks after pauses", file()),
        ("in gzip, read slowly", "chunks after pauses", gzip()),
        ("to a file", "saved", file()),
    ] {
        let report = transfer(name, move |client| stream.play(client));
        assert_small(what, &report);
    }
}

#[test]
fn an_upload_takes_the_memory_of_a_few_chunks_however_large_it_is() {
    for (name, in_chunks) in [
        ("sent in chunks", true),
        ("sent from a function", true),
        ("sent with a length", false),
        ("sent from a file", false),
    ] {
        let report = transfer(name, move |mut client| {
            read_head(&mut client)?;
            // A slow server: the client must not read its own stream ahead.
            std::thread::sleep(Duration::from_millis(200));
            if in_chunks {
                receive_chunks(&mut client)?;
            } else {
                io::copy(&mut (&mut client).take(SIZE), &mut io::sink())?;
            }
            client.write_all(b"HTTP/1.1 204 -\r\n\r\n")
        });
        assert_small(name, &report);
    }
}

/// Reads until the last chunk, which the content isn't like.
fn receive_chunks(client: &mut TcpStream) -> io::Result<()> {
    let (mut buffer, mut end) = (vec![0; PIECE], Vec::new());
    while !end.ends_with(b"\r\n0\r\n\r\n") {
        let length = client.read(&mut buffer)?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        end.extend_from_slice(&buffer[..length]);
        end.drain(..end.len().saturating_sub(16));
    }
    Ok(())
}
