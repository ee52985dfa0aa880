//! Body: bytes that are sent as they are.

use bytes::Bytes;

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
