use bytes::Bytes;

use crate::body::Body;

/// A response from a [`Transport`](crate::Transport). Its body is a stream if the status is declared as an outcome that
/// reads one, and otherwise whole.
pub type Response = http::Response<Body>;

/// A response with its whole body, which outcomes are read from, and which an [`Error`](crate::Error) keeps.
pub type WholeResponse = http::Response<Bytes>;

/// The number of attempts, in the extensions of a response if there was more than one.
#[derive(Clone, Copy)]
pub(crate) struct Attempts(u32);

impl Attempts {
    pub(crate) fn note<B>(response: &mut http::Response<B>, attempts: u32) {
        if attempts > 1 {
            response.extensions_mut().insert(Self(attempts));
        }
    }

    pub(crate) fn of<B>(response: &http::Response<B>) -> u32 {
        response.extensions().get::<Self>().map_or(1, |&Self(attempts)| attempts)
    }
}
