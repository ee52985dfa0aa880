//! How much memory a hostile server can make a client use: its whole process stays under 24 MiB.
//!
//! The server streams from a small buffer in this process. The client is another one, whose peak the kernel keeps: this
//! program, started again for the one test that is ignored.
#![cfg(target_os = "linux")]

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::{Error, ReqwestTransport};

mod memory {
    pub(crate) mod packed;
}
use memory::packed;

const KIBIBYTE: u64 = 1024;
const MEBIBYTE: u64 = 1024 * KIBIBYTE;
/// The promise.
const MOST: u64 = 24 * MEBIBYTE;

/// What the server sends: a beginning, and then the same for ever or so many times.
struct Stream {
    start: Vec<u8>,
    piece: Vec<u8>,
    times: usize,
}

fn stream(start: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>) -> Stream {
    Stream { start: start.into(), piece: piece.into(), times: usize::MAX }
}

/// The same often enough to be worth a write.
fn many(piece: impl AsRef<[u8]>) -> Vec<u8> {
    let piece = piece.as_ref();
    piece.repeat(65_536 / piece.len() + 1)
}

impl Stream {
    fn play(&self, mut client: TcpStream) -> io::Result<()> {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.read_exact(&mut byte)?;
            request.extend(byte);
        }
        client.write_all(&self.start)?;
        (0..self.times).try_for_each(|_| client.write_all(&self.piece))
    }
}

/// What the other process said of its one call.
#[derive(Debug)]
struct Report {
    peak: u64,
    /// How the call ended.
    end: String,
}

/// The report of a call to a server that does so.
fn call(stream: Stream, max_body_bytes: u64, attempt_timeout: Duration) -> Report {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    // It ends with the connection, which ends with the other process.
    let server = std::thread::spawn(move || stream.play(listener.accept().expect("a connection").0));
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "the_caller", "--ignored", "--nocapture"])
        .env("URL_OF_THE_SERVER", url)
        .env("MAX_BODY_BYTES", max_body_bytes.to_string())
        .env("ATTEMPT_TIMEOUT", attempt_timeout.as_secs().to_string())
        .output()
        .expect("another process");
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{said}");
    // That the client is gone is how most of them end.
    server.join().expect("no panic").ok();
    let (peak, end) = said.lines().find_map(|line| line.strip_prefix("peak ")?.split_once(": ")).expect("a report");
    Report { peak: peak.parse::<u64>().expect("a number") * KIBIBYTE, end: end.to_owned() }
}

/// The other process: one call, its error in all its texts, and the most memory that it ever had.
#[test]
#[ignore = "the other tests start it"]
fn the_caller() {
    let Ok(url) = std::env::var("URL_OF_THE_SERVER") else { return };
    let limit = |name| std::env::var(name).expect("a limit").parse().expect("a number");
    let builder = ReqwestTransport::builder(url).max_body_bytes(limit("MAX_BODY_BYTES"));
    let patience = Duration::from_secs(limit("ATTEMPT_TIMEOUT"));
    let transport = builder.attempt_timeout(patience).build().expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // An endpoint whose answer is kept whole: what a body can become is most there.
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
    let status = std::fs::read_to_string("/proc/self/status").expect("a process");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).expect("a peak");
    writeln!(io::stderr(), "peak {peak}: {end} {text}").expect("standard error");
}

/// It ends in one of these ways, within the promised memory at the default limit.
fn assert_bounded(what: &str, stream: Stream, ends: &[&str]) {
    // What goes on for ever without ever being too much ends in time alone.
    let patience = Duration::from_secs(if ends.contains(&"Timeout") { 1 } else { 20 });
    let report = call(stream, 8 * MEBIBYTE, patience);
    assert!(ends.iter().any(|end| report.end.starts_with(end)), "{what}: {report:?}");
    assert!(report.peak < MOST, "{what}: {report:?}");
    told(what, &report);
}

/// For whoever wants to know the numbers: `--nocapture`.
fn told(what: &str, report: &Report) {
    let (end, _) = report.end.split_once(' ').expect("more than a word");
    writeln!(io::stdout(), "{what}: {} KiB, {end}", report.peak / KIBIBYTE).expect("standard output");
}

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const GZIP: &str = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";

#[test]
fn the_measure_sees_a_body_that_is_let_in() {
    let start = format!("{OK}content-length: {}\r\n\r\n", 48 * MEBIBYTE);
    let body = || Stream { times: 48 * 16, ..stream(start.as_str(), many("x").split_off(1)) };
    let patience = Duration::from_secs(20);
    let report = call(body(), 64 * MEBIBYTE, patience);
    assert!(report.end.starts_with("Decode"), "it is no JSON: {report:?}");
    assert!(report.peak > 48 * MEBIBYTE, "{report:?}");
    let report = call(body(), 8 * MEBIBYTE, patience);
    assert!(report.end.starts_with("TooLarge") && report.peak < MOST, "{report:?}");
}

#[test]
fn an_endless_body_is_too_large_before_it_is_much() {
    let terabyte = format!("{OK}content-length: 1000000000000\r\n\r\n");
    for (what, stream) in [
        ("an announced terabyte", stream(terabyte, many("x"))),
        ("a body without an end", stream(format!("{OK}\r\n"), many("x"))),
        ("chunks", stream(CHUNKED, format!("10000\r\n{}\r\n", "x".repeat(65_536)))),
        ("small chunks", stream(CHUNKED, many(format!("100\r\n{}\r\n", "x".repeat(256))))),
        ("one chunk", stream(format!("{CHUNKED}FFFFFFFFFFFFFFFF\r\n"), many("x"))),
        ("of an error", stream("HTTP/1.1 500 -\r\n\r\n", many("x"))),
        ("of an error, no text", stream("HTTP/1.1 500 -\r\n\r\n", many([0xff]))),
        ("of a redirect", stream("HTTP/1.1 302 -\r\nlocation: /\r\n\r\n", many("x"))),
    ] {
        assert_bounded(what, stream, &["TooLarge"]);
    }
    assert_bounded("chunks of one byte", stream(CHUNKED, many("1\r\nx\r\n")), &["Timeout", "TooLarge"]);
}

#[test]
fn a_bomb_of_gzip_is_too_large_before_it_is_much() {
    for (what, stream) in [
        (
            "ten gigabytes of zeros",
            Stream { times: 10_240, ..stream([GZIP.as_bytes(), packed::HEADER].concat(), packed::mebibyte()) },
        ),
        ("zeros without an end", stream([GZIP.as_bytes(), packed::HEADER].concat(), many(packed::mebibyte()))),
        ("members without an end", stream(GZIP, many(packed::member(&vec![0; 1 << 20])))),
        ("small members", stream(GZIP, many(packed::member(&[b'x'; 1024])))),
        ("a bomb in a bomb", stream(GZIP, many(packed::member(&many(packed::member(&vec![0; 1 << 20])))))),
        (
            "on an error",
            stream(
                [b"HTTP/1.1 500 -\r\ncontent-encoding: gzip\r\n\r\n", packed::HEADER].concat(),
                many(packed::mebibyte()),
            ),
        ),
    ] {
        assert_bounded(what, stream, &["TooLarge"]);
    }
    // They hold little, and so don't become too large in time.
    assert_bounded("members of one byte", stream(GZIP, many(packed::member(b"x"))), &["Timeout", "TooLarge"]);
    assert_bounded("members of nothing", stream(GZIP, many(packed::member(b""))), &["Timeout"]);
    let named = [GZIP.as_bytes(), b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"].concat();
    assert_bounded("a name without an end", stream(named, many("x")), &["Transport"]);
}

#[test]
fn a_head_without_an_end_is_no_answer() {
    let line = "x-header-of-a-hundred-thousand: value\r\n";
    let hint = format!("HTTP/1.1 103 -\r\nlink: {}\r\n\r\n", "x".repeat(300_000));
    for (what, stream) in [
        ("a hundred thousand header lines", Stream { times: 100_000, ..stream(OK, line) }),
        ("header lines without an end", stream(OK, many(line))),
        ("one header line of 100 MB", Stream { times: 1600, ..stream(format!("{OK}x: "), many("x")) }),
        ("a header's name without an end", stream(OK, many("x"))),
        ("a status line without an end", stream("HTTP/1.1 200 ", many("x"))),
        ("no status line at all", stream("", many("x"))),
        ("zeros", stream("", many([0]))),
        ("empty lines", stream("", many("\r\n"))),
    ] {
        assert_bounded(what, stream, &["Transport"]);
    }
    for (what, piece) in [("hints", "HTTP/1.1 103 -\r\nlink: </a>\r\n\r\n"), ("large hints", &hint)] {
        assert_bounded(what, stream("", many(piece)), &["Timeout"]);
    }
}

#[test]
fn what_stands_around_chunks_without_an_end_is_no_body() {
    for (what, stream) in [
        ("an extension", stream(format!("{CHUNKED}1;"), many("x"))),
        ("extensions", stream(CHUNKED, many("1;extension=value\r\n \r\n"))),
        ("a trailer", stream(format!("{CHUNKED}2\r\n{{}}\r\n0\r\nx: "), many("x"))),
        ("trailers", stream(format!("{CHUNKED}2\r\n{{}}\r\n0\r\n"), many("x-trailer: value\r\n"))),
    ] {
        assert_bounded(what, stream, &["Transport"]);
    }
    // Leading zeros of a size are no number yet.
    assert_bounded("a size of zeros", stream(CHUNKED, many("0")), &["Timeout"]);
}

/// The largest answer that is let in, and the texts of its error.
#[test]
fn an_undeclared_answer_of_the_limits_size_is_told_within_the_same_memory() {
    let start = format!("HTTP/1.1 500 -\r\ncontent-length: {}\r\n\r\n", 8 * MEBIBYTE);
    for (what, byte) in [("text", b'x'), ("control characters", 0x1b), ("no text", 0xff)] {
        let body = Stream { times: 128, ..stream(start.as_str(), vec![byte; 65_536]) };
        assert_bounded(what, body, &["Status"]);
    }
}

/// The body itself, the value that it is read as, the error that quotes it: no more than twelve times the limit together, and
/// twenty where an object is left open, since each of its values takes 32 bytes.
#[test]
fn an_answer_of_the_limits_size_costs_no_more_than_a_number_of_times_it() {
    for (what, start, piece, end, most) in [
        ("a text where a list was expected", "{\"results\": \"", "x", "\"}", 12),
        ("what is longer when it is quoted", "{\"results\": \"", "\u{7f}", "\"}", 12),
        ("a field that nobody reads", "{\"new\": \"", "x", "\"}", 3),
        ("a page", "<html>", "<", ">", 3),
        ("an open object", "{\"results\": [{\"a\": [", "0,", "0]}]}", 20),
        ("a list of open objects", "{\"results\": [", "{},", "{}]}", 20),
    ] {
        let limit = 2 * MEBIBYTE;
        let times = (usize::try_from(limit).expect("two million") - start.len() - end.len()) / piece.len();
        let body = format!("{start}{}{end}", piece.repeat(times));
        let whole = stream(format!("{OK}content-length: {}\r\n\r\n{body}", body.len()), "");
        let report = call(Stream { times: 1, ..whole }, limit, Duration::from_secs(20));
        assert!(["Ok", "Decode"].iter().any(|end| report.end.starts_with(end)), "{what}: {report:?}");
        // A process that does nothing has eight or nine.
        assert!(report.peak < 10 * MEBIBYTE + most * limit, "{what}: {} bytes", report.peak);
        told(what, &report);
    }
}
