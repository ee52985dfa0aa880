//! Arguments: each function takes one kind of value, and gives what the request's builder takes. The traits are its own, so
//! that the compiler's message can say what to do.

use std::fmt::Display;

use bytes::Bytes;
use serde::Serialize;

use crate::request::body::RawBody;
use crate::request::query::{self, Pairs};
use crate::request::{InvalidRequest, Multipart};

/// What can be written into a path.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written into a path",
    label = "this argument fills a placeholder of the template, so its type must be `Display`",
    note = "pass a string, a number, or a type of yours that implements `std::fmt::Display`"
)]
pub trait PathValue: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display> PathValue for T {}

pub fn path_value<T: PathValue>(value: &T) -> &dyn Display {
    value
}

/// What can be written into a query.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written into a query",
    label = "this argument is sent in the query, so its type must be `Serialize`",
    note = "derive `serde::Serialize` on it; an `Option` or a list of it can be sent too"
)]
pub trait QueryValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> QueryValue for T {}

/// The pairs of a value under its key.
pub fn query_value<T: QueryValue>(key: &str, value: &T) -> Result<Pairs, InvalidRequest> {
    query::pairs(key, value).map_err(|error| unwritable(key, &error))
}

/// The pair of a value as JSON; none for `null`.
pub fn query_json_value<T: QueryValue>(key: &str, value: &T) -> Result<Pairs, InvalidRequest> {
    match serde_json::to_string(value) {
        Ok(json) if json == "null" => Ok(Pairs::new()),
        Ok(json) => Ok(vec![(key.to_owned(), json)]),
        Err(error) => Err(unwritable(key, &error)),
    }
}

/// The pairs of a struct or map.
pub fn query_pairs_value<T: QueryValue>(value: &T) -> Result<Pairs, InvalidRequest> {
    query::pairs("", value).map_err(|error| InvalidRequest::Query {
        what: "the `#[query]` argument".to_owned(),
        problem: error.to_string(),
    })
}

fn unwritable(key: &str, problem: &dyn Display) -> InvalidRequest {
    InvalidRequest::Query { what: format!("the query `{key}`"), problem: problem.to_string() }
}

/// What can be the value of a header, or an `Option` of it. The marker `M` keeps the two implementations apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the value of a header",
    label = "this argument is sent as a header, so its type must be `Display`, or an `Option` of such a type",
    note = "pass a string, a number, or a type of yours that implements `std::fmt::Display`"
)]
pub trait HeaderText<M> {
    fn text(&self) -> Option<&dyn Display>;
}

#[diagnostic::do_not_recommend]
impl<T: Display> HeaderText<()> for T {
    fn text(&self) -> Option<&dyn Display> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> HeaderText<(T,)> for Option<T> {
    fn text(&self) -> Option<&dyn Display> {
        self.as_ref().map(|value| value as &dyn Display)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> HeaderText<(T, ())> for &Option<T> {
    fn text(&self) -> Option<&dyn Display> {
        self.as_ref().map(|value| value as &dyn Display)
    }
}

pub fn header_value<M, T: HeaderText<M>>(value: &T) -> Option<&dyn Display> {
    value.text()
}

/// A body, serialized once, before the call; `None` sends none.
pub type Body = Result<Option<Bytes>, InvalidRequest>;

/// What can be written as a body: JSON or a form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be written as a body",
    label = "this argument is the request's body, so its type must be `Serialize`",
    note = "derive `serde::Serialize` on it; bytes and text are sent as they are with `#[raw(\"type\")]`"
)]
pub trait BodyValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> BodyValue for T {}

pub fn json_value<T: BodyValue>(value: &T) -> Body {
    serde_json::to_vec(value).map(|json| Some(json.into())).map_err(|error| unreadable(&error))
}

/// `Option`, behind references or not: the type that the attribute tells by its name.
pub trait Optional {
    type Content: BodyValue;

    fn content(&self) -> Option<&Self::Content>;
}

impl<T: BodyValue> Optional for Option<T> {
    type Content = T;

    fn content(&self) -> Option<&T> {
        self.as_ref()
    }
}

impl<T: Optional + ?Sized> Optional for &T {
    type Content = T::Content;

    fn content(&self) -> Option<&T::Content> {
        (**self).content()
    }
}

/// JSON, and nothing for `None`.
pub fn json_optional_value<T: Optional>(value: &T) -> Body {
    value.content().map_or(Ok(None), json_value)
}

/// Pairs, encoded as in a query.
pub fn form_value<T: BodyValue>(value: &T) -> Body {
    let pairs = query::pairs("", value).map_err(|error| unreadable(&error))?;
    let mut form = String::new();
    for (key, value) in &pairs {
        query::append(&mut form, key, value);
    }
    Ok(Some(form.into()))
}

/// A form, and nothing for `None`.
pub fn form_optional_value<T: Optional>(value: &T) -> Body {
    value.content().map_or(Ok(None), form_value)
}

fn unreadable(problem: &dyn Display) -> InvalidRequest {
    InvalidRequest::Body { problem: problem.to_string() }
}

pub fn raw_value<T: RawBody>(value: &T) -> Body {
    Ok(value.bytes())
}

/// A [`Multipart`], or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be sent as `multipart/form-data`",
    label = "a `#[multipart]` argument is a `courier_core::Multipart`",
    note = "put the parts together with `Multipart::new().text(\"name\", \"value\").file(…)`"
)]
pub trait MultipartValue {
    fn form(&self) -> Option<&Multipart>;
}

impl MultipartValue for Multipart {
    fn form(&self) -> Option<&Multipart> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: MultipartValue + ?Sized> MultipartValue for &T {
    fn form(&self) -> Option<&Multipart> {
        (**self).form()
    }
}

#[diagnostic::do_not_recommend]
impl<T: MultipartValue> MultipartValue for Option<T> {
    fn form(&self) -> Option<&Multipart> {
        self.as_ref().and_then(MultipartValue::form)
    }
}

pub fn multipart_value<T: MultipartValue>(value: &T) -> Option<&Multipart> {
    value.form()
}
