//! The traits that `#[endpoint]` requires of argument types.
//!
//! You never implement them: types get them from a common trait. They let the compiler say what the type of an argument
//! lacks.
//!
//! | argument | trait | implemented for |
//! |---|---|---|
//! | for a placeholder in the path | [`PathValue`] | every [`Display`], and [`Secret`](crate::Secret) |
//! | for a placeholder in the query, and `#[query]` | [`QueryValue`] | every [`Serialize`] |
//! | `#[header("name")]` | [`HeaderText`] | every [`Display`] and [`Secret`](crate::Secret), and an `Option` of one |
//! | `#[body]`, `#[form]` | [`BodyValue`] | every [`Serialize`] |
//! | optional `#[body]`, `#[form]` | [`OptionalBody`] | an `Option` of a [`Serialize`] |
//! | `#[raw("type")]` | [`RawBody`] | [`Body`]; `Bytes`, strings and bytes, owned or borrowed; and an `Option` of one |
//! | `#[multipart]` | [`MultipartBody`] | [`Multipart`], owned or borrowed, and an `Option` of one |

mod secret;

use std::fmt::Display;

use bytes::Bytes;
use serde::Serialize;

use crate::body::Body;
use crate::request::query::{self, Pairs};
use crate::request::{Form, InvalidRequest, Multipart, json};

// None of the traits has a supertrait: if that were missing, the compiler would report it without these messages.

/// A value in a path: every [`Display`].
///
/// A call with a number that is NaN or infinite is refused, even behind references and in wrappers that pass the
/// formatter on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written into a path",
    label = "this argument fills a placeholder of the template, so its type must be `Display`",
    note = "pass a string, a number, or your own type that implements `std::fmt::Display`",
    note = "put optional values in the query; to pass several segments, use `<path..>` with one string that joins them by `/`"
)]
pub trait PathValue {
    #[doc(hidden)]
    fn path_value(&self) -> &dyn Display;
}

#[diagnostic::do_not_recommend]
impl<T: Display> PathValue for T {
    fn path_value(&self) -> &dyn Display {
        self
    }
}

/// A value in a query: every [`Serialize`].
///
/// The reference of [`endpoint`](crate::endpoint) shows how each kind of value is written, and what is refused.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written into a query",
    label = "this argument is sent in the query, so its type must be `Serialize`",
    note = "derive `serde::Serialize` on it; an `Option` or a list of it can be sent too"
)]
pub trait QueryValue {
    /// The pairs of a value under its key.
    #[doc(hidden)]
    fn query_value(&self, key: &str) -> Result<Pairs, InvalidRequest>;

    /// The pair of a value as JSON; none for `null`.
    #[doc(hidden)]
    fn query_json(&self, key: &str) -> Result<Pairs, InvalidRequest>;

    /// The pairs of a struct or map, or of a list of pairs.
    #[doc(hidden)]
    fn query_pairs(&self) -> Result<Pairs, InvalidRequest>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> QueryValue for T {
    fn query_value(&self, key: &str) -> Result<Pairs, InvalidRequest> {
        query::pairs(key, self).map_err(|error| InvalidRequest::query(key, &error))
    }

    fn query_json(&self, key: &str) -> Result<Pairs, InvalidRequest> {
        match json::to_string(self) {
            Ok(json) if json == "null" => Ok(Pairs::new()),
            Ok(json) => Ok(vec![(key.to_owned(), json)]),
            Err(error) => Err(InvalidRequest::query(key, &error)),
        }
    }

    fn query_pairs(&self) -> Result<Pairs, InvalidRequest> {
        query::root_pairs(self).map_err(|error| InvalidRequest::Query {
            what: "the `#[query]` argument".to_owned(),
            problem: error.to_string(),
        })
    }
}

/// A header's value: every [`Display`], or an `Option` of one. The marker `M` distinguishes the two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the value of a header",
    label = "this argument is sent as a header, so its type must be `Display`, or an `Option` of such a type",
    note = "pass a string, a number, or your own type that implements `std::fmt::Display`"
)]
pub trait HeaderText<M> {
    #[doc(hidden)]
    fn header_text(&self) -> Option<&dyn Display>;
}

#[diagnostic::do_not_recommend]
impl<T: Display> HeaderText<()> for T {
    fn header_text(&self) -> Option<&dyn Display> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> HeaderText<(T,)> for Option<T> {
    fn header_text(&self) -> Option<&dyn Display> {
        self.as_ref().map(|value| value as &dyn Display)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> HeaderText<(T, ())> for &Option<T> {
    fn header_text(&self) -> Option<&dyn Display> {
        self.as_ref().map(|value| value as &dyn Display)
    }
}

/// A body, serialized before the call; `None` sends none.
pub(crate) type Serialized = Result<Option<Bytes>, InvalidRequest>;

/// A body, JSON or a form: every [`Serialize`].
///
/// A form refuses values that it can't represent. JSON is written by `serde_json` as is: a float that is NaN or
/// infinite becomes `null`, so check it before the call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written as a body",
    label = "this argument is the request's body, so its type must be `Serialize`",
    note = "derive `serde::Serialize` on a type of your own",
    note = "to send bytes or text as they are, use `#[raw(\"type\")]`; for a file or a stream, pass it a `courier_core::Body`: `Body::from_file(path)`"
)]
pub trait BodyValue {
    #[doc(hidden)]
    fn json(&self) -> Serialized;

    /// Pairs, encoded as in a query.
    #[doc(hidden)]
    fn form(&self) -> Serialized;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> BodyValue for T {
    fn json(&self) -> Serialized {
        written(serde_json::to_vec(self))
    }

    fn form(&self) -> Serialized {
        let pairs = query::root_pairs(self).map_err(|error| unreadable(&error))?;
        let mut form = String::new();
        for (key, value) in &pairs {
            query::append(&mut form, key, value);
        }
        Ok(Some(form.into()))
    }
}

/// What is the same for every type.
fn written(json: serde_json::Result<Vec<u8>>) -> Serialized {
    json.map(|json| Some(json.into())).map_err(|error| unreadable(&error))
}

fn unreadable(problem: &dyn Display) -> InvalidRequest {
    InvalidRequest::Body { problem: problem.to_string() }
}

/// An optional body: an `Option` of a [`BodyValue`], or a reference to one. The attribute recognizes it by the name
/// `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written as a body",
    label = "this argument is the request's body, so its type must be an `Option` of a `Serialize`",
    note = "derive `serde::Serialize` on a type of your own",
    note = "to send bytes or text as they are, use `#[raw(\"type\")]`; for a file or a stream, pass it a `courier_core::Body`: `Body::from_file(path)`"
)]
pub trait OptionalBody {
    #[doc(hidden)]
    fn optional_json(&self) -> Serialized;

    #[doc(hidden)]
    fn optional_form(&self) -> Serialized;
}

#[diagnostic::do_not_recommend]
impl<T: BodyValue> OptionalBody for Option<T> {
    fn optional_json(&self) -> Serialized {
        self.as_ref().map_or(Ok(None), BodyValue::json)
    }

    fn optional_form(&self) -> Serialized {
        self.as_ref().map_or(Ok(None), BodyValue::form)
    }
}

#[diagnostic::do_not_recommend]
impl<T: OptionalBody + ?Sized> OptionalBody for &T {
    fn optional_json(&self) -> Serialized {
        (**self).optional_json()
    }

    fn optional_form(&self) -> Serialized {
        (**self).optional_form()
    }
}

/// What is sent as it is: a [`Body`], strings and bytes, owned or borrowed, and an `Option` of one.
///
/// Implement it for your own type to pass it to `#[raw]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be sent as the raw bytes of a body",
    label = "a `#[raw]` argument must be bytes, text or a `courier_core::Body`",
    note = "pass `Bytes`, `Vec<u8>`, `&[u8]`, `String` or `&str`, or an `Option` of one of them",
    note = "for a file or a stream, take a `courier_core::Body` by value, and pass `Body::from_file(path)` or `Body::from_stream(stream)`"
)]
pub trait RawBody {
    /// Returns the body; `None` sends none.
    fn into_body(self) -> Option<Body>;
}

macro_rules! owned_bodies {
    ($($body:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl RawBody for $body {
            fn into_body(self) -> Option<Body> {
                Some(self.into())
            }
        }
    )*};
}
owned_bodies!(Body, Bytes, String, Vec<u8>);

macro_rules! borrowed_bodies {
    ($($bytes:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl RawBody for &$bytes {
            fn into_body(self) -> Option<Body> {
                Some(Bytes::copy_from_slice(self.as_ref()).into())
            }
        }
    )*};
}
borrowed_bodies!(str, String, [u8], Vec<u8>);

#[diagnostic::do_not_recommend]
impl RawBody for &Bytes {
    fn into_body(self) -> Option<Body> {
        Some(self.clone().into())
    }
}

#[diagnostic::do_not_recommend]
impl<const LENGTH: usize> RawBody for [u8; LENGTH] {
    fn into_body(self) -> Option<Body> {
        self[..].into_body()
    }
}

#[diagnostic::do_not_recommend]
impl<const LENGTH: usize> RawBody for &[u8; LENGTH] {
    fn into_body(self) -> Option<Body> {
        self[..].into_body()
    }
}

#[diagnostic::do_not_recommend]
impl<T: RawBody> RawBody for Option<T> {
    fn into_body(self) -> Option<Body> {
        self.and_then(RawBody::into_body)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T> RawBody for &'a Option<T>
where
    &'a T: RawBody,
{
    fn into_body(self) -> Option<Body> {
        self.as_ref().and_then(RawBody::into_body)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T: ?Sized> RawBody for &'a &T
where
    &'a T: RawBody,
{
    fn into_body(self) -> Option<Body> {
        (*self).into_body()
    }
}

/// A [`Multipart`], owned or borrowed, and an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be sent as `multipart/form-data`",
    label = "a `#[multipart]` argument must be a `courier_core::Multipart`",
    note = "build the form with `Multipart::new().text(\"name\", \"value\").file(…)`"
)]
pub trait MultipartBody {
    #[doc(hidden)]
    fn form(self) -> Result<Option<Form>, InvalidRequest>;
}

#[diagnostic::do_not_recommend]
impl MultipartBody for Multipart {
    fn form(self) -> Result<Option<Form>, InvalidRequest> {
        self.into_form().map(Some)
    }
}

#[diagnostic::do_not_recommend]
impl MultipartBody for &Multipart {
    fn form(self) -> Result<Option<Form>, InvalidRequest> {
        self.to_form().map(Some)
    }
}

#[diagnostic::do_not_recommend]
impl<T: MultipartBody> MultipartBody for Option<T> {
    fn form(self) -> Result<Option<Form>, InvalidRequest> {
        self.map_or(Ok(None), MultipartBody::form)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T> MultipartBody for &'a Option<T>
where
    &'a T: MultipartBody,
{
    fn form(self) -> Result<Option<Form>, InvalidRequest> {
        self.as_ref().map_or(Ok(None), MultipartBody::form)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T: ?Sized> MultipartBody for &'a &T
where
    &'a T: MultipartBody,
{
    fn form(self) -> Result<Option<Form>, InvalidRequest> {
        (*self).form()
    }
}
