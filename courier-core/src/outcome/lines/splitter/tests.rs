use proptest::prelude::*;

use super::*;

type Seen = (Vec<(u64, String)>, Option<TooLong>);

fn from_chunks<'c>(chunks: impl IntoIterator<Item = &'c [u8]>, limit: usize) -> Seen {
    let (mut lines, mut splitter) = (Vec::new(), Splitter::new(limit));
    let owned = |Line { number, bytes }: Line<'_>| (number, String::from_utf8_lossy(bytes).into_owned());
    for chunk in chunks {
        splitter.push(Bytes::copy_from_slice(chunk));
        loop {
            match splitter.next() {
                Ok(Some(line)) => lines.push(owned(line)),
                Ok(None) => break,
                Err(too_long) => return (lines, Some(too_long)),
            }
        }
        assert!(splitter.kept.len() <= limit + 3, "more than the limit is held");
    }
    lines.extend(splitter.finish().map(owned));
    assert_eq!(splitter.finish(), None, "the last line was returned");
    (lines, None)
}

/// Splits the stream in every way into two chunks, and into single bytes: the result must be the same.
#[track_caller]
fn check(stream: impl AsRef<[u8]>, limit: usize, expected: &[(u64, &str)], too_long: Option<u64>) {
    let stream = stream.as_ref();
    let lines = expected.iter().map(|(number, line)| (*number, (*line).to_owned())).collect();
    let expected: Seen = (lines, too_long.map(|number| TooLong { number }));
    assert_eq!(from_chunks([stream], limit), expected, "whole");
    for middle in 0..=stream.len() {
        let (first, second) = stream.split_at(middle);
        assert_eq!(from_chunks([first, b"", second], limit), expected, "split at {middle}");
    }
    assert_eq!(from_chunks(stream.chunks(1), limit), expected, "byte by byte");
}

#[test]
fn a_line_ends_with_lf_or_crlf_or_the_stream() {
    check("1\n22\r\n333", 9, &[(1, "1"), (2, "22"), (3, "333")], None);
    check("1\n22\n", 9, &[(1, "1"), (2, "22")], None);
    check("1\r", 9, &[(1, "1")], None);
    check("", 9, &[], None);
}

/// JSON may contain a CR between tokens.
#[test]
fn a_cr_alone_does_not_end_a_line() {
    check("[1,\r2]\r\r\n3", 9, &[(1, "[1,\r2]\r"), (2, "3")], None);
}

#[test]
fn blank_lines_are_skipped_but_counted() {
    check("\n\r\n1\n \t\n\n2\n\n \r", 9, &[(3, "1"), (6, "2")], None);
}

#[test]
fn only_a_byte_order_mark_at_the_beginning_is_skipped() {
    check("\u{feff}1\n\u{feff}2", 9, &[(1, "1"), (2, "\u{feff}2")], None);
    check("\u{feff}", 9, &[], None);
    check("\u{feff}\u{feff}", 9, &[(1, "\u{feff}")], None);
    check("\u{feff}\n\n2", 9, &[(3, "2")], None);
}

#[test]
fn a_line_of_the_limit_is_read_and_a_longer_one_is_an_error() {
    check("1234\n1234\r\n1234", 4, &[(1, "1234"), (2, "1234"), (3, "1234")], None);
    check("\u{feff}1234\r", 4, &[(1, "1234")], None);
    check("1234\n12345\n1\n", 4, &[(1, "1234")], Some(2));
    check("1234\n\n12345", 4, &[(1, "1234")], Some(3));
    check("1234\r5", 4, &[], Some(1));
    check("     \n1", 4, &[], Some(1));
}

#[test]
fn an_endless_line_is_an_error_before_it_is_kept() {
    let chunks = std::iter::repeat_n(&b"0123456789"[..], 1000);
    assert_eq!(from_chunks(chunks, 100), (Vec::new(), Some(TooLong { number: 1 })));
}

proptest! {
    #[test]
    fn any_stream_in_any_chunks_has_the_same_lines(
        fragments in prop::collection::vec(prop::sample::select(vec!["\n", "\r", "a", "bcd", " ", "\u{feff}", "é"]), 0..30),
        length in 1..7_usize,
        limit in 0..12_usize,
    ) {
        let stream = fragments.concat();
        let text = stream.strip_prefix('\u{feff}').unwrap_or(&stream);
        let lines = (1..).zip(text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)));
        let too_long = lines.clone().find(|(_, line)| line.len() > limit).map(|(number, _)| TooLong { number });
        let before = lines.take_while(|(_, line)| line.len() <= limit).filter(|(_, line)| !line.trim_ascii().is_empty());
        let expected: Seen = (before.map(|(number, line)| (number, line.to_owned())).collect(), too_long);
        prop_assert_eq!(&from_chunks([stream.as_bytes()], limit), &expected);
        prop_assert_eq!(&from_chunks(stream.as_bytes().chunks(length), limit), &expected);
    }
}
