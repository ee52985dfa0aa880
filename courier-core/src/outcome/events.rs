//! Events: a body of server-sent events, read as they arrive.

mod parser;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use self::parser::{Parser, TooLarge};
use super::lines::DEFAULT_LIMIT;
use super::{Download, FromStream, Iter, Text, json};
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error, Result};
use crate::transport::{TransportError, TransportErrorKind};

/// A body of server-sent events, read as they arrive
/// ([HTML standard, 9.2](https://html.spec.whatwg.org/multipage/server-sent-events.html)).
///
/// ```
/// use courier_core::{Events, MemoryTransport, Result, Transport, endpoint};
///
/// #[derive(serde::Deserialize)]
/// struct Delivery {
///     message_id: String,
/// }
///
/// trait Feed: Transport {
///     #[endpoint(GET, "/feed", ok = 200)]
///     async fn feed(&self) -> Result<Events<Delivery>>;
/// }
/// impl<T: Transport> Feed for T {}
///
/// # let _ = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let body = "event: delivered\nid: 7\ndata: {\"message_id\": \"1-65f0c0e1\"}\n\n";
/// let transport = MemoryTransport::new().answer_with(200, [("content-type", "text/event-stream")], body);
///
/// let mut feed = transport.feed().await?;
/// while let Some(event) = feed.next().await {
///     let event = event?;
///     println!("{} {:?}: {}", event.name(), event.id(), event.data.message_id);
/// }
/// # Ok::<(), courier_core::Error>(())
/// # }).unwrap();
/// ```
///
/// `T` is what an event's data is read as: JSON for every type that implements [`Deserialize`](serde::Deserialize),
/// [`Text`] for the text itself, or your own type with [`FromEvent`], which also gets the event's name.
///
/// It is a [`Stream`] of `Result<Event<T>>`, with the limits of a [`Download`]: if the server sends nothing for 30 seconds,
/// not even a comment, it ends with an error. [`Call::idle_timeout`](crate::Call::idle_timeout) changes that.
///
/// An event that can't be read is an [`Error::Decode`] with its data, and the next event follows it. An event of more than
/// 1 MiB ([`max_event_bytes`](Self::max_event_bytes)), a response with another `content-type` than `text/event-stream`,
/// and any other error end the stream. At its end, [`Reconnecting`](crate::Reconnecting) opens it again.
#[must_use = "events are read by `next` or as a `Stream`; dropping them closes the connection"]
pub struct Events<T> {
    download: Download,
    parser: Box<Parser>,
    /// How many events were read.
    count: u64,
    until: Option<String>,
    is_checked: bool,
    is_done: bool,
    items: PhantomData<fn() -> T>,
}

/// A server-sent event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    name: Option<Arc<str>>,
    id: Option<Arc<str>>,
    /// The event's data.
    pub data: T,
}

impl<T> Event<T> {
    /// Returns the event's name, which is `message` unless the server sends one (`event: …`).
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(MESSAGE)
    }

    /// Returns the id of this event or, if it has none, of an earlier one (`id: …`).
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

const MESSAGE: &str = "message";

/// A type that an event can be read as: see [`Events`].
///
/// Every type that implements [`Deserialize`](serde::Deserialize) is read from JSON, and [`Text`] takes the data unchanged.
/// If the data depends on the event's name, implement this trait:
///
/// ```
/// use courier_core::{DecodeError, FromEvent};
///
/// enum Update {
///     Progress(u8),
///     Done,
///     Other,
/// }
///
/// impl FromEvent for Update {
///     fn from_event(name: &str, data: &str) -> Result<Self, DecodeError> {
///         match name {
///             "progress" => u8::from_event(name, data).map(Self::Progress),
///             "done" => Ok(Self::Done),
///             _ => Ok(Self::Other),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "an event can't be read as `{Self}`",
    label = "this type is not `Deserialize`",
    note = "derive `serde::Deserialize` on it to read it from JSON, use `Text` for the data as it is, or implement \
            `courier_core::FromEvent`"
)]
pub trait FromEvent: Sized {
    /// Reads an event. `name` is `message` if the server sent none. Lines of data are joined with LF.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError`] if the data can't be read. The caller adds the rest.
    fn from_event(name: &str, data: &str) -> Result<Self, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromEvent for T {
    fn from_event(_: &str, data: &str) -> Result<Self, DecodeError> {
        json::from_text(data)
    }
}

impl FromEvent for Text {
    fn from_event(_: &str, data: &str) -> Result<Self, DecodeError> {
        Ok(Self(data.to_owned()))
    }
}

impl<T> Events<T> {
    /// Sets the maximum size of an event in bytes: its lines without their ends, comments and unknown fields. Default: 1 MiB.
    pub fn max_event_bytes(mut self, limit: usize) -> Self {
        self.parser.set_limit(limit);
        self
    }

    /// Ends the stream at an event with exactly this data, which isn't returned. Some APIs mark the end with such an event:
    ///
    /// ```
    /// # use courier_core::{Events, MemoryTransport, Result, Text, Transport, endpoint};
    /// # trait Chat: Transport {
    /// #     #[endpoint(POST, "/chat", ok = 200)]
    /// #     async fn chat(&self) -> Result<Events<Text>>;
    /// # }
    /// # impl<T: Transport> Chat for T {}
    /// # let _ = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let transport = MemoryTransport::new().answer(200, "data: Hello\n\ndata: [DONE]\n\n");
    /// let mut chat = transport.chat().await?.until("[DONE]");
    /// while let Some(event) = chat.next().await {
    ///     print!("{}", event?.data.0);
    /// }
    /// # Ok::<(), courier_core::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// A stream that ends without this event is an error, because it isn't complete.
    pub fn until(mut self, data: impl Into<String>) -> Self {
        self.until = Some(data.into());
        self
    }

    /// Returns the id of the last event that had one, even if that event had no data.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.parser.last_id().map(|id| &**id)
    }

    /// Returns how long the server asks to wait before reconnecting (`retry: …`).
    #[must_use]
    pub fn retry(&self) -> Option<Duration> {
        self.parser.retry()
    }

    /// Returns the declaration that was called.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        self.download.endpoint()
    }

    /// Returns the status that the server sent.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.download.status()
    }

    /// Returns the headers that the server sent.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.download.headers()
    }

    /// Continues after the events of an earlier connection.
    pub(crate) fn after(mut self, earlier: Option<Arc<str>>) -> Self {
        self.parser.set_last_id(earlier);
        self
    }

    pub(crate) fn last_id(&self) -> Option<Arc<str>> {
        self.parser.last_id().cloned()
    }

    /// Whether the event that marks the end was read.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether anything arrived, even if it was only a comment.
    pub(crate) fn has_begun(&self) -> bool {
        self.is_checked
    }

    /// Whether no event can follow.
    pub(crate) fn has_ended(&self) -> bool {
        self.download.has_ended()
    }

    fn end(&mut self) {
        self.parser.clear();
        self.download.end();
    }

    #[cold]
    fn incomplete(&self, end: &str) -> Error {
        let error = TransportError::sent(TransportErrorKind::Interrupted);
        self.download.failed(error.with_reason(format!("the stream ended without the event `{end}` (`until`)")))
    }

    #[cold]
    fn too_large(&mut self) -> Error {
        let limit = self.parser.limit();
        let source = DecodeError::new(format!("it has more than {limit} bytes (`max_event_bytes`)"));
        let item = format!("event {}", self.count + 1);
        let error = self.download.unreadable_from(self.parser.beginning(), source.in_item(&item));
        self.end();
        error
    }

    /// Checks the `content-type` when the first chunk arrived, which the error then shows. A login page would otherwise pass
    /// for a stream without events.
    fn check(&mut self, chunk: &Bytes) -> Result<()> {
        if std::mem::replace(&mut self.is_checked, true) {
            return Ok(());
        }
        let is_stream = |value: &http::HeaderValue| {
            let media_type = value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
            media_type.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
        };
        match self.headers().get(header::CONTENT_TYPE) {
            Some(value) if !is_stream(value) => {
                let source = DecodeError::new("server-sent events have the content type `text/event-stream`");
                let error = self.download.unreadable_from(chunk.clone(), source);
                self.end();
                Err(error)
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl<T: FromEvent> Events<T> {
    /// Returns the next event; `None` at the end. Nothing is lost if the future is dropped.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Decode`] if the event can't be read, or the error of the [`Download`].
    pub async fn next(&mut self) -> Option<Result<Event<T>>> {
        std::future::poll_fn(|context| self.poll_event(context)).await
    }

    /// Polls the next event, like [`Stream::poll_next`], for a stream that is made of this one.
    pub fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event<T>>>> {
        loop {
            match self.parser.next() {
                Ok(Some(parsed)) => {
                    if self.until.as_deref() == Some(&*parsed.data) {
                        self.is_done = true;
                        self.end();
                        return Poll::Ready(None);
                    }
                    self.count += 1;
                    let name = parsed.name.as_deref().unwrap_or(MESSAGE);
                    return Poll::Ready(Some(match T::from_event(name, &parsed.data) {
                        Ok(data) => Ok(Event { name: parsed.name, id: parsed.id, data }),
                        Err(source) => {
                            let data = Bytes::copy_from_slice(parsed.data.as_bytes());
                            let item = format!("event {}", self.count);
                            Err(self.download.unreadable(data, source.in_item(&item)))
                        }
                    }));
                }
                Ok(None) => {}
                Err(TooLarge) => return Poll::Ready(Some(Err(self.too_large()))),
            }
            match ready!(self.download.poll_chunk(context)) {
                Some(Ok(chunk)) => {
                    if let Err(error) = self.check(&chunk) {
                        return Poll::Ready(Some(Err(error)));
                    }
                    self.parser.push(chunk);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                // The standard discards an event that isn't complete.
                None => {
                    return Poll::Ready(
                        self.until.take().filter(|_| !self.is_done).map(|end| Err(self.incomplete(&end))),
                    );
                }
            }
        }
    }
}

impl<T: FromEvent> FromStream for Events<T> {
    const ACCEPT: &'static str = "text/event-stream";

    fn from_stream(download: Download) -> Self {
        Self {
            download,
            parser: Box::new(Parser::new(DEFAULT_LIMIT)),
            count: 0,
            until: None,
            is_checked: false,
            is_done: false,
            items: PhantomData,
        }
    }
}

impl<T: FromEvent> Stream for Events<T> {
    type Item = Result<Event<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(context)
    }
}

/// Iterates over the events, and blocks the thread until each has arrived: see [`blocking`](crate::blocking).
impl<T: FromEvent> IntoIterator for Events<T> {
    type Item = Result<Event<T>>;
    type IntoIter = Iter<Self>;

    fn into_iter(self) -> Iter<Self> {
        Iter::new(self, |events, error| events.download.failed(error))
    }
}

/// Iterates over the events if [`last_event_id`](Events::last_event_id) is needed after the loop.
#[expect(clippy::into_iter_without_iter, reason = "`iter_mut` would promise items that can be changed")]
impl<'i, T: FromEvent> IntoIterator for &'i mut Events<T> {
    type Item = Result<Event<T>>;
    type IntoIter = Iter<&'i mut Events<T>>;

    fn into_iter(self) -> Iter<&'i mut Events<T>> {
        Iter::new(self, |events, error| events.download.failed(error))
    }
}

/// Shows the response's head, without credentials, and nothing of the body.
impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Events").field(&self.download).finish()
    }
}
