//! Names that crates keep among themselves: a type says by them what it is to the serializer of its own crate. To any other they
//! look like a struct, whose only field has a name that no API knows.
//!
//! Whether a number of a `serde_json::Value` is one of these is decided by the features that any crate of a program turns on.

use serde::ser::Error;

/// What is known to be one value, wrapped into a struct with a private name.
#[derive(Clone, Copy)]
pub(super) enum Scalar {
    /// `serde_json::Number` with its feature `arbitrary_precision`, and what is written through one, as decimals are.
    Number,
    /// `serde_json::value::RawValue`: the text of any JSON.
    RawJson,
    /// `toml::value::Datetime`, as text.
    Datetime,
}

impl Scalar {
    /// The scalar that a struct of this name is; `None` for an ordinary struct.
    ///
    /// # Errors
    ///
    /// That the name is private, and nothing is known of it.
    pub(super) fn of<E: Error>(name: &str) -> Result<Option<Self>, E> {
        match name {
            "$serde_json::private::Number" => Ok(Some(Self::Number)),
            "$serde_json::private::RawValue" => Ok(Some(Self::RawJson)),
            "$__toml_private_Datetime" => Ok(Some(Self::Datetime)),
            _ => refuse(name).map(|()| None),
        }
    }
}

/// Refuses a private name. One that an API has (`$filter`, `$oid`) isn't one.
///
/// # Errors
///
/// What to do in place of sending it.
pub(super) fn refuse<E: Error>(name: &str) -> Result<(), E> {
    let is_private = name.starts_with('$') && (name.starts_with("$__") || name.contains("::private::"));
    if !is_private {
        return Ok(());
    }
    Err(E::custom(format_args!(
        "it has `{name}` in it, a private name by which a type of another crate is known to that crate alone; convert the value to \
         a string or a number of Rust first"
    )))
}
