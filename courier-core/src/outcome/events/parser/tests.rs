use proptest::prelude::*;

use super::*;

/// What a stream gives: its events, and what it leaves behind.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    /// Name, id, data.
    events: Vec<(String, String, String)>,
    last_id: String,
    retry: Option<Duration>,
    is_too_large: bool,
}

impl Seen {
    fn from_chunks<'c>(chunks: impl IntoIterator<Item = &'c [u8]>, limit: usize) -> Self {
        let (mut seen, mut parser) = (Self::default(), Parser::new(limit));
        'chunks: for chunk in chunks {
            parser.push(Bytes::copy_from_slice(chunk));
            loop {
                match parser.next() {
                    Ok(Some(Parsed { name, id, data })) => {
                        let (name, id) = (name.as_deref().unwrap_or("message"), id.as_deref().unwrap_or_default());
                        seen.events.push((name.to_owned(), id.to_owned(), data.into_owned()));
                    }
                    Ok(None) => break,
                    Err(TooLarge) => {
                        seen.is_too_large = true;
                        break 'chunks;
                    }
                }
            }
            let held = parser.line.len() + parser.buffer_len();
            assert!(held <= limit.saturating_add(Field::LONGEST_BEGINNING), "{held} bytes are held");
        }
        seen.last_id = parser.last_id().map(ToString::to_string).unwrap_or_default();
        seen.retry = parser.retry();
        seen
    }

    /// The standard's algorithm, step by step, for a whole stream.
    fn by_the_standard(stream: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stream).replace("\r\n", "\n").replace('\r', "\n");
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (mut data, mut name, mut id, mut seen) = (String::new(), String::new(), String::new(), Self::default());
        // The part after the last line end isn't a line.
        let mut lines: Vec<&str> = text.split('\n').collect();
        lines.pop();
        for line in lines {
            if line.is_empty() {
                seen.last_id.clone_from(&id);
                if !data.is_empty() {
                    data.pop();
                    let name = if name.is_empty() { "message" } else { &name };
                    seen.events.push((name.to_owned(), id.clone(), data.clone()));
                }
                data.clear();
                name.clear();
                continue;
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut name),
                "data" => data.extend([value, "\n"]),
                "id" if !value.contains('\0') => value.clone_into(&mut id),
                "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    seen.retry = Some(Duration::from_millis(value.parse().unwrap_or(u64::MAX)));
                }
                _ => {}
            }
        }
        seen
    }

    /// Splits the stream in every way into two chunks, and into single bytes: the result must be the same.
    fn however_split(stream: &[u8], limit: usize) -> Self {
        let whole = Self::from_chunks([stream], limit);
        for middle in 0..=stream.len() {
            let (first, second) = stream.split_at(middle);
            assert_eq!(Self::from_chunks([first, second], limit), whole, "split at {middle}");
            assert_eq!(Self::from_chunks([first, b"", second], limit), whole, "an empty chunk at {middle}");
        }
        assert_eq!(Self::from_chunks(stream.chunks(1), limit), whole, "byte by byte");
        whole
    }
}

impl Parser {
    fn buffer_len(&self) -> usize {
        if matches!(self.event.data, Place::Nowhere) { 0 } else { self.event.buffer.len() }
    }
}

#[track_caller]
fn check(stream: impl AsRef<[u8]>, expected: &[(&str, &str, &str)]) -> Seen {
    let stream = stream.as_ref();
    let seen = Seen::however_split(stream, 1000);
    let events: Vec<_> = seen.events.iter().map(|(name, id, data)| (&**name, &**id, &**data)).collect();
    assert_eq!(events, expected);
    assert_eq!(seen, Seen::by_the_standard(stream));
    seen
}

#[test]
fn the_examples_of_the_standard_are_read_as_it_says() {
    check("data: YHOO\ndata: +2\ndata: 10\n\n", &[("message", "", "YHOO\n+2\n10")]);
    check(
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
        &[("message", "1", "first event"), ("message", "", "second event")],
    );
    check("data\n\ndata\ndata\n\ndata:", &[("message", "", ""), ("message", "", "\n")]);
    check("data:test\n\ndata: test\n\n", &[("message", "", "test"), ("message", "", "test")]);
    check(
        "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n",
        &[("add", "", "73857293"), ("remove", "", "2153"), ("add", "", "113411")],
    );
    check(
        "data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\n\
         data: This is the third message.\n\n",
        &[
            ("message", "", "This is the first message."),
            ("message", "", "This is the second message, it\nhas two lines."),
            ("message", "", "This is the third message."),
        ],
    );
}

#[test]
fn a_line_ends_with_lf_cr_or_both() {
    for end in ["\n", "\r", "\r\n"] {
        let stream = ["event: a", "data: 1", "data: 2", "", "data: 3", ""].map(|line| line.to_owned() + end).concat();
        check(stream, &[("a", "", "1\n2"), ("message", "", "3")]);
    }
    check("data: 1\r\rdata: 2\n\rdata: 3\r\n\n", &[("message", "", "1"), ("message", "", "2"), ("message", "", "3")]);
}

/// Otherwise, the event would be late by the time until the next one.
#[test]
fn an_event_that_ends_with_cr_does_not_wait_for_the_next_chunk() {
    let mut parser = Parser::new(1000);
    parser.push(Bytes::from("data: 1\r\r"));
    assert_eq!(parser.next().expect("in time").expect("an event").data, "1");
    assert!(parser.next().expect("no error").is_none());
    parser.push(Bytes::from("\ndata: 2\n\n"));
    assert_eq!(parser.next().expect("in time").expect("an event").data, "2");
}

#[test]
fn only_one_byte_order_mark_is_skipped_and_only_at_the_beginning() {
    check("\u{feff}data: 1\n\n", &[("message", "", "1")]);
    check("\u{feff}\u{feff}data: 1\n\ndata: 2\n\n", &[("message", "", "2")]);
    check("data: 1\n\n\u{feff}data: 2\n\n", &[("message", "", "1")]);
    check("\u{feff}\n\ndata: 1\n\n", &[("message", "", "1")]);
    check(b"\xef\xbbdata: 1\n\ndata: 2\n\n", &[("message", "", "2")]);
    check(b"\xef\xbb", &[]);
}

#[test]
fn only_one_space_after_the_colon_is_removed() {
    check("data:  two\ndata:\tone\ndata:none\ndata : 1\n data: 2\n\n", &[("message", "", " two\n\tone\nnone")]);
}

#[test]
fn unknown_fields_and_comments_are_ignored() {
    check("Data: 1\ndatax: 1\ndat: 1\nfoo\n:\n: data: 1\n:data\ndata: 2\nDATA\n\n", &[("message", "", "2")]);
}

#[test]
fn an_event_without_data_is_not_dispatched_but_its_id_and_retry_count() {
    let seen = check("event: a\nid: 7\nretry: 30\n\ndata: 1\n\n", &[("message", "7", "1")]);
    assert_eq!(seen.retry, Some(Duration::from_millis(30)));
}

#[test]
fn an_id_lasts_until_another_one_and_counts_when_its_event_ends() {
    check(
        "id: 1\ndata: a\n\ndata: b\n\nid: 2\nid: 3\ndata: c\n\nid\ndata: d\n\n",
        &[("message", "1", "a"), ("message", "1", "b"), ("message", "3", "c"), ("message", "", "d")],
    );
    let seen = check("id: 1\ndata: a\n\nid: 2\ndata: b\n", &[("message", "1", "a")]);
    assert_eq!(seen.last_id, "1", "the second event is incomplete");
    check("id: 1\nid: 2\0\ndata: a\n\n", &[("message", "1", "a")]);
    check("id: 1\n\nid: 2\nid: 1\ndata: a\n\n", &[("message", "1", "a")]);
}

#[test]
fn a_name_counts_for_one_event() {
    check(
        "event: a\ndata: 1\n\ndata: 2\n\nevent: b\n\ndata: 3\n\nevent: a\nevent: b\ndata: 4\n\nevent: a\nevent\ndata: 5\n\n",
        &[("a", "", "1"), ("message", "", "2"), ("message", "", "3"), ("b", "", "4"), ("message", "", "5")],
    );
}

#[test]
fn retry_is_a_number_of_milliseconds_in_ascii_digits() {
    let retry = |value: &str| check(format!("retry: 5\nretry:{value}\n"), &[]).retry;
    for ignored in ["", " ", "-1", "+1", "1.5", " 1 ", "1s", "  1", "٣", "0x1"] {
        assert_eq!(retry(ignored), Some(Duration::from_millis(5)), "{ignored:?}");
    }
    assert_eq!(retry("0"), Some(Duration::ZERO));
    assert_eq!(retry(" 0010"), Some(Duration::from_millis(10)));
    assert_eq!(retry("99999999999999999999999"), Some(Duration::from_millis(u64::MAX)));
}

#[test]
fn invalid_utf8_is_replaced() {
    check(
        b"data: a\xffb\xe2\x82\nevent: \xc3\nid: \xf0\x9f\x98\ndata: \xed\xa0\x80\n\n",
        &[("\u{fffd}", "\u{fffd}", "a\u{fffd}b\u{fffd}\n\u{fffd}\u{fffd}\u{fffd}")],
    );
    check("data: 日本語 ✓\nevent: é\n\n", &[("é", "", "日本語 ✓")]);
    check(b"data: a\0b\n\n", &[("message", "", "a\0b")]);
}

#[test]
fn an_event_of_the_limit_is_read_and_a_larger_one_is_an_error() {
    for (event, size) in [
        ("data: 0123456789\n\n", 16),
        ("data: 01\r\ndata: 23\r\n\r\n", 16),
        ("event: a\nid: 1\ndata: 0\n\n", 20),
        ("id: 0123456789\n\n", 14),
        ("retry: 0123\n\n", 11),
    ] {
        // The size counts for each event alone.
        let events = event.repeat(3);
        assert!(!Seen::however_split(events.as_bytes(), size).is_too_large, "{event:?}");
        assert!(Seen::however_split(events.as_bytes(), size - 1).is_too_large, "{event:?}");
    }
}

/// A server may send comments for months to keep the connection open.
#[test]
fn comments_and_unknown_fields_have_no_limit_and_are_not_kept() {
    let long = "x".repeat(500);
    let stream = format!("data: 1\n:{long}\n{long}: {long}\ndata{long}\n{}\n", ": x\n".repeat(100));
    let seen = Seen::however_split(stream.as_bytes(), 10);
    assert_eq!((seen.events.len(), seen.is_too_large), (1, false));
}

#[test]
fn an_endless_line_is_an_error_before_it_is_kept() {
    for (beginning, is_too_large) in
        [("data: ", true), ("id:", true), ("event: ", true), ("retry: ", true), (": ", false)]
    {
        let chunks = std::iter::once(beginning.as_bytes()).chain(std::iter::repeat_n(&b"0123456789"[..], 1000));
        assert_eq!(Seen::from_chunks(chunks, 100).is_too_large, is_too_large, "{beginning}");
    }
}

fn any_stream() -> impl Strategy<Value = Vec<u8>> {
    let fragments: &[&[u8]] = &[
        b"data",
        b"data: ",
        b"data:",
        b"event: ",
        b"id: ",
        b"id",
        b"retry: ",
        b": ",
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"\r\n\r\n",
        b" ",
        b":",
        b"a",
        b"bcd",
        b"12",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xef",
        b"\xe2\x82\xac",
        b"\xe2\x82",
        b"\xff",
    ];
    prop::collection::vec(prop::sample::select(fragments), 0..40).prop_map(|fragments| fragments.concat())
}

proptest! {
    #[test]
    fn any_stream_in_any_chunks_is_read_as_the_standard_says(
        stream in any_stream(),
        lengths in prop::collection::vec(0..9_usize, 1..20),
    ) {
        let expected = Seen::by_the_standard(&stream);
        prop_assert_eq!(&Seen::from_chunks([&*stream], 1000), &expected);
        prop_assert_eq!(&Seen::from_chunks(in_chunks(&stream, &lengths), 1000), &expected);
    }

    #[test]
    fn any_limit_is_the_same_in_any_chunks(
        stream in any_stream(),
        lengths in prop::collection::vec(0..9_usize, 1..20),
        limit in 0..30_usize,
    ) {
        prop_assert_eq!(Seen::from_chunks(in_chunks(&stream, &lengths), limit), Seen::from_chunks([&*stream], limit));
    }
}

/// Splits a stream into chunks of these lengths, repeated.
fn in_chunks<'s>(mut stream: &'s [u8], lengths: &[usize]) -> Vec<&'s [u8]> {
    let mut chunks = Vec::new();
    for &length in lengths.iter().cycle().take(10_000) {
        if stream.is_empty() {
            break;
        }
        let (chunk, rest) = stream.split_at(length.min(stream.len()));
        chunks.push(chunk);
        stream = rest;
    }
    chunks.push(stream);
    chunks
}
