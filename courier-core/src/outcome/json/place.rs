//! Where in a JSON text an error is, as a path: `results[3].status`.
//!
//! `serde_path_to_error` finds it by reading the text again as the same type, which compiles each type a second time. Here, the position
//! in `serde_json`'s error is enough, and the code is the same for all types.

use std::fmt::Write as _;

/// Reads a text as the type that couldn't be read, and returns what is wrong with it.
pub(super) type Problem = fn(&str) -> Option<serde_json::Error>;

/// How many levels of a path are kept: more than `serde_json` reads.
const DEEPEST: usize = 256;

/// How often the text is read again.
const TRIES: usize = 16;

/// The path of the value that the error is about; `None` if it is the whole text, or the error has no position.
#[cold]
pub(super) fn of(error: &serde_json::Error, text: &str, problem: Problem) -> Option<String> {
    let mut read = text[..position(error, text)?].trim_ascii_end();
    // An error that a type reports, and not the parser, has the position after the object or the list around the value, if nothing
    // follows the value there. Without the closing bracket, it is the same error if it is about the last value, and a missing bracket
    // otherwise.
    for _ in 0..TRIES {
        let Some(inner) = read.strip_suffix(['}', ']']).map(str::trim_ascii_end) else { break };
        if !error.is_data() || problem(inner).is_none_or(|error| !error.is_data()) {
            break;
        }
        read = inner;
    }
    let path = if error.is_eof() && is_complete(read) { path_to_end(&format!("{read},")) } else { path_to_end(read) };
    (!path.is_empty()).then_some(path)
}

/// Whether a text ends after a value, or within a string: what is missing is something else.
fn is_complete(read: &str) -> bool {
    let is_word = read.ends_with(|last: char| last.is_ascii_alphabetic());
    !read.ends_with([':', ',', '[', '{', '-', '+', '.'])
        && (!is_word || ["true", "false", "null"].iter().any(|word| read.ends_with(word)))
}

/// How much was read before the error. Lines and columns count from 1, in bytes, and a column is that of the last byte that was read.
fn position(error: &serde_json::Error, text: &str) -> Option<usize> {
    let line = error.line().checked_sub(1)?;
    let start = match line {
        0 => 0,
        line => text.match_indices('\n').nth(line - 1)?.0 + 1,
    };
    // The last byte of what isn't JSON is the one that wasn't expected.
    let mut end = (start + error.column()).min(text.len()).saturating_sub(usize::from(error.is_syntax()));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Some(end)
}

/// An object or a list that isn't closed.
enum Open<'t> {
    /// The key of the value that is being read, with its quotes.
    Object { key: Option<&'t str> },
    /// The index of the value that is being read.
    List { index: usize },
}

/// The path of the value at the end of a text that was JSON so far: the one that ends there, or begins after it.
fn path_to_end(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut open, mut deeper): (Vec<Open<'_>>, usize) = (Vec::new(), 0);
    // A string that may be a key: it is one if a colon follows.
    let mut string = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at);
                string = Some(&text[at..end]);
                at = end;
                continue;
            }
            b'{' | b'[' if open.len() == DEEPEST => deeper += 1,
            b'}' | b']' if deeper > 0 => deeper -= 1,
            b'{' => open.push(Open::Object { key: None }),
            b'[' => open.push(Open::List { index: 0 }),
            b'}' | b']' => drop(open.pop()),
            b':' | b',' if deeper == 0 => match open.last_mut() {
                Some(Open::Object { key }) => *key = string.take().filter(|_| *byte == b':'),
                Some(Open::List { index }) => *index += 1,
                None => {}
            },
            _ => {}
        }
        at += 1;
    }
    let mut path = String::new();
    for open in &open {
        // Writing to a string doesn't fail.
        let _ = match open {
            Open::Object { key: Some(key) } => {
                let dot = if path.is_empty() { "" } else { "." };
                let key = serde_json::from_str(key).unwrap_or_else(|_| (*key).to_owned());
                write!(path, "{dot}{key}")
            }
            Open::Object { key: None } => Ok(()),
            Open::List { index } => write!(path, "[{index}]"),
        };
    }
    path
}

/// The position after the string that begins here, or after the text.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;

    fn problem<T: DeserializeOwned>(text: &str) -> Option<serde_json::Error> {
        serde_json::from_str::<T>(text).err()
    }

    fn found<T: DeserializeOwned>(text: &str) -> Option<String> {
        of(&problem::<T>(text).expect(text), text, problem::<T>)
    }

    /// What `serde_path_to_error` finds, which reads the text again as the type.
    fn expected<T: DeserializeOwned>(text: &str) -> Option<String> {
        let error = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(text)).err()?;
        // A `?` is a key that isn't there.
        let path = error.path().to_string();
        let path = path.strip_suffix(".?").unwrap_or(&path);
        (path != "." && path != "?").then(|| path.to_owned())
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Order {
        id: u64,
        buyer: Buyer,
        lines: Vec<Line>,
        paid: Option<Day>,
        #[serde(default)]
        marks: BTreeMap<String, Vec<(u8, f64)>>,
        state: State,
        note: Option<Note>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Buyer {
        name: String,
        born: Day,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Line {
        article: String,
        count: u32,
        days: Vec<Day>,
    }

    /// Its error is the type's own, without a position.
    #[derive(Deserialize)]
    #[serde(try_from = "String")]
    struct Day;

    impl TryFrom<String> for Day {
        type Error = String;

        fn try_from(text: String) -> Result<Self, String> {
            if text.len() == 10 { Ok(Self) } else { Err(format!("{text:?} isn't a day")) }
        }
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    enum State {
        Open,
        Sent { day: Day, by: Option<String> },
        Lost(Vec<Day>),
        Back(u8, Day),
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Note(Day);

    fn order() -> Value {
        json!({
            "id": 7,
            "buyer": { "name": "a\"b}\\", "born": "1815-12-10" },
            "new": [{ "\u{e9}": [] }, null],
            "lines": [
                { "article": "[x]", "count": 1, "days": ["2026-11-25"] },
                { "article": "", "count": 2, "days": [] },
            ],
            "paid": null,
            "marks": { "a, \"b\": {": [[1, 2.5]], "": [] },
            "state": { "Sent": { "day": "2026-11-25", "by": null } },
            "note": "2026-11-25",
        })
    }

    /// Every place in a value, by the steps to it.
    fn places(value: &Value, to: &str, places: &mut Vec<String>) {
        places.push(to.to_owned());
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    self::places(value, &format!("{to}/{key}"), places);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    self::places(value, &format!("{to}/{index}"), places);
                }
            }
            _ => {}
        }
    }

    fn wrong() -> Vec<Value> {
        let values = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1.5),
            json!(1e300),
            json!("x"),
            json!(""),
            json!("2026-11-25"),
            json!([]),
            json!({}),
            json!(["x"]),
            json!([1, "x"]),
            json!([[1, 2, 3]]),
            json!({ "day": "x" }),
            json!({ "Sent": {} }),
            json!({ "Sent": { "day": "x" } }),
            json!({ "Lost": ["2026-11-25", "x"] }),
            json!({ "Lost": ["2026-11-25"] }),
            json!({ "Back": [1, "x"] }),
            json!({ "Back": [1] }),
            json!("Open"),
            json!("Gone"),
            json!({ "Open": 1 }),
            json!({ "a": {} }),
        ];
        values.into()
    }

    #[test]
    fn an_error_of_the_parser_has_the_path_of_the_value_at_that_place() {
        for (text, path) in [
            ("", None),
            ("x", None),
            ("{", None),
            ("{\"lines\"", None),
            ("{\"lines\": [", Some("lines[0]")),
            ("{\"lines\": [{\"count\": 1, \"article\": \"\u{e9}", Some("lines[0].article")),
            ("{\"lines\": [{\"count\": 1}x", Some("lines[0]")),
            ("{\"new\": [\"\\\"\", {\"a\":\n\u{e9}", Some("new[1].a")),
            ("{\"new\": \"\\", Some("new")),
            ("{\"new\": \"\\x\"", Some("new")),
            ("{\"new\": 1} 2", None),
        ] {
            assert_eq!(found::<Order>(text).as_deref(), path, "{text}: {:?}", problem::<Order>(text));
        }
    }

    #[test]
    fn a_text_that_ends_early_has_the_path_of_what_is_missing() {
        for text in [order().to_string(), serde_json::to_string_pretty(&order()).expect("JSON")] {
            for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
                let text = &text[..end];
                let (found, expected) = (found::<Order>(text), expected::<Order>(text));
                // This also finds the place within a list, and within a field that isn't read.
                let begins = found.as_deref().unwrap_or("").strip_prefix(expected.as_deref().unwrap_or(""));
                let is_it = begins.is_some_and(|more| more.is_empty() || more.starts_with('['));
                assert!(is_it, "{found:?} instead of {expected:?}: {text}");
            }
        }
    }

    #[test]
    fn the_path_into_a_million_nested_arrays_is_short() {
        let text = format!("{{\"new\": {}", "[".repeat(1_000_000));
        let path = found::<Order>(&text).expect("a path");
        assert!(path.starts_with("new[0][0]") && path.len() < 1000, "{}", path.len());
    }

    #[test]
    fn the_path_is_the_one_that_reading_the_text_again_finds() {
        let order = order();
        let mut all = Vec::new();
        places(&order, "", &mut all);
        let mut checked = 0;
        for place in &all {
            for value in wrong().into_iter().map(Some).chain([None]) {
                let mut order = order.clone();
                match (value, place.rsplit_once('/')) {
                    (Some(value), _) => *order.pointer_mut(place).expect("a place") = value,
                    (None, Some((parent, key))) => match order.pointer_mut(parent).expect("a place") {
                        Value::Object(fields) => drop(fields.remove(&key.replace("~1", "/").replace("~0", "~"))),
                        Value::Array(items) => drop(items.remove(key.parse().expect("an index"))),
                        _ => unreachable!("only these have places in them"),
                    },
                    (None, None) => continue,
                }
                for text in [order.to_string(), serde_json::to_string_pretty(&order).expect("JSON")] {
                    if problem::<Order>(&text).is_some() {
                        let (found, expected) = (found::<Order>(&text), expected::<Order>(&text));
                        // Of an item that is one too many, this finds the item, and reading again the list.
                        let is_one_too_many = problem::<Order>(&text).is_some_and(|error| error.is_syntax());
                        if !(is_one_too_many && found.as_deref().is_some_and(|found| found.ends_with("[0][2]"))) {
                            assert_eq!(found, expected, "{text}");
                        }
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 500, "{checked}");
    }
}
