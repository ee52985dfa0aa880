//! How much memory a client uses when a server is hostile, or a body is large. Against a hostile server, its whole process stays
//! below 24 MiB.
//!
//! The server runs in this process and streams from a small buffer. The client runs in a child process, because the
//! kernel records the peak memory of a process as a whole. The child is this same program, which runs only the test that
//! is otherwise ignored.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::{Download, Error, Result, Transport, endpoint};

use super::packed;
use crate::under_test::Network;

pub(super) const KIBIBYTE: u64 = 1024;
pub(super) const MEBIBYTE: u64 = 1024 * KIBIBYTE;
/// The limit that the guarantees promise.
const MOST: u64 = 24 * MEBIBYTE;

/// What the server sends: a start, then the same piece forever or a number of times.
pub(super) struct Stream {
    pub(super) start: Vec<u8>,
    pub(super) piece: Vec<u8>,
    pub(super) times: usize,
}

pub(super) fn stream(start: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>) -> Stream {
    Stream { start: start.into(), piece: piece.into(), times: usize::MAX }
}

/// Repeats the piece up to a size that is worth a write.
pub(super) fn many(piece: impl AsRef<[u8]>) -> Vec<u8> {
    let piece = piece.as_ref();
    piece.repeat(65_536 / piece.len() + 1)
}

impl Stream {
    pub(super) fn play(&self, mut client: TcpStream) -> io::Result<()> {
        read_head(&mut client)?;
        client.write_all(&self.start)?;
        (0..self.times).try_for_each(|_| client.write_all(&self.piece))
    }
}

pub(super) fn read_head(client: &mut TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(())
}

/// What the child process reports about its call.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) peak: u64,
    /// How the call ended.
    pub(super) end: String,
}

/// Calls a server that sends this stream, from a child process.
fn call(stream: Stream, max_body_bytes: u64, attempt_timeout: Duration) -> Report {
    report_of("memory::hostile::the_caller", stream, max_body_bytes, attempt_timeout)
}

/// The report of a child process that runs this test.
fn report_of(child: &str, stream: Stream, max_body_bytes: u64, attempt_timeout: Duration) -> Report {
    let limits =
        [("MAX_BODY_BYTES", max_body_bytes.to_string()), ("ATTEMPT_TIMEOUT", attempt_timeout.as_secs().to_string())];
    run(child, &limits, move |client| stream.play(client))
}

/// Runs an ignored test as a child process, with a server that serves one connection.
pub(super) fn run(
    test: &str,
    variables: &[(&str, String)],
    serve: impl FnOnce(TcpStream) -> io::Result<()> + Send + 'static,
) -> Report {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    // The server ends with its connection, which ends with the child process.
    let server = std::thread::spawn(move || serve(listener.accept().expect("a connection").0));
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("URL_OF_THE_SERVER", url)
        .envs(variables.iter().cloned())
        .output()
        .expect("a child process");
    let report = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{report}");
    // Most streams end with an error, because the client closes the connection.
    server.join().expect("no panic").ok();
    let (peak, end) = report.lines().find_map(|line| line.strip_prefix("peak ")?.split_once(": ")).expect("a report");
    Report { peak: peak.parse::<u64>().expect("a number") * KIBIBYTE, end: end.to_owned() }
}

/// The child process: makes one call, formats its error in every way, and reports its peak memory.
#[test]
#[ignore = "started by the other tests"]
fn the_caller() {
    let Ok(url) = std::env::var("URL_OF_THE_SERVER") else { return };
    let limit = |name| std::env::var(name).expect("a limit").parse().expect("a number");
    let builder = Network::builder(url).max_body_bytes(limit("MAX_BODY_BYTES"));
    let patience = Duration::from_secs(limit("ATTEMPT_TIMEOUT"));
    let transport = builder.attempt_timeout(patience).build().expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // This endpoint's type keeps every field of the response, so it uses the most memory.
    let result = runtime.block_on(async { transport.history("1-65f0c0e1", None).await });
    let end = match &result {
        Ok(_) => "Ok",
        Err(Error::Transport { .. }) => "Transport",
        Err(Error::Timeout { .. }) => "Timeout",
        Err(Error::TooLarge { .. }) => "TooLarge",
        Err(Error::Status { .. }) => "Status",
        Err(Error::Decode { .. }) => "Decode",
        Err(_) => "another error",
    };
    let text = result.as_ref().err().map(|error| format!("{error} {error:?} {error:#?}")).unwrap_or_default();
    report(&format!("{end} {text}"));
}

/// Reports from the child process how its work ended, and its peak memory.
pub(super) fn report(end: &str) {
    let status = std::fs::read_to_string("/proc/self/status").expect("a process");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).expect("a peak");
    writeln!(io::stderr(), "peak {peak}: {end}").expect("standard error");
}

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 200)]
    async fn file(&self) -> Result<Download>;
}
impl<T: Transport> Files for T {}

/// The child process that reads a stream slower than it comes: 1,000 chunks, with a millisecond between.
#[test]
#[ignore = "started by the other tests"]
fn the_reader() {
    let Ok(url) = std::env::var("URL_OF_THE_SERVER") else { return };
    let transport = Network::builder(url).build().expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let length = runtime.block_on(async {
        let mut download = transport.file().await.expect("a download");
        let mut length = 0;
        for _ in 0..1000 {
            length += download.chunk().await.expect("a chunk").expect("it is endless").len();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        length
    });
    report(&format!("{length} bytes"));
}

#[test]
fn a_stream_is_read_slowly_within_bounded_memory() {
    for (what, stream) in [
        ("endless body", stream(format!("{OK}\r\n"), many("x"))),
        ("one endless chunk", stream(format!("{CHUNKED}FFFFFFFFFFFFFFFF\r\n"), many("x"))),
        ("endless zeros", stream([GZIP.as_bytes(), packed::HEADER].concat(), many(packed::mebibyte()))),
        ("a bomb in a bomb", stream(GZIP, many(packed::member(&many(packed::member(&vec![0; 1 << 20])))))),
    ] {
        let report = report_of("memory::hostile::the_reader", stream, 0, Duration::ZERO);
        let length: u64 = report.end.strip_suffix(" bytes").expect("a length").parse().expect("a number");
        assert!(length > MEBIBYTE, "{what}: {report:?}");
        assert!(report.peak < MOST, "{what}: {report:?}");
        print(what, &report);
    }
}

/// The call ends in one of these ways, within the promised memory, at the default body limit.
fn assert_bounded(what: &str, stream: Stream, ends: &[&str]) {
    // Only the timeout ends a stream that goes on forever without ever being too large.
    let patience = Duration::from_secs(if ends.contains(&"Timeout") { 1 } else { 20 });
    let report = call(stream, 8 * MEBIBYTE, patience);
    assert!(ends.iter().any(|end| report.end.starts_with(end)), "{what}: {report:?}");
    assert!(report.peak < MOST, "{what}: {report:?}");
    print(what, &report);
}

/// Prints the measurement, for a run with `--nocapture`.
fn print(what: &str, report: &Report) {
    let (end, _) = report.end.split_once(' ').expect("more than a word");
    writeln!(io::stdout(), "{what}: {} KiB, {end}", report.peak / KIBIBYTE).expect("standard output");
}

pub(super) const OK: &str = "HTTP/1.1 200 OK\r\n";
pub(super) const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
pub(super) const GZIP: &str = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";

#[test]
fn the_measurement_notices_a_body_that_is_accepted() {
    let start = format!("{OK}content-length: {}\r\n\r\n", 48 * MEBIBYTE);
    let body = || Stream { times: 48 * 16, ..stream(start.as_str(), many("x").split_off(1)) };
    let patience = Duration::from_secs(20);
    let report = call(body(), 64 * MEBIBYTE, patience);
    assert!(report.end.starts_with("Decode"), "the body isn't JSON: {report:?}");
    assert!(report.peak > 48 * MEBIBYTE, "{report:?}");
    let report = call(body(), 8 * MEBIBYTE, patience);
    assert!(report.end.starts_with("TooLarge") && report.peak < MOST, "{report:?}");
}

#[test]
fn an_endless_body_is_an_error_within_bounded_memory() {
    let terabyte = format!("{OK}content-length: 1000000000000\r\n\r\n");
    for (what, stream) in [
        ("content-length of a terabyte", stream(terabyte, many("x"))),
        ("endless body", stream(format!("{OK}\r\n"), many("x"))),
        ("endless chunks", stream(CHUNKED, format!("10000\r\n{}\r\n", "x".repeat(65_536)))),
        ("endless small chunks", stream(CHUNKED, many(format!("100\r\n{}\r\n", "x".repeat(256))))),
        ("one endless chunk", stream(format!("{CHUNKED}FFFFFFFFFFFFFFFF\r\n"), many("x"))),
        ("endless body of an error", stream("HTTP/1.1 500 -\r\n\r\n", many("x"))),
        ("endless body of an error, not text", stream("HTTP/1.1 500 -\r\n\r\n", many([0xff]))),
        ("endless body of a redirect", stream("HTTP/1.1 302 -\r\nlocation: /\r\n\r\n", many("x"))),
    ] {
        assert_bounded(what, stream, &["TooLarge"]);
    }
    assert_bounded("endless chunks of one byte", stream(CHUNKED, many("1\r\nx\r\n")), &["Timeout", "TooLarge"]);
}

#[test]
fn a_gzip_bomb_is_an_error_within_bounded_memory() {
    for (what, stream) in [
        (
            "ten gigabytes of zeros",
            Stream { times: 10_240, ..stream([GZIP.as_bytes(), packed::HEADER].concat(), packed::mebibyte()) },
        ),
        ("endless zeros", stream([GZIP.as_bytes(), packed::HEADER].concat(), many(packed::mebibyte()))),
        ("endless members", stream(GZIP, many(packed::member(&vec![0; 1 << 20])))),
        ("endless small members", stream(GZIP, many(packed::member(&[b'x'; 1024])))),
        ("a bomb in a bomb", stream(GZIP, many(packed::member(&many(packed::member(&vec![0; 1 << 20])))))),
        (
            "endless zeros of an error",
            stream(
                [b"HTTP/1.1 500 -\r\ncontent-encoding: gzip\r\n\r\n", packed::HEADER].concat(),
                many(packed::mebibyte()),
            ),
        ),
    ] {
        assert_bounded(what, stream, &["TooLarge"]);
    }
    // These members hold so little that the attempt may end first.
    assert_bounded("endless members of one byte", stream(GZIP, many(packed::member(b"x"))), &["Timeout", "TooLarge"]);
    assert_bounded("endless empty members", stream(GZIP, many(packed::member(b""))), &["Timeout"]);
    let named = [GZIP.as_bytes(), b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"].concat();
    assert_bounded("endless file name", stream(named, many("x")), &["Transport"]);
}

#[test]
fn an_endless_head_is_an_error_within_bounded_memory() {
    let line = "x-header-of-a-hundred-thousand: value\r\n";
    let hint = format!("HTTP/1.1 103 -\r\nlink: {}\r\n\r\n", "x".repeat(300_000));
    for (what, stream) in [
        ("100,000 header lines", Stream { times: 100_000, ..stream(OK, line) }),
        ("endless header lines", stream(OK, many(line))),
        ("one header line of 100 MB", Stream { times: 1600, ..stream(format!("{OK}x: "), many("x")) }),
        ("endless header name", stream(OK, many("x"))),
        ("endless status line", stream("HTTP/1.1 200 ", many("x"))),
        ("no status line", stream("", many("x"))),
        ("endless zeros", stream("", many([0]))),
        ("endless empty lines", stream("", many("\r\n"))),
    ] {
        assert_bounded(what, stream, &["Transport"]);
    }
    for (what, piece) in
        [("endless early hints", "HTTP/1.1 103 -\r\nlink: </a>\r\n\r\n"), ("endless large early hints", &hint)]
    {
        assert_bounded(what, stream("", many(piece)), &["Timeout"]);
    }
}

#[test]
fn endless_chunk_extensions_and_trailers_are_an_error_within_bounded_memory() {
    for (what, stream) in [
        ("endless extension", stream(format!("{CHUNKED}1;"), many("x"))),
        ("endless extensions", stream(CHUNKED, many("1;extension=value\r\n \r\n"))),
        ("endless trailer", stream(format!("{CHUNKED}2\r\n{{}}\r\n0\r\nx: "), many("x"))),
        ("endless trailers", stream(format!("{CHUNKED}2\r\n{{}}\r\n0\r\n"), many("x-trailer: value\r\n"))),
    ] {
        assert_bounded(what, stream, &["Transport"]);
    }
    // Leading zeros don't complete the size of a chunk.
    assert_bounded("endless leading zeros", stream(CHUNKED, many("0")), &["Timeout"]);
}

/// The largest accepted response, and every text of its error.
#[test]
fn an_undeclared_response_of_the_maximum_size_is_reported_within_bounded_memory() {
    let start = format!("HTTP/1.1 500 -\r\ncontent-length: {}\r\n\r\n", 8 * MEBIBYTE);
    for (what, byte) in [("text", b'x'), ("control characters", 0x1b), ("not text", 0xff)] {
        let body = Stream { times: 128, ..stream(start.as_str(), vec![byte; 65_536]) };
        assert_bounded(what, body, &["Status"]);
    }
}

/// The body, the value that it is decoded into and the error that quotes it take at most twelve times the limit together. For
/// objects with arbitrary fields it is twenty times, since each of their values takes 32 bytes.
#[test]
fn a_response_of_the_maximum_size_takes_a_bounded_multiple_of_it() {
    for (what, start, piece, end, most) in [
        ("a string where a list was expected", "{\"results\": \"", "x", "\"}", 12),
        ("a string that grows when it is escaped", "{\"results\": \"", "\u{7f}", "\"}", 12),
        ("an unknown field", "{\"new\": \"", "x", "\"}", 3),
        ("an HTML page", "<html>", "<", ">", 3),
        ("an object with arbitrary fields", "{\"results\": [{\"a\": [", "0,", "0]}]}", 20),
        ("a list of such objects", "{\"results\": [", "{},", "{}]}", 20),
    ] {
        let limit = 2 * MEBIBYTE;
        let times = (usize::try_from(limit).expect("two million") - start.len() - end.len()) / piece.len();
        let body = format!("{start}{}{end}", piece.repeat(times));
        let whole = stream(format!("{OK}content-length: {}\r\n\r\n{body}", body.len()), "");
        let report = call(Stream { times: 1, ..whole }, limit, Duration::from_secs(20));
        assert!(["Ok", "Decode"].iter().any(|end| report.end.starts_with(end)), "{what}: {report:?}");
        // An idle process takes eight or nine MiB.
        assert!(report.peak < 10 * MEBIBYTE + most * limit, "{what}: {} bytes", report.peak);
        print(what, &report);
    }
}
