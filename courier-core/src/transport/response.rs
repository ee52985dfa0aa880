use bytes::Bytes;

/// A response from a [`Transport`](crate::Transport), with its complete body.
pub type Response = http::Response<Bytes>;

/// The number of attempts, in the extensions of a response if there was more than one.
#[derive(Clone, Copy)]
pub(crate) struct Attempts(u32);

impl Attempts {
    pub(crate) fn note(response: &mut Response, attempts: u32) {
        if attempts > 1 {
            response.extensions_mut().insert(Self(attempts));
        }
    }

    pub(crate) fn of(response: &Response) -> u32 {
        response.extensions().get::<Self>().map_or(1, |&Self(attempts)| attempts)
    }
}
