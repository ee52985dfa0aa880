//! Finds a secret that a server echoes, whether it is written as is or escaped.

/// How many bytes at the beginning of `text` are `secret`; `None` if it doesn't begin with it.
///
/// Each character may be written as is or escaped for JSON, a URL or HTML. Servers differ in which characters they
/// escape, and how.
pub(super) fn length(secret: &str, text: &str) -> Option<usize> {
    let mut characters = secret.chars();
    // A `%`, say, is either itself or the beginning of an escape: follow both.
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

/// Whether `text` ends within `secret`, with whose beginning it begins.
pub(super) fn is_cut(secret: &str, text: &str) -> bool {
    let mut ends = vec![0];
    for character in secret.chars() {
        let mut next = Vec::new();
        for end in ends {
            let rest = &text[end..];
            let is_cut_escape = || rest.len() < LONGEST_FORM && may_be_escape(rest.as_bytes()[0]);
            // Half a character was decoded as U+FFFD.
            if rest.is_empty() || rest == "\u{fffd}" || is_cut_escape() {
                return true;
            }
            next.extend(forms(character, rest).into_iter().flatten().map(|length| end + length));
        }
        next.dedup();
        ends = next;
    }
    false
}

/// Whether an escape, or the space of a form, can begin with this byte. Text without such bytes has one reading.
pub(super) fn may_be_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'&' | b'+')
}

/// The most bytes that one character can take: a surrogate pair in JSON, or four percent-encoded bytes.
pub(super) const LONGEST_FORM: usize = 12;

/// The lengths of the forms of `character` that `text` begins with: as is, and escaped.
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

/// `\u002f`, or two of them for a character outside the Basic Multilingual Plane.
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

/// `%2F`, `%2f`; one per byte for a character outside ASCII.
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

/// Where an escape ends, if it isn't longer than one can be.
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
    fn every_way_to_write_a_character_is_known() {
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
    fn an_invalid_escape_is_neither_a_match_nor_a_panic() {
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
    fn many_ambiguous_characters_do_not_take_long() {
        let (secret, text) = ("\\".repeat(200) + "x", "\\".repeat(400));
        assert_eq!(length(&secret, &text), None);
        assert_eq!(length(&secret, &(text + "x")), Some(401));
    }
}
