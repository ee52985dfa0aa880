//! JSON that carries values faithfully. `serde_json` alone writes `null` for NaN and infinity.

use std::fmt::Display;

use serde::ser::{self, Error as _, Serialize, Serializer};

use super::private_name::{self, Scalar};

/// Serializes a value as JSON.
///
/// # Errors
///
/// Fails if the value's own `Serialize` does, or if JSON can't carry the value: NaN, infinity, a private name.
pub(crate) fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let mut json = Vec::with_capacity(128);
    value.serialize(Checked { to: &mut serde_json::Serializer::new(&mut json), is_key: false })?;
    String::from_utf8(json).map_err(|_| serde_json::Error::custom("its JSON is not UTF-8"))
}

/// Passes everything that JSON can carry on to `serde_json`'s serializer, or to one of its parts.
struct Checked<S> {
    to: S,
    is_key: bool,
}

/// A part of a value, checked like the whole.
struct Part<'v, T: ?Sized> {
    value: &'v T,
    is_key: bool,
}

impl<T: Serialize + ?Sized> Serialize for Part<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Checked { to, is_key: self.is_key })
    }
}

fn part<T: ?Sized>(value: &T) -> Part<'_, T> {
    Part { value, is_key: false }
}

fn check_number<E: ser::Error>(is_finite: bool, number: impl Display) -> Result<(), E> {
    if is_finite { Ok(()) } else { Err(E::custom(format_args!("`{number}` is not a number"))) }
}

macro_rules! scalars {
    ($($method:ident: $scalar:ty),* $(,)?) => {
        $(fn $method(self, value: $scalar) -> Result<S::Ok, S::Error> {
            self.to.$method(value)
        })*
    };
}

impl<S: Serializer> Serializer for Checked<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Checked<S::SerializeSeq>;
    type SerializeTuple = Checked<S::SerializeTuple>;
    type SerializeTupleStruct = Checked<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Checked<S::SerializeTupleVariant>;
    type SerializeMap = Checked<S::SerializeMap>;
    type SerializeStruct = Structs<S>;
    type SerializeStructVariant = Checked<S::SerializeStructVariant>;

    scalars! {
        serialize_bool: bool, serialize_char: char, serialize_bytes: &[u8],
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_unit_struct: &'static str,
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        check_number(value.is_finite(), value)?;
        self.to.serialize_f32(value)
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        check_number(value.is_finite(), value)?;
        self.to.serialize_f64(value)
    }

    fn serialize_str(self, value: &str) -> Result<S::Ok, S::Error> {
        if self.is_key {
            private_name::refuse(value)?;
        }
        self.to.serialize_str(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_none()
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.to.serialize_some(&Part { value, is_key: self.is_key })
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        private_name::refuse(name)?;
        self.to.serialize_newtype_struct(name, &Part { value, is_key: self.is_key })
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        position: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        private_name::refuse(variant)?;
        self.to.serialize_unit_variant(name, position, variant)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        position: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        private_name::refuse(variant)?;
        self.to.serialize_newtype_variant(name, position, variant, &part(value))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.to.serialize_seq(length).map(compound)
    }

    fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.to.serialize_tuple(length).map(compound)
    }

    fn serialize_tuple_struct(self, name: &'static str, length: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.to.serialize_tuple_struct(name, length).map(compound)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        position: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        private_name::refuse(variant)?;
        self.to.serialize_tuple_variant(name, position, variant, length).map(compound)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.to.serialize_map(length).map(compound)
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Structs<S>, S::Error> {
        match Scalar::of(name)? {
            Some(Scalar::Datetime) => Ok(Structs::Text { to: Some(self.to), written: None }),
            // serde_json handles its own private names.
            Some(Scalar::Number | Scalar::RawJson) | None => {
                self.to.serialize_struct(name, length).map(Structs::Object)
            }
        }
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        position: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        private_name::refuse(variant)?;
        self.to.serialize_struct_variant(name, position, variant, length).map(compound)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.to.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.to.is_human_readable()
    }
}

fn compound<C>(to: C) -> Checked<C> {
    Checked { to, is_key: false }
}

/// The compound serializers, which differ only in the name of one method.
macro_rules! compounds {
    ($($compound:ident: $method:ident($($key:ident)?)),* $(,)?) => {$(
        impl<C: ser::$compound> ser::$compound for Checked<C> {
            type Ok = C::Ok;
            type Error = C::Error;

            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($key: &'static str,)?
                value: &T,
            ) -> Result<(), C::Error> {
                self.to.$method($($key,)? &part(value))
            }

            fn end(self) -> Result<C::Ok, C::Error> {
                self.to.end()
            }
        }
    )*};
}
compounds! {
    SerializeSeq: serialize_element(),
    SerializeTuple: serialize_element(),
    SerializeTupleStruct: serialize_field(),
    SerializeTupleVariant: serialize_field(),
    SerializeStructVariant: serialize_field(key),
}

impl<C: ser::SerializeMap> ser::SerializeMap for Checked<C> {
    type Ok = C::Ok;
    type Error = C::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
        self.to.serialize_key(&Part { value, is_key: true })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
        self.to.serialize_value(&part(value))
    }

    fn end(self) -> Result<C::Ok, C::Error> {
        self.to.end()
    }
}

/// A struct: an object, or a date that another crate wraps in a struct with a private name.
enum Structs<S: Serializer> {
    Object(S::SerializeStruct),
    Text { to: Option<S>, written: Option<S::Ok> },
}

impl<S: Serializer> ser::SerializeStruct for Structs<S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
        match self {
            Self::Object(object) => object.serialize_field(key, &part(value)),
            Self::Text { to, written } => {
                let Some(to) = to.take() else { return private_name::refuse(key) };
                *written = Some(value.serialize(to)?);
                Ok(())
            }
        }
    }

    fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
        match self {
            Self::Object(object) => object.skip_field(key),
            Self::Text { .. } => Ok(()),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(object) => object.end(),
            Self::Text { written, .. } => written.ok_or_else(|| S::Error::custom("a date without its text")),
        }
    }
}
