//! Query: serde values as the pairs of a query, or of a form's body, which has the same shape.
//!
//! The crates for this leave a key behind for a `None`, know no nested objects, or write a space as `+`, which only a form's
//! decoder reads as one. What an API's page says is simple enough to be said here.

use std::fmt::Display;

use percent_encoding::utf8_percent_encode;
use serde::ser::{self, Impossible, Serialize, Serializer};

use super::path::ENCODED;

/// The pairs that a value makes, not yet encoded.
pub(crate) type Pairs = Vec<(String, String)>;

/// The pairs of `value` under `key`: none for a `None`, one for a scalar, one each for the elements of a list, `key[field]` for
/// the fields of an object.
///
/// # Errors
///
/// What the value's own `Serialize` says, or that it has no pairs: a scalar with no key to stand under.
pub(crate) fn pairs<T: Serialize + ?Sized>(key: &str, value: &T) -> Result<Pairs, Unwritable> {
    let mut pairs = Pairs::new();
    value.serialize(PairWriter { key, pairs: &mut pairs, is_element: false })?;
    Ok(pairs)
}

/// Appends `key=value`, encoded, with `&` where something stands before it.
pub(crate) fn append(query: &mut String, key: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.extend(utf8_percent_encode(key, ENCODED));
    query.push('=');
    append_value(query, value);
}

/// Appends what stands behind a `=`, encoded.
pub(crate) fn append_value(query: &mut String, value: &str) {
    query.extend(utf8_percent_encode(value, ENCODED));
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

/// Writes one value under its key. An empty key is the outermost, which only an object can have.
struct PairWriter<'w> {
    key: &'w str,
    pairs: &'w mut Pairs,
    /// Whether it is an element: a list repeats its key, which says nothing of lists within it.
    is_element: bool,
}

impl<'w> PairWriter<'w> {
    fn text(self, text: impl Display) -> Result<(), Unwritable> {
        if self.key.is_empty() {
            return Err(ser::Error::custom("it is a single value, where a struct or a map of pairs was expected"));
        }
        self.pairs.push((self.key.to_owned(), text.to_string()));
        Ok(())
    }

    fn number(self, is_finite: bool, number: impl Display) -> Result<(), Unwritable> {
        if is_finite { self.text(number) } else { Err(ser::Error::custom(format_args!("`{number}` is not a number"))) }
    }

    fn object(self) -> Objects<'w> {
        Objects { key: self.key, pairs: self.pairs, field: String::new() }
    }

    /// A variant with content is an object of one field, as serde has it in JSON.
    fn variant<T: Serialize + ?Sized>(self, variant: &str, value: &T) -> Result<(), Unwritable> {
        self.object().write(variant, value)
    }
}

macro_rules! scalars {
    ($($method:ident: $scalar:ty),* $(,)?) => {
        $(fn $method(self, value: $scalar) -> Result<(), Unwritable> {
            self.text(value)
        })*
    };
}

impl<'w> Serializer for PairWriter<'w> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Elements<'w>;
    type SerializeTuple = Elements<'w>;
    type SerializeTupleStruct = Elements<'w>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Objects<'w>;
    type SerializeStruct = Objects<'w>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    scalars! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unwritable> {
        Err(ser::Error::custom("bytes have no form in a query; encode them as text, as the API's page says"))
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unwritable> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.variant(variant, value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Unwritable> {
        self.number(value.is_finite(), value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unwritable> {
        self.number(value.is_finite(), value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'w>, Unwritable> {
        if self.is_element {
            return Err(ser::Error::custom("it is a list within a list, which a query can't tell from one list"));
        }
        Ok(Elements { key: self.key, pairs: self.pairs })
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements<'w>, Unwritable> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements<'w>, Unwritable> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(ser::Error::custom(format_args!(
            "the variant `{variant}` has several fields, which have no names in a query"
        )))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Objects<'w>, Unwritable> {
        Ok(self.object())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Objects<'w>, Unwritable> {
        Ok(self.object())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(ser::Error::custom(format_args!(
            "the variant `{variant}` is an object of its own; give its fields to a struct"
        )))
    }
}

/// The elements of a list, each under the list's key.
struct Elements<'w> {
    key: &'w str,
    pairs: &'w mut Pairs,
}

/// The elements of serde's three kinds of list are written alike.
macro_rules! elements {
    ($($list:ident: $method:ident),* $(,)?) => {$(
        impl ser::$list for Elements<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
                value.serialize(PairWriter { key: self.key, pairs: self.pairs, is_element: true })
            }

            fn end(self) -> Result<(), Unwritable> {
                Ok(())
            }
        }
    )*};
}
elements! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
}

/// The fields of an object: `field` at the outermost, `key[field]` inside.
struct Objects<'w> {
    key: &'w str,
    pairs: &'w mut Pairs,
    /// A map's key, between its coming and its value's.
    field: String,
}

impl Objects<'_> {
    fn write<T: Serialize + ?Sized>(&mut self, field: &str, value: &T) -> Result<(), Unwritable> {
        let nested;
        let key = if self.key.is_empty() {
            field
        } else {
            nested = format!("{}[{field}]", self.key);
            &nested
        };
        value.serialize(PairWriter { key, pairs: self.pairs, is_element: false })
    }
}

impl ser::SerializeStruct for Objects<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, field: &'static str, value: &T) -> Result<(), Unwritable> {
        self.write(field, value)
    }

    fn end(self) -> Result<(), Unwritable> {
        Ok(())
    }
}

impl ser::SerializeMap for Objects<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        match &mut pairs("key", key)?[..] {
            [(_, text)] => {
                self.field = std::mem::take(text);
                Ok(())
            }
            _ => Err(ser::Error::custom("a map's key must be a string or a number")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let field = std::mem::take(&mut self.field);
        self.write(&field, value)
    }

    fn end(self) -> Result<(), Unwritable> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

    use super::{append, pairs};

    fn query<T: Serialize + ?Sized>(key: &str, value: &T) -> String {
        let mut query = String::new();
        for (key, value) in pairs(key, value).expect("pairs") {
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
    fn what_a_query_cannot_tell_apart_is_refused() {
        let told = |result: Result<super::Pairs, super::Unwritable>| result.expect_err("refused").to_string();
        let nested = vec![vec![1], vec![2, 3]];
        assert!(told(pairs("id", &nested)).contains("a list within a list"));
        assert!(told(pairs("id", &[(1, 2)])).contains("a list within a list"));
        assert_eq!(told(pairs("ratio", &f64::NAN)), "`NaN` is not a number");
        assert_eq!(told(pairs("ratio", &f32::NEG_INFINITY)), "`-inf` is not a number");
        // A list in an object in a list has a key of its own.
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
        assert_eq!(query("", &BTreeMap::from([("a b", Some(1)), ("c", None)])), "a%20b=1");
        assert_eq!(query("", &BTreeMap::from([(1, "x")])), "1=x");
    }

    #[derive(Serialize)]
    enum Many {
        Pair(u8, u8),
        Object { a: u8 },
    }

    #[test]
    fn what_has_no_form_in_a_query_is_an_error() {
        pairs("", "alone").expect_err("a scalar without a key");
        pairs("", &["alone"]).expect_err("a list without a key");
        pairs("q", &BTreeMap::from([(Some([1, 2]), "x")])).expect_err("a list as a key");
        pairs("q", &Many::Pair(1, 2)).expect_err("a variant of several fields");
        pairs("q", &Many::Object { a: 1 }).expect_err("a variant with named fields");
    }
}
