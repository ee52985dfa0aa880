//! Body: a value becomes bytes, once, before the call: a transport that sends it again serializes nothing.

use bytes::Bytes;
use serde::Serialize;

use super::{InvalidRequest, Multipart, RequestBuilder, query};

impl RequestBuilder {
    /// `#[body]`: JSON.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(self, media_type: &'static str, value: &T) -> Self {
        let body = serde_json::to_vec(value).map_err(|error| InvalidRequest::Body { problem: error.to_string() });
        self.body(media_type, body.map(Bytes::from))
    }

    /// `#[body]` with an `Option`: nothing for `None`.
    #[must_use]
    pub fn json_optional<T: OptionalBody + ?Sized>(self, media_type: &'static str, value: &T) -> Self {
        match value.content() {
            Some(value) => self.json(media_type, value),
            None => self,
        }
    }

    /// `#[form]`: pairs, encoded as in a query. Nothing for `None`.
    #[must_use]
    pub fn form<T: Serialize + ?Sized>(self, value: &T) -> Self {
        let mut body = String::new();
        match query::pairs("", value) {
            Ok(pairs) if pairs.is_empty() => return self,
            Ok(pairs) => pairs.iter().for_each(|(key, value)| query::append(&mut body, key, value)),
            Err(error) => return self.body("", Err(InvalidRequest::Body { problem: error.to_string() })),
        }
        self.body("application/x-www-form-urlencoded", Ok(body.into()))
    }

    /// `#[raw("type")]`: bytes as they are. Nothing for `None`.
    #[must_use]
    pub fn raw<T: RawBody + ?Sized>(self, media_type: &'static str, value: &T) -> Self {
        match value.bytes() {
            Some(bytes) => self.body(media_type, Ok(bytes)),
            None => self,
        }
    }

    /// `#[multipart]`: a form with files. Nothing for `None`.
    #[must_use]
    pub fn multipart<T: MultipartBody + ?Sized>(self, value: &T) -> Self {
        match value.form().map(Multipart::encode) {
            Some(Ok((content_type, body))) => self.body_of(content_type, body),
            Some(Err(invalid)) => self.body("", Err(invalid)),
            None => self,
        }
    }
}

/// A [`Multipart`], or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be sent as `multipart/form-data`",
    label = "a `#[multipart]` argument is a `courier_core::Multipart`",
    note = "put the parts together with `Multipart::new().text(\"name\", \"value\").file(…)`"
)]
pub trait MultipartBody {
    fn form(&self) -> Option<&Multipart>;
}

impl MultipartBody for Multipart {
    fn form(&self) -> Option<&Multipart> {
        Some(self)
    }
}

impl<T: MultipartBody + ?Sized> MultipartBody for &T {
    fn form(&self) -> Option<&Multipart> {
        (**self).form()
    }
}

impl<T: MultipartBody> MultipartBody for Option<T> {
    fn form(&self) -> Option<&Multipart> {
        self.as_ref().and_then(MultipartBody::form)
    }
}

/// An `Option`, behind references or not.
pub trait OptionalBody {
    type Content: Serialize;

    fn content(&self) -> Option<&Self::Content>;
}

impl<T: Serialize> OptionalBody for Option<T> {
    type Content = T;

    fn content(&self) -> Option<&T> {
        self.as_ref()
    }
}

impl<T: OptionalBody + ?Sized> OptionalBody for &T {
    type Content = T::Content;

    fn content(&self) -> Option<&T::Content> {
        (**self).content()
    }
}

/// Bytes for the body of a request: text and bytes, owned or not, and an `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be sent as the raw bytes of a body",
    label = "a `#[raw]` argument is bytes or text",
    note = "pass `Bytes`, `Vec<u8>`, `&[u8]`, `String` or `&str`, or an `Option` of one of them"
)]
pub trait RawBody {
    /// The bytes; `None` sends no body.
    fn bytes(&self) -> Option<Bytes>;
}

macro_rules! raw_bodies {
    ($($bytes:ty),*) => {$(
        impl RawBody for $bytes {
            fn bytes(&self) -> Option<Bytes> {
                Some(Bytes::copy_from_slice(self.as_ref()))
            }
        }
    )*};
}
raw_bodies!(str, String, [u8], Vec<u8>);

impl RawBody for Bytes {
    fn bytes(&self) -> Option<Bytes> {
        Some(self.clone())
    }
}

impl<const LENGTH: usize> RawBody for [u8; LENGTH] {
    fn bytes(&self) -> Option<Bytes> {
        self[..].bytes()
    }
}

impl<T: RawBody + ?Sized> RawBody for &T {
    fn bytes(&self) -> Option<Bytes> {
        (**self).bytes()
    }
}

impl<T: RawBody> RawBody for Option<T> {
    fn bytes(&self) -> Option<Bytes> {
        self.as_ref().and_then(RawBody::bytes)
    }
}
