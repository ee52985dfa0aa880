use super::*;

/// Name, id and data of an event.
type Seen = (Option<String>, Option<String>, String);

#[derive(Debug, PartialEq)]
struct Read {
    events: Vec<Seen>,
    last_id: Option<String>,
    retry: Option<Duration>,
}

fn try_read<'c>(chunks: impl IntoIterator<Item = &'c [u8]>, limit: usize) -> Result<Read, TooLarge> {
    let mut parser = Parser::new(limit);
    let mut events = Vec::new();
    let owned = |text: Option<Arc<str>>| text.map(|text| text.to_string());
    for chunk in chunks {
        parser.push(Bytes::copy_from_slice(chunk));
        while let Some(Parsed { name, id, data }) = parser.next()? {
            events.push((owned(name), owned(id), data.into_owned()));
        }
    }
    Ok(Read { events, last_id: owned(parser.last_id().cloned()), retry: parser.retry() })
}

fn read(stream: impl AsRef<[u8]>) -> Read {
    try_read([stream.as_ref()], usize::MAX).expect("no limit")
}

fn message(data: &str) -> Seen {
    (None, None, data.to_owned())
}

fn data(stream: impl AsRef<[u8]>) -> Vec<String> {
    read(stream).events.into_iter().map(|(_, _, data)| data).collect()
}

/// The examples of the standard, section 9.2.6.
#[test]
fn the_standards_examples_are_read_as_it_says() {
    assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);

    let stream = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
    let id = Some("1".to_owned());
    assert_eq!(
        read(stream),
        Read {
            events: vec![(None, id, "first event".to_owned()), message("second event"), message(" third event")],
            last_id: None,
            retry: None,
        }
    );
    assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
    assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
}

#[test]
fn a_line_ends_with_lf_or_cr_or_both() {
    for end in ["\n", "\r", "\r\n"] {
        let stream = ["data: a", "data: b", "", "data: c", "", ""].join(end);
        assert_eq!(data(&stream), ["a\nb", "c"], "{end:?}");
    }
    assert_eq!(data("data: a\r\rdata: b\r\n\rdata: c\n\r\n"), ["a", "b", "c"]);
}

#[test]
fn an_event_after_a_cr_does_not_wait_for_the_next_byte() {
    let mut parser = Parser::new(99);
    parser.push(Bytes::from_static(b"data: a\r\r"));
    assert_eq!(parser.next().expect("no limit").expect("an event").data, "a");
}

#[test]
fn only_one_byte_order_mark_is_skipped_and_only_at_the_beginning() {
    assert_eq!(data("\u{feff}data: a\n\n"), ["a"]);
    assert_eq!(data("\u{feff}\u{feff}data: a\n\ndata: b\n\n"), ["b"]);
    assert_eq!(data("data: a\n\n\u{feff}data: b\n\n"), ["a"]);
    assert_eq!(data(b"\xef\xbbdata: a\n\ndata: b\n\n"), ["b"]);
}

#[test]
fn names_ids_and_retry_are_kept_as_long_as_the_standard_says() {
    let read = read(
        "event: add\nid: 7\nretry: 250\ndata: a\n\ndata: b\n\nid: 8\n\nretry: soon\nretry: -1\nretry:\ndata: c\n\n\
         id: a\0b\ndata: d\n\nevent: lost\n\ndata: e\n\nevent: late\nid: 9\nretry: 9",
    );
    let seen =
        |name: Option<&str>, id: &str, data: &str| (name.map(str::to_owned), Some(id.to_owned()), data.to_owned());
    assert_eq!(
        read.events,
        [
            seen(Some("add"), "7", "a"),
            seen(None, "7", "b"),
            seen(None, "8", "c"),
            seen(None, "8", "d"),
            seen(None, "8", "e"),
        ]
    );
    assert_eq!((read.last_id.as_deref(), read.retry), (Some("8"), Some(Duration::from_millis(250))));
}

#[test]
fn an_empty_name_is_none_and_the_last_of_several_counts() {
    let read = read("event: a\nevent: b\ndata: 1\n\nevent: a\nevent:\ndata: 2\n\n");
    assert_eq!(read.events, [(Some("b".to_owned()), None, "1".to_owned()), message("2")]);
}

#[test]
fn unknown_fields_and_comments_are_ignored() {
    assert_eq!(data(":\n: a\ndatas: a\nDATA: a\n data: a\nda\nid : 1\ndata: b\nretry\nx\n\n"), ["b"]);
}

#[test]
fn an_event_without_its_blank_line_is_discarded() {
    assert!(data("data: a").is_empty());
    assert!(data("data: a\n").is_empty());
}

#[test]
fn invalid_utf8_is_replaced_as_the_standard_says() {
    assert_eq!(data(b"data: \xff\xf0\x9f\x98a\n\n"), ["\u{fffd}\u{fffd}a"]);
}

#[test]
fn a_retry_that_is_too_large_for_a_number_is_the_longest_time() {
    assert_eq!(read(format!("retry: {}\n", "9".repeat(99))).retry, Some(Duration::from_millis(u64::MAX)));
}

const STREAM: &str = "\u{feff}: hello\r\nevent: update\r\nid: 1\ndata: {\"a\": 1}\ndata: ü€😀\r\r\nretry: 10\n\nid: 2\n\ndata:x\n\n\
                      data\n\nevent:y\nid\ndata: last\r\n\r\n";

#[test]
fn the_events_do_not_depend_on_how_the_stream_is_split() {
    let (bytes, whole) = (STREAM.as_bytes(), read(STREAM));
    assert_eq!(whole.events.len(), 4);
    for first in 0..=bytes.len() {
        for second in first..=bytes.len() {
            let chunks = [&bytes[..first], &bytes[first..second], &bytes[second..]];
            assert_eq!(try_read(chunks, usize::MAX), Ok(read(STREAM)), "split at {first} and {second}");
        }
    }
    assert_eq!(try_read(bytes.chunks(1), usize::MAX), Ok(whole));
}

#[test]
fn the_limit_holds_for_the_lines_of_an_event_however_they_are_split() {
    let stream = b"data: 12\ndata: 34\n\nid: 1\ndata: 5\n\n";
    for size in 1..stream.len() {
        assert!(try_read(stream.chunks(size), 16).is_ok(), "chunks of {size}");
        assert_eq!(try_read(stream.chunks(size), 15), Err(TooLarge), "chunks of {size}");
    }
}

#[test]
fn an_endless_line_is_an_error_before_it_is_kept_and_an_endless_comment_is_not_kept() {
    let chunk = Bytes::from(vec![b'a'; 1000]);
    let mut parser = Parser::new(2000);
    parser.push(Bytes::from_static(b"data: "));
    assert!(parser.next().expect("within the limit").is_none());
    let failed = (0..9).position(|_| {
        parser.push(chunk.clone());
        parser.next().is_err()
    });
    assert_eq!(failed, Some(1));

    for beginning in [": ", "unknown: ", "datas"] {
        let mut parser = Parser::new(2000);
        parser.push(Bytes::copy_from_slice(beginning.as_bytes()));
        for _ in 0..9 {
            assert!(parser.next().expect("it isn't kept").is_none());
            parser.push(chunk.clone());
        }
        assert!(parser.line.capacity() < 100, "{} bytes kept", parser.line.capacity());
    }
}
