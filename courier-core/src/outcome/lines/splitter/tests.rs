use super::*;

fn try_split<'c>(chunks: impl IntoIterator<Item = &'c [u8]>, limit: usize) -> Result<Vec<(u64, String)>, TooLong> {
    let text = |line: Line<'_>| (line.number, String::from_utf8(line.bytes.to_owned()).expect("UTF-8"));
    let mut splitter = Splitter::new(limit);
    let mut lines = Vec::new();
    for chunk in chunks {
        splitter.push(Bytes::copy_from_slice(chunk));
        while let Some(line) = splitter.next()? {
            lines.push(text(line));
        }
    }
    lines.extend(splitter.finish().map(text));
    assert!(splitter.finish().is_none(), "it is returned once");
    Ok(lines)
}

fn split(stream: &str) -> Vec<(u64, String)> {
    try_split([stream.as_bytes()], usize::MAX).expect("no limit")
}

fn line(number: u64, text: &str) -> (u64, String) {
    (number, text.to_owned())
}

#[test]
fn a_line_ends_with_lf_or_crlf_and_the_last_one_needs_no_end() {
    assert_eq!(split("a\nb\r\nc"), [line(1, "a"), line(2, "b"), line(3, "c")]);
    assert_eq!(split("a\n"), [line(1, "a")]);
    assert_eq!(split("a\r"), [line(1, "a")]);
    assert_eq!(split("a\rb\n"), [line(1, "a\rb")]);
}

#[test]
fn blank_lines_are_skipped_and_counted() {
    assert_eq!(split("\n\r\n \t\na\n\nb\n \n"), [line(4, "a"), line(6, "b")]);
    assert!(split("").is_empty());
    assert!(split("\n\n").is_empty());
}

#[test]
fn only_a_byte_order_mark_at_the_beginning_is_skipped() {
    assert_eq!(split("\u{feff}a\n\u{feff}b"), [line(1, "a"), line(2, "\u{feff}b")]);
    assert!(split("\u{feff}").is_empty());
}

#[test]
fn the_lines_do_not_depend_on_how_the_stream_is_split() {
    let stream = "\u{feff}{\"ü\": 1}\r\n\n{\"b\": [2, 3]}\n  \r\n\"😀\"\r\nlast";
    let (bytes, whole) = (stream.as_bytes(), split(stream));
    assert_eq!(whole.len(), 4);
    for first in 0..=bytes.len() {
        for second in first..=bytes.len() {
            let chunks = [&bytes[..first], &bytes[first..second], &bytes[second..]];
            assert_eq!(try_split(chunks, usize::MAX).as_ref(), Ok(&whole), "split at {first} and {second}");
        }
    }
    assert_eq!(try_split(bytes.chunks(1), usize::MAX), Ok(whole));
}

#[test]
fn the_limit_holds_for_a_line_without_its_end_however_it_is_split() {
    let stream = b"12345\r\n1234\n12345";
    for size in 1..=stream.len() {
        assert!(try_split(stream.chunks(size), 5).is_ok(), "chunks of {size}");
        assert_eq!(try_split(stream.chunks(size), 4), Err(TooLong { number: 1 }), "chunks of {size}");
    }
    assert_eq!(try_split([&b"1\n"[..], b"123", b"45"], 4), Err(TooLong { number: 2 }));
}

#[test]
fn an_endless_line_is_an_error_before_it_is_kept() {
    let mut splitter = Splitter::new(2000);
    let failed = (0..9).position(|_| {
        splitter.push(Bytes::from(vec![b'a'; 1000]));
        splitter.next().is_err()
    });
    assert_eq!(failed, Some(2));
    assert!(splitter.kept.len() <= 2000);
    assert_eq!(splitter.beginning().len(), 1024);
}
