//! Body: the bytes of a request or a response, whole or as a stream.

mod chain;
mod file;
mod length;
mod progress;
mod source;
mod stream;

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use thiserror::Error;

use self::length::Checked;
use self::source::Claim;
pub(crate) use self::source::Content;
use self::stream::{Boxed, FromStream};

/// The error of a stream. If it comes from a transport, it is a [`TransportError`](crate::TransportError) in this box.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// The body of a [`Request`](crate::Request) or a [`Response`](crate::Response): whole, or a stream of bytes.
///
/// Convert text and bytes with `into()`, a stream with [`from_stream`](Self::from_stream), and anything that implements
/// [`http_body::Body`], such as the bodies of hyper and axum, with [`new`](Self::new). A `Body` implements `http_body::Body` itself.
///
/// ```
/// use courier_core::Body;
///
/// let whole = Body::from("text");
/// assert_eq!(whole.as_bytes().unwrap(), "text");
///
/// let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>("a"), Ok("b")]);
/// let stream = Body::from_stream(chunks).with_length(2);
/// assert_eq!(stream.length(), Some(2));
/// assert!(stream.as_bytes().is_none());
/// ```
///
/// A whole body, a [file](Self::from_file) and a body from a [function](Self::from_fn) can be sent any number of times. Any other
/// stream can be read only once: after its first byte was read, the request isn't retried.
///
/// # How it is sent
///
/// - If its length is known, the request has a `content-length`; otherwise, it is sent in chunks (over HTTP/1,
///   `transfer-encoding: chunked`). This holds for every method.
/// - If it fails, or has another length, the call ends with
///   [`TransportErrorKind::RequestBody`](crate::transport::TransportErrorKind::RequestBody). The server never gets a request that
///   looks complete: the last bytes of a stream with a length are sent when the stream has ended.
/// - `expect: 100-continue` isn't used. A server can still refuse an upload early: its response, such as a 413, is returned when it
///   arrives, and the rest of the stream isn't sent. The connection is then closed (HTTP/1), or the stream reset (HTTP/2). If the
///   response is itself read as a stream, the upload goes on until that one ends or is dropped.
/// - A call that is dropped or times out drops the body too.
/// - [`Call::curl`](crate::Call::curl) prints a command that reads the same files. The content of any other stream isn't known, so
///   the command reads it from its standard input (`--data-binary @-`).
pub struct Body(Kind);

/// How many empty chunks are skipped in one poll.
const MOST_EMPTY: usize = 32;

enum Kind {
    /// The bytes that are left.
    Whole(Bytes),
    /// In a box, so that whole bodies, which are far more common, stay cheap to move.
    Stream(Box<Source>),
}

enum Source {
    /// Only this body reads it.
    Own(Boxed),
    /// The stream of a request, which several attempts may read.
    Shared(Claim),
}

impl Source {
    fn into_body(self) -> Body {
        Body(Kind::Stream(Box::new(self)))
    }
}

impl Body {
    /// Creates a body without bytes.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Kind::Whole(Bytes::new()))
    }

    /// Creates a body from another kind of body: of hyper, axum, or your own around a `Body`, to measure or log what arrives.
    ///
    /// This transport logs the head of each response and the end of its body, however that is read:
    ///
    /// ```
    /// use std::pin::Pin;
    /// use std::task::{Context, Poll};
    ///
    /// use courier_core::bytes::Bytes;
    /// use courier_core::transport::{BoxFuture, TransportError};
    /// use courier_core::{Body, Request, Response, Transport};
    /// use courier_core::http_body::{self, Frame, SizeHint};
    ///
    /// struct Logged<T>(T);
    ///
    /// impl<T: Transport> Transport for Logged<T> {
    ///     fn inner(&self) -> Option<&dyn Transport> {
    ///         Some(&self.0)
    ///     }
    ///
    ///     fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
    ///         Box::pin(async move {
    ///             let response = self.0.send(request).await?;
    ///             println!("status {}", response.status());
    ///             Ok(response.map(|body| Body::new(Counted { body, bytes: 0 })))
    ///         })
    ///     }
    /// }
    ///
    /// struct Counted {
    ///     body: Body,
    ///     bytes: usize,
    /// }
    ///
    /// impl http_body::Body for Counted {
    ///     type Data = Bytes;
    ///     type Error = <Body as http_body::Body>::Error;
    ///
    ///     fn poll_frame(
    ///         mut self: Pin<&mut Self>,
    ///         context: &mut Context<'_>,
    ///     ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
    ///         let frame = Pin::new(&mut self.body).poll_frame(context);
    ///         if let Poll::Ready(Some(Ok(frame))) = &frame {
    ///             self.bytes += frame.data_ref().map_or(0, Bytes::len);
    ///         }
    ///         frame
    ///     }
    ///
    ///     // Keeps the length known.
    ///     fn size_hint(&self) -> SizeHint {
    ///         self.body.size_hint()
    ///     }
    /// }
    ///
    /// impl Drop for Counted {
    ///     // At the end, after an error, or when nobody wants the rest.
    ///     fn drop(&mut self) {
    ///         println!("end after {} bytes", self.bytes);
    ///     }
    /// }
    /// # use courier_core::{Download, MemoryTransport, endpoint};
    /// # trait Files: Transport {
    /// #     #[endpoint(GET, "/file", ok = 200)]
    /// #     fn file(&self) -> courier_core::Result<Download>;
    /// # }
    /// # impl<T: Transport> Files for T {}
    /// # let download = Logged(MemoryTransport::new().answer(200, "abc")).file()?;
    /// # assert_eq!(download.content_length(), Some(3));
    /// # assert_eq!(download.bytes(3).wait()?, "abc");
    /// # Ok::<(), courier_core::Error>(())
    /// ```
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        Source::Own(Boxed::new(body)).into_body()
    }

    /// Creates a body from a stream of bytes or text. Its length isn't known: see [`with_length`](Self::with_length).
    pub fn from_stream<S, T, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Self::new(FromStream { stream })
    }

    /// Creates a body that this function makes anew for each attempt, so that the request can be retried like one with a whole body.
    ///
    /// The length is that of a first body, which is made at once.
    ///
    /// ```
    /// use courier_core::Body;
    ///
    /// fn rows() -> Body {
    ///     Body::from_stream(futures_util::stream::iter((1..=3).map(|row| Ok::<_, std::io::Error>(format!("{row}\n")))))
    /// }
    /// let body = Body::from_fn(rows);
    /// assert!(body.try_clone().is_some());
    /// ```
    pub fn from_fn(produce: impl Fn() -> Self + Send + Sync + 'static) -> Self {
        Source::Shared(Claim::again(produce)).into_body()
    }

    /// Sets the length in bytes, which a stream doesn't know by itself. It is sent as `content-length`.
    ///
    /// If the stream is shorter or longer, the request fails.
    #[must_use]
    pub fn with_length(self, length: u64) -> Self {
        if let Kind::Stream(source) = self.0 {
            return match *source {
                Source::Shared(claim) if claim.is_repeatable() => Source::Shared(claim.with_length(length)).into_body(),
                source => Self::new(Checked::new(source.into_body(), length)),
            };
        }
        Self::new(Checked::new(self, length))
    }

    /// Returns the number of bytes that are left, if it is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        http_body::Body::size_hint(self).exact()
    }

    /// Returns the bytes of a whole body; `None` for a stream.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Kind::Whole(bytes) => Some(bytes),
            Kind::Stream(_) => None,
        }
    }

    /// Clones the body, to send it more than once; `None` for a stream that can be read only once.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        match &self.0 {
            Kind::Whole(bytes) => Some(Self(Kind::Whole(bytes.clone()))),
            Kind::Stream(source) => match &**source {
                Source::Shared(claim) if claim.is_repeatable() => {
                    claim.next().map(|claim| Source::Shared(claim).into_body())
                }
                Source::Own(_) | Source::Shared(_) => None,
            },
        }
    }

    /// What it consists of.
    pub(crate) fn content(&self) -> Content<'_> {
        match &self.0 {
            Kind::Whole(bytes) => Content::Bytes(bytes),
            Kind::Stream(source) => match &**source {
                Source::Own(_) => Content::Unknown,
                Source::Shared(claim) => claim.content(),
            },
        }
    }

    /// The body for the next attempt; `None` if it can't be produced again, because an attempt has begun to read it.
    pub(crate) fn for_attempt(&mut self) -> Option<Self> {
        let source = match &mut self.0 {
            Kind::Whole(bytes) => return Some(Self(Kind::Whole(bytes.clone()))),
            Kind::Stream(source) => source,
        };
        let claim = match std::mem::replace(&mut **source, Source::Own(Boxed::new(Self::empty()))) {
            Source::Own(stream) => Claim::once(stream),
            Source::Shared(claim) => claim,
        };
        let next = claim.next().map(|claim| Source::Shared(claim).into_body());
        **source = Source::Shared(claim);
        next
    }

    /// Whether an attempt has begun to read it, and it can't be produced again.
    pub(crate) fn is_spent(&self) -> bool {
        matches!(&self.0, Kind::Stream(source) if matches!(&**source, Source::Shared(claim) if claim.is_spent()))
    }

    /// The bytes of a body that is whole. A stream is returned as it is.
    pub(crate) fn into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Kind::Whole(bytes) => Ok(bytes),
            stream @ Kind::Stream(_) => Err(Self(stream)),
        }
    }

    /// The next chunk that isn't empty; `None` at the end.
    ///
    /// After a number of empty ones, it is pending once, so that time limits are checked even if a server sends nothing else.
    #[inline]
    pub(crate) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        for _ in 0..MOST_EMPTY {
            match std::task::ready!(http_body::Body::poll_frame(Pin::new(self), context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(chunk) if !chunk.is_empty() => return Poll::Ready(Some(Ok(chunk))),
                    // Trailers are not part of the content.
                    Ok(_) | Err(_) => {}
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// Reads the whole body, up to a limit. Most are one chunk, which isn't copied.
    pub(crate) async fn collect(mut self, limit: u64) -> Result<Bytes, Uncollected> {
        if let Kind::Whole(bytes) = self.0 {
            return if bytes.len() as u64 > limit { Err(Uncollected::TooLarge) } else { Ok(bytes) };
        }
        if http_body::Body::size_hint(&self).lower() > limit {
            return Err(Uncollected::TooLarge);
        }
        let (mut first, mut collected) = (Bytes::new(), BytesMut::new());
        while let Some(chunk) = std::future::poll_fn(|context| self.poll_chunk(context)).await {
            let chunk = chunk.map_err(Uncollected::Failed)?;
            if (first.len() + collected.len() + chunk.len()) as u64 > limit {
                return Err(Uncollected::TooLarge);
            }
            if first.is_empty() && collected.is_empty() {
                first = chunk;
            } else {
                collected.extend_from_slice(&std::mem::take(&mut first));
                collected.extend_from_slice(&chunk);
            }
        }
        Ok(if first.is_empty() { collected.freeze() } else { first })
    }
}

/// What is wrong with a request's body, if this crate found it. Its text is shown in the error of the call.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct Problem(pub(crate) String);

/// Why a body can't be read to its end.
#[derive(Debug)]
pub(crate) enum Uncollected {
    TooLarge,
    Failed(BoxError),
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

/// Shows the bytes of a whole body, and only the length of a stream.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0, self.length()) {
            (Kind::Whole(bytes), _) => bytes.fmt(f),
            (_, Some(length)) => write!(f, "<stream of {length} bytes>"),
            (_, None) => f.write_str("<stream>"),
        }
    }
}

macro_rules! whole_from {
    ($($bytes:ty),*) => {$(
        impl From<$bytes> for Body {
            fn from(bytes: $bytes) -> Self {
                Self(Kind::Whole(bytes.into()))
            }
        }
    )*};
}
whole_from!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Box<dyn StdError + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match &mut self.0 {
            Kind::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Stream(source) => match &mut **source {
                Source::Own(stream) => stream.poll_frame(context),
                Source::Shared(claim) => claim.poll_frame(context),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Whole(bytes) => bytes.is_empty(),
            Kind::Stream(source) => match &**source {
                Source::Own(stream) => stream.is_end_stream(),
                Source::Shared(claim) => claim.is_end_stream(),
            },
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(source) => match &**source {
                Source::Own(stream) => stream.size_hint(),
                Source::Shared(claim) => claim.size_hint(),
            },
        }
    }
}

#[cfg(test)]
mod tests;
