//! The serializer that writes a value as pairs.

use std::borrow::Cow;
use std::fmt::Display;

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::{Pairs, Unwritable};
use crate::request::private_name::{self, Scalar};

/// Writes a value at a place, as pairs.
pub(super) fn write<T: Serialize + ?Sized>(place: Place<'_>, value: &T) -> Result<Pairs, Unwritable> {
    let mut pairs = Pairs::new();
    value.serialize(PairWriter { place, pairs: &mut pairs })?;
    Ok(pairs)
}

/// The place where a value is written.
#[derive(Clone, Copy)]
pub(super) enum Place<'k> {
    /// The top level: the names of its fields, or of its pairs, become the keys.
    Root,
    /// An element of a list at the top level. It must be a pair.
    Pair,
    /// Under a key.
    Key(&'k str),
    /// In the list under a key, at this position.
    Element(&'k str, usize),
}

/// What a value was written as. A list needs to know this about its elements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    Scalar,
    Object,
    List,
}

/// Writes one value.
struct PairWriter<'w> {
    place: Place<'w>,
    pairs: &'w mut Pairs,
}

impl<'w> PairWriter<'w> {
    fn text(self, text: impl Display) -> Result<Written, Unwritable> {
        match self.place {
            Place::Root => Unwritable::because(
                "it is a single value, but must be a struct, a map or a list of pairs; give it a name",
            ),
            Place::Pair => not_a_pair(),
            // A list repeats its key.
            Place::Key(key) | Place::Element(key, _) => {
                self.pairs.push((key.to_owned(), text.to_string()));
                Ok(Written::Scalar)
            }
        }
    }

    fn number(self, is_finite: bool, number: impl Display) -> Result<Written, Unwritable> {
        if is_finite { self.text(number) } else { Unwritable::because(format_args!("`{number}` is not a number")) }
    }

    /// Writes a scalar that another crate wraps in a struct with a private name.
    fn wrapped(self, scalar: Scalar, text: &str) -> Result<Written, Unwritable> {
        match scalar {
            Scalar::Datetime => self.text(text),
            Scalar::Number => match text.parse::<f64>() {
                // A float is written as it would be without the other crate's features. Any other number keeps its
                // digits.
                Ok(float) if serde_json::to_string(&float).is_ok_and(|json| json == text) => self.text(float),
                _ => self.text(text),
            },
            Scalar::RawJson => match serde_json::from_str::<serde_json::Value>(text) {
                Ok(value) => value.serialize(self),
                Err(error) => Unwritable::because(format_args!("its raw JSON can't be read: {error}")),
            },
        }
    }

    /// Starts an object. In a list, its keys include its position, to show where one object ends and the next begins.
    fn object(self) -> Result<Objects<'w>, Unwritable> {
        let prefix = match self.place {
            Place::Root => None,
            Place::Pair => return not_a_pair(),
            Place::Key(key) => Some(Cow::Borrowed(key)),
            Place::Element(key, position) => Some(Cow::Owned(format!("{key}[{position}]"))),
        };
        Ok(Objects { prefix, pairs: self.pairs, field: String::new() })
    }

    fn list(self) -> Result<Elements<'w>, Unwritable> {
        let list = match self.place {
            Place::Root => List::OfPairs,
            Place::Pair => return not_a_pair(),
            Place::Key(key) => List::Under { key, position: 0, first: None },
            Place::Element(..) => {
                return Unwritable::because(
                    "it is a list within a list, which looks like a single list in a query; flatten it, or send it as JSON",
                );
            }
        };
        Ok(Elements { list, pairs: self.pairs })
    }

    fn tuple(self, length: usize) -> Result<Elements<'w>, Unwritable> {
        match self.place {
            Place::Pair if length == 2 => Ok(Elements { list: List::Pair(None), pairs: self.pairs }),
            _ => self.list(),
        }
    }
}

fn not_a_pair<T>() -> Result<T, Unwritable> {
    Unwritable::because(
        "it is a list without a name, and its elements aren't pairs `(\"key\", value)`; write it as pairs, or give it a name: as a \
         field of a struct, or with a placeholder in the template",
    )
}

macro_rules! scalars {
    ($($method:ident: $scalar:ty),* $(,)?) => {
        $(fn $method(self, value: $scalar) -> Result<Written, Unwritable> {
            self.text(value)
        })*
    };
}

impl<'w> Serializer for PairWriter<'w> {
    type Ok = Written;
    type Error = Unwritable;
    type SerializeSeq = Elements<'w>;
    type SerializeTuple = Elements<'w>;
    type SerializeTupleStruct = Elements<'w>;
    type SerializeTupleVariant = Impossible<Written, Unwritable>;
    type SerializeMap = Objects<'w>;
    type SerializeStruct = Structs<'w>;
    type SerializeStructVariant = Impossible<Written, Unwritable>;

    scalars! {
        serialize_bool: bool, serialize_char: char, serialize_str: &str,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Written, Unwritable> {
        Unwritable::because("bytes can't be written into a query; encode them as text, as the API's documentation says")
    }

    fn serialize_none(self) -> Result<Written, Unwritable> {
        Ok(Written::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Written, Unwritable> {
        Ok(Written::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Written, Unwritable> {
        Ok(Written::Nothing)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Written, Unwritable> {
        private_name::refuse(variant)?;
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Written, Unwritable> {
        private_name::refuse(name)?;
        value.serialize(self)
    }

    /// A variant with content becomes an object with one field, like in serde's JSON.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Written, Unwritable> {
        self.object()?.write(variant, value)?;
        Ok(Written::Object)
    }

    fn serialize_f32(self, value: f32) -> Result<Written, Unwritable> {
        self.number(value.is_finite(), value)
    }

    fn serialize_f64(self, value: f64) -> Result<Written, Unwritable> {
        self.number(value.is_finite(), value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'w>, Unwritable> {
        self.list()
    }

    fn serialize_tuple(self, length: usize) -> Result<Elements<'w>, Unwritable> {
        self.tuple(length)
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Elements<'w>, Unwritable> {
        self.tuple(length)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Unwritable::because(format_args!(
            "the variant `{variant}` has several fields without names; use a struct instead"
        ))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Objects<'w>, Unwritable> {
        self.object()
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Structs<'w>, Unwritable> {
        match Scalar::of(name)? {
            Some(scalar) => Ok(Structs::Scalar(scalar, Some(self), Written::Nothing)),
            None => self.object().map(Structs::Object),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Unwritable::because(format_args!(
            "the variant `{variant}` has named fields, which would need a level of their own; move them to a struct"
        ))
    }
}

/// The elements of a list.
struct Elements<'w> {
    list: List<'w>,
    pairs: &'w mut Pairs,
}

enum List<'w> {
    /// A list at the top level, whose elements contain their keys.
    OfPairs,
    /// One of those elements, with its key once it was read.
    Pair(Option<String>),
    /// A list under a key, the position of the next element, and what the elements so far were written as.
    Under { key: &'w str, position: usize, first: Option<Written> },
}

impl Elements<'_> {
    fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let pairs = &mut *self.pairs;
        match &mut self.list {
            List::OfPairs => value.serialize(PairWriter { place: Place::Pair, pairs }).map(|_| ()),
            List::Pair(key @ None) => {
                *key = Some(text(value)?);
                Ok(())
            }
            List::Pair(Some(key)) => value.serialize(PairWriter { place: Place::Key(key), pairs }).map(|_| ()),
            List::Under { key, position, first } => {
                let before = pairs.len();
                let written = value.serialize(PairWriter { place: Place::Element(key, *position), pairs })?;
                let is_unseen = pairs.len() == before;
                match (*first, written) {
                    // An element of a list of objects can't be left out: it would be missing, or the next one would
                    // take its position.
                    (_, Written::Object) if is_unseen => return unseen(*position),
                    (Some(Written::Object), Written::Nothing) => return unseen(*position),
                    (Some(Written::Nothing), Written::Object) => return unseen(*position - 1),
                    (Some(Written::Object), Written::Scalar) | (Some(Written::Scalar), Written::Object) => {
                        return Unwritable::because(
                            "it mixes objects and other values: in a query, objects have an index and single values have none; \
                             send it as JSON",
                        );
                    }
                    _ => {}
                }
                // Once there was a scalar, the list counts as one of scalars, also after `None`s.
                if first.is_none_or(|first| first == Written::Nothing) {
                    *first = Some(written);
                }
                *position += 1;
                Ok(())
            }
        }
    }
}

fn unseen<T>(position: usize) -> Result<T, Unwritable> {
    Unwritable::because(format_args!(
        "element {position} of a list of objects is null or all its fields are, which a query can't express; leave it out of \
         the list"
    ))
}

/// All three kinds of list in serde are written alike.
macro_rules! elements {
    ($($list:ident: $method:ident),* $(,)?) => {$(
        impl ser::$list for Elements<'_> {
            type Ok = Written;
            type Error = Unwritable;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
                self.write(value)
            }

            fn end(self) -> Result<Written, Unwritable> {
                Ok(Written::List)
            }
        }
    )*};
}
elements! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
}

/// The fields of an object: `field` at the top level, `key[field]` inside.
struct Objects<'w> {
    prefix: Option<Cow<'w, str>>,
    pairs: &'w mut Pairs,
    /// A map's key, until its value follows.
    field: String,
}

impl Objects<'_> {
    fn write<T: Serialize + ?Sized>(&mut self, field: &str, value: &T) -> Result<(), Unwritable> {
        private_name::refuse(field)?;
        let nested;
        let key = match &self.prefix {
            None => field,
            // A server would read `key[]` as an element of a list, and `[field]` as another name or nothing.
            Some(prefix) if field.is_empty() || prefix.is_empty() || prefix.starts_with('[') => {
                return Unwritable::because(
                    "a field has an empty name, which a query can't nest: `key[]` means a list; give it a name",
                );
            }
            // A server would read `key[a[b]]` as a different field, or as two.
            Some(_) if field.contains(['[', ']']) => {
                return Unwritable::because(format_args!(
                    "the nested field `{field}` has a bracket in its name, but brackets mark nesting in a query; rename it"
                ));
            }
            Some(prefix) => {
                nested = format!("{prefix}[{field}]");
                &nested
            }
        };
        value.serialize(PairWriter { place: Place::Key(key), pairs: self.pairs }).map(|_| ())
    }
}

impl ser::SerializeMap for Objects<'_> {
    type Ok = Written;
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.field = text(key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let field = std::mem::take(&mut self.field);
        self.write(&field, value)
    }

    fn end(self) -> Result<Written, Unwritable> {
        Ok(Written::Object)
    }
}

/// The text of a key.
fn text<T: Serialize + ?Sized>(key: &T) -> Result<String, Unwritable> {
    let mut pairs = Pairs::new();
    // The name is any: only the text counts.
    let written = key.serialize(PairWriter { place: Place::Key("key"), pairs: &mut pairs })?;
    match pairs.pop() {
        Some((_, text)) if written == Written::Scalar => Ok(text),
        _ => Unwritable::because("the key of a map or a pair must be a string or a number"),
    }
}

/// A struct: an object, or a scalar that another crate wraps in a struct with a private name.
enum Structs<'w> {
    Object(Objects<'w>),
    Scalar(Scalar, Option<PairWriter<'w>>, Written),
}

impl ser::SerializeStruct for Structs<'_> {
    type Ok = Written;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, field: &'static str, value: &T) -> Result<(), Unwritable> {
        match self {
            Self::Object(object) => object.write(field, value),
            Self::Scalar(scalar, writer, written) => {
                let Some(writer) = writer.take() else { return private_name::refuse(field) };
                *written = writer.wrapped(*scalar, &text(value)?)?;
                Ok(())
            }
        }
    }

    fn end(self) -> Result<Written, Unwritable> {
        match self {
            Self::Object(_) => Ok(Written::Object),
            Self::Scalar(_, _, written) => Ok(written),
        }
    }
}
