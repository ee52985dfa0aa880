//! Query: serde values as the pairs of a query, or of a form's body, which has the same shape.
//!
//! Existing crates leave a key behind for `None`, don't support nested objects, or write a space as `+`, which only a
//! form decoder reads as a space. The rules are simple enough to implement here.

mod writer;

use std::fmt::Display;

use percent_encoding::utf8_percent_encode;
use serde::ser::{self, Serialize};

use self::writer::Place;
use super::path::{ENCODED, encoded_length};

/// The pairs of a value, before encoding.
pub(crate) type Pairs = Vec<(String, String)>;

/// The pairs of `value` under `key`: none for `None`, one for a scalar, one per element of a list, `key[field]` for the
/// fields of an object, `key[0][field]` for the fields of objects in a list.
///
/// # Errors
///
/// Fails if the value's own `Serialize` does, or if pairs can't represent the value.
pub(crate) fn pairs<T: Serialize + ?Sized>(key: &str, value: &T) -> Result<Pairs, Unwritable> {
    writer::write(Place::Key(key), value)
}

/// The pairs of a struct or a map, each under its own name, or of a list of pairs.
///
/// # Errors
///
/// Fails like [`pairs`], or if the value has no names for its parts.
pub(crate) fn root_pairs<T: Serialize + ?Sized>(value: &T) -> Result<Pairs, Unwritable> {
    writer::write(Place::Root, value)
}

/// Why a value can't be written as pairs.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unwritable(String);

impl ser::Error for Unwritable {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Unwritable {
    fn because<T>(problem: impl Display) -> Result<T, Self> {
        Err(ser::Error::custom(problem))
    }
}

/// Appends a pair that is fixed in the template.
pub(super) fn append_fixed(query: &mut String, pair: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(pair);
}

/// Appends `key=value`, encoded, after a `&` if it isn't the first pair.
pub(crate) fn append(query: &mut String, key: &str, value: &str) {
    let separators = 2;
    let length = separators + encoded_length(key) + encoded_length(value);
    // A first pair makes room for a few more.
    query.reserve(if query.is_empty() { length.max(64) } else { length });
    if !query.is_empty() {
        query.push('&');
    }
    encode(query, key);
    query.push('=');
    encode(query, value);
}

fn encode(query: &mut String, text: &str) {
    if encoded_length(text) == text.len() {
        query.push_str(text);
    } else {
        query.extend(utf8_percent_encode(text, ENCODED));
    }
}

/// Appends the elements of a list under one key, joined. A server splits them after decoding, so an element that
/// contains the delimiter would arrive as two.
///
/// # Errors
///
/// Fails if an element can't be joined.
pub(super) fn append_joined(query: &mut String, key: &str, delimiter: char, pairs: &Pairs) -> Result<(), Unwritable> {
    for (nested, element) in pairs {
        if nested != key {
            return Unwritable::because(
                "its elements are objects, which can't be joined; use a list that repeats its key",
            );
        }
        if element.contains(delimiter) {
            return Unwritable::because(format_args!(
                "{element:?} contains {delimiter:?}, which separates the elements of this list; use a list that repeats its key"
            ));
        }
    }
    let Some(((_, first), rest)) = pairs.split_first() else { return Ok(()) };
    append(query, key, first);
    for (_, element) in rest {
        // A query may contain a comma, but not a space or a pipe.
        query.push_str(match delimiter {
            ' ' => "%20",
            '|' => "%7C",
            _ => ",",
        });
        encode(query, element);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

    use super::{append, pairs, root_pairs};

    fn query<T: Serialize + ?Sized>(key: &str, value: &T) -> String {
        joined(pairs(key, value).expect("pairs"))
    }

    fn root<T: Serialize + ?Sized>(value: &T) -> String {
        joined(root_pairs(value).expect("pairs"))
    }

    fn joined(pairs: super::Pairs) -> String {
        let mut query = String::new();
        for (key, value) in pairs {
            append(&mut query, &key, &value);
        }
        query
    }

    #[derive(Serialize)]
    enum State {
        Sent,
        #[serde(rename = "ON_ITS_WAY")]
        OnItsWay,
    }

    #[test]
    fn scalars_are_written_as_text() {
        assert_eq!(query("q", "a b&c=d/e+f"), "q=a%20b%26c%3Dd%2Fe%2Bf");
        assert_eq!(query("q", "ü"), "q=%C3%BC");
        assert_eq!(query("q", ""), "q=");
        assert_eq!(query("limit", &50), "limit=50");
        assert_eq!(query("limit", &u128::MAX), format!("limit={}", u128::MAX));
        assert_eq!(query("ratio", &0.1_f32), "ratio=0.1");
        assert_eq!(query("archived", &true), "archived=true");
        assert_eq!(query("state", &State::OnItsWay), "state=ON_ITS_WAY");
    }

    #[test]
    fn none_sends_nothing_not_even_a_key() {
        assert_eq!(query("cursor", &None::<&str>), "");
        assert_eq!(query("cursor", &Some("abc")), "cursor=abc");
        assert_eq!(query("cursor", &()), "");
    }

    #[test]
    fn values_that_a_query_cannot_distinguish_are_refused() {
        let problem = |result: Result<super::Pairs, super::Unwritable>| result.expect_err("refused").to_string();
        let nested = vec![vec![1], vec![2, 3]];
        assert!(problem(pairs("id", &nested)).contains("a list within a list"));
        assert!(problem(pairs("id", &[(1, 2)])).contains("a list within a list"));
        assert_eq!(problem(pairs("ratio", &f64::NAN)), "`NaN` is not a number");
        assert_eq!(problem(pairs("ratio", &f32::NEG_INFINITY)), "`-inf` is not a number");
        // A list in an object in a list has its own key.
        pairs("filter", &[[("ids", [1, 2])].into_iter().collect::<std::collections::BTreeMap<_, _>>()]).expect("pairs");
    }

    #[test]
    fn a_list_repeats_its_key() {
        assert_eq!(query("status", &[State::Sent, State::OnItsWay]), "status=Sent&status=ON_ITS_WAY");
        assert_eq!(query("tag", &[Some("a"), None, Some("")]), "tag=a&tag=");
        assert_eq!(query("tag", &Vec::<&str>::new()), "");
    }

    #[test]
    fn an_object_nests_in_brackets() {
        let filter = json!({"status": "SENT", "tags": ["a", "b"], "sent": {"after": 1}, "none": null});
        assert_eq!(
            query("filter", &filter),
            "filter%5Bsent%5D%5Bafter%5D=1&filter%5Bstatus%5D=SENT&filter%5Btags%5D=a&filter%5Btags%5D=b"
        );
        assert_eq!(root(&BTreeMap::from([("a b", Some(1)), ("c", None)])), "a%20b=1");
        assert_eq!(root(&BTreeMap::from([(1, "x")])), "1=x");
    }

    #[derive(Serialize)]
    enum Many {
        Pair(u8, u8),
        Object { a: u8 },
    }

    #[test]
    fn values_without_a_form_in_a_query_are_errors() {
        root_pairs("alone").expect_err("a scalar without a key");
        root_pairs(&["alone"]).expect_err("a list without a key");
        pairs("q", &BTreeMap::from([(Some([1, 2]), "x")])).expect_err("a list as a key");
        pairs("q", &Many::Pair(1, 2)).expect_err("a variant of several fields");
        pairs("q", &Many::Object { a: 1 }).expect_err("a variant with named fields");
    }
}
