//! Private struct names, through which a type talks to the serializer of its own crate. To any other serializer they
//! look like a struct with one oddly named field.
//!
//! Cargo features of any crate in the program decide whether a number of a `serde_json::Value` is such a struct.

use serde::ser::Error;

/// A single value, wrapped in a struct with a private name.
#[derive(Clone, Copy)]
pub(super) enum Scalar {
    /// `serde_json::Number` with the feature `arbitrary_precision`, and types that serialize through it, such as
    /// decimals.
    Number,
    /// `serde_json::value::RawValue`: arbitrary JSON as text.
    RawJson,
    /// `toml::value::Datetime`, as text.
    Datetime,
}

impl Scalar {
    /// The scalar behind a struct of this name; `None` for an ordinary struct.
    ///
    /// # Errors
    ///
    /// Fails if the name is private but unknown.
    pub(super) fn of<E: Error>(name: &str) -> Result<Option<Self>, E> {
        match name {
            "$serde_json::private::Number" => Ok(Some(Self::Number)),
            "$serde_json::private::RawValue" => Ok(Some(Self::RawJson)),
            "$__toml_private_Datetime" => Ok(Some(Self::Datetime)),
            _ => refuse(name).map(|()| None),
        }
    }
}

/// Refuses a private name. Names that an API uses, such as `$filter` and `$oid`, aren't private.
///
/// # Errors
///
/// Says what to do instead.
pub(super) fn refuse<E: Error>(name: &str) -> Result<(), E> {
    let is_private = name.starts_with('$') && (name.starts_with("$__") || name.contains("::private::"));
    if !is_private {
        return Ok(());
    }
    Err(E::custom(format_args!(
        "a value has the private name `{name}`, which only the crate of its type understands; convert the value to a string or \
         a Rust number first"
    )))
}
