//! A secret that a server sends back: found in a text whether it is written as it is or in an escaped form.

/// How many bytes of `text`, from its beginning, are `secret`; `None` if it begins otherwise.
///
/// Each character may be written as it is, or in one of the ways of JSON, URLs and HTML: which of them a server escapes, and how,
/// is its own choice.
pub(super) fn length(secret: &str, text: &str) -> Option<usize> {
    let mut characters = secret.chars();
    // A character such as `%` can be itself or the beginning of an escape: each way is followed.
    let mut ends: Vec<usize> = forms(characters.next()?, text).into_iter().flatten().collect();
    for character in characters {
        if ends.is_empty() {
            return None;
        }
        let mut next = Vec::with_capacity(ends.len());
        for end in ends {
            for length in forms(character, &text[end..]).into_iter().flatten() {
                if !next.contains(&(end + length)) {
                    next.push(end + length);
                }
            }
        }
        ends = next;
    }
    ends.into_iter().max()
}

/// Whether an escape, or a space of a form, can begin with this byte. Before one a text is read in one way.
pub(super) fn may_be_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'&' | b'+')
}

/// The most bytes that one character takes: a surrogate pair in JSON, or four percent-encoded bytes.
pub(super) const LONGEST_FORM: usize = 12;

/// The lengths of the forms of `character` with which `text` begins: as it is, and escaped.
fn forms(character: char, text: &str) -> [Option<usize>; 2] {
    let literal = text.starts_with(character).then(|| character.len_utf8());
    let escaped = match text.as_bytes().first() {
        Some(b'\\') => backslash(character, text),
        Some(b'%') => percent(character, text),
        Some(b'&') => entity(character, text),
        // A space in a form.
        Some(b'+') if character == ' ' => Some(1),
        _ => None,
    };
    [literal, escaped]
}

/// `\/`, `\n`, `\u002f`, `\x2f`, `\u{2f}`.
fn backslash(character: char, text: &str) -> Option<usize> {
    let kind = text[1..].chars().next()?;
    let plain = match kind {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        '0' => '\0',
        'x' => return (number(text.get(2..4)?, 16)? == u32::from(character)).then_some(4),
        'u' if text[2..].starts_with('{') => {
            let end = end_of("}", text)?;
            return (number(&text[3..end], 16)? == u32::from(character)).then_some(end + 1);
        }
        'u' => return utf16(character, text),
        other if other.is_alphanumeric() => return None,
        other => other,
    };
    (plain == character).then(|| 1 + kind.len_utf8())
}

/// `\u002f`, and two of them for a character outside the Basic Multilingual Plane.
fn utf16(character: char, text: &str) -> Option<usize> {
    let mut length = 0;
    for unit in character.encode_utf16(&mut [0; 2]) {
        let digits = text.get(length..length + 6)?.strip_prefix("\\u")?;
        if number(digits, 16)? != u32::from(*unit) {
            return None;
        }
        length += 6;
    }
    Some(length)
}

/// `%2F`, `%2f`, and one for each byte of a character outside ASCII.
fn percent(character: char, text: &str) -> Option<usize> {
    let mut length = 0;
    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
        let digits = text.get(length..length + 3)?.strip_prefix('%')?;
        if number(digits, 16)? != u32::from(byte) {
            return None;
        }
        length += 3;
    }
    Some(length)
}

/// `&amp;`, `&#38;`, `&#x26;`.
fn entity(character: char, text: &str) -> Option<usize> {
    let end = end_of(";", text)?;
    let code = match &text[1..end] {
        "amp" => u32::from('&'),
        "lt" => u32::from('<'),
        "gt" => u32::from('>'),
        "quot" => u32::from('"'),
        "apos" => u32::from('\''),
        other => match other.strip_prefix('#')?.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16)?,
            None => number(&other[1..], 10)?,
        },
    };
    (code == u32::from(character)).then_some(end + 1)
}

/// Where an escape ends, if it does within the bytes that one can have.
fn end_of(terminator: &str, text: &str) -> Option<usize> {
    text.bytes().take(LONGEST_FORM).position(|byte| byte == terminator.as_bytes()[0])
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    u32::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_writing_a_character_is_known() {
        for (secret, forms) in [
            (
                "/",
                &["/", "\\/", "\\u002f", "\\u002F", "%2F", "%2f", "&#47;", "&#x2F;", "&#X2f;", "\\x2f", "\\u{2f}"][..],
            ),
            ("\"", &["\"", "\\\"", "\\u0022", "%22", "&quot;", "&#34;"]),
            ("'", &["'", "\\'", "&apos;", "&#39;", "&#039;"]),
            ("\\", &["\\", "\\\\", "%5C", "\\u005c"]),
            ("%", &["%", "%25", "\\%"]),
            ("&", &["&", "&amp;", "\\u0026", "%26"]),
            ("<", &["<", "&lt;", "\\u003c"]),
            (" ", &[" ", "+", "%20", "\\u0020"]),
            ("+", &["+", "%2B", "&#43;"]),
            ("\n", &["\n", "\\n", "%0A", "\\u000a"]),
            ("a", &["a", "%61", "\\u0061", "&#97;"]),
            ("ü", &["ü", "%C3%BC", "\\u00fc", "&#252;"]),
            ("😀", &["😀", "%F0%9F%98%80", "\\ud83d\\ude00", "&#128512;", "\\u{1f600}"]),
        ] {
            for form in forms {
                assert_eq!(length(secret, form), Some(form.len()), "{form}");
                let (twice, text) = (secret.repeat(2), form.repeat(2) + "x");
                assert_eq!(length(&twice, &text), Some(2 * form.len()), "{text}");
                assert_eq!(length(&format!("{secret}y"), &text), None, "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_escape_is_no_match_and_no_panic() {
        for text in [
            "", "\\", "\\u", "\\u00", "\\u00ü", "\\xü", "%", "%2", "%ü2", "&", "&#", "&#x;", "&#ü;", "&amp", "\\u{",
            "\\ud83d",
        ] {
            for secret in ["/", "&b", "ü", "😀", "\\/", "%%"] {
                assert_eq!(length(secret, text), None, "{secret} in {text}");
            }
        }
    }

    #[test]
    fn many_characters_that_can_be_read_in_two_ways_take_no_long_time() {
        let (secret, text) = ("\\".repeat(200) + "x", "\\".repeat(400));
        assert_eq!(length(&secret, &text), None);
        assert_eq!(length(&secret, &(text + "x")), Some(401));
    }
}
