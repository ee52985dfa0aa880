//! Turns an endpoint that returns pages into a [`Stream`] of items.
//!
//! By implementing [`Page`], a page says which items it has and which cursor leads to the next page. The whole list is
//! then one line, and pages are fetched as it is read:
//!
//! ```
//! use courier_core::paging::{self, Page};
//! use courier_core::{MemoryTransport, Result, Transport, endpoint};
//!
//! #[derive(serde::Deserialize)]
//! struct Shelf {
//!     books: Vec<String>,
//!     next: Option<String>,
//! }
//!
//! impl Page for Shelf {
//!     type Item = String;
//!
//!     fn into_parts(self) -> (Vec<String>, Option<String>) {
//!         (self.books, self.next)
//!     }
//! }
//!
//! trait Library: Transport {
//!     #[endpoint(GET, "/shelves?<cursor>", ok = 200)]
//!     async fn shelf(&self, cursor: Option<&str>) -> Result<Shelf>;
//! }
//! impl<T: Transport> Library for T {}
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let library = MemoryTransport::new()
//!     .answer(200, r#"{"books": ["Emma", "Persuasion"], "next": "b"}"#)
//!     .answer(200, r#"{"books": ["Middlemarch"], "next": null}"#);
//!
//! let mut books = paging::items(|cursor| library.shelf(cursor.as_deref()));
//!
//! let mut titles = Vec::new();
//! while let Some(book) = books.next().await {
//!     titles.push(book?);
//! }
//! assert_eq!(titles, ["Emma", "Persuasion", "Middlemarch"]);
//! assert_eq!(library.requests()[1].uri(), "/shelves?cursor=b");
//! # Ok::<(), courier_core::Error>(())
//! # }).unwrap();
//! ```
//!
//! # What is fetched, and when it ends
//!
//! - Nothing is fetched before the first item is requested. A page is fetched only when all items of the previous one
//!   were taken and another is requested. Dropping the stream cancels the page in flight.
//! - The stream ends after a page without a cursor. A page with a cursor but no items leads to the next one.
//! - After an error, the stream ends. To continue later, pass [`Items::cursor`] to [`items_from`].
//! - The stream also ends when a page returns the cursor that it was requested with, because the same page would repeat
//!   forever. Some APIs mark "the end, for now" this way, so it isn't an error. If a server does it by mistake,
//!   [`Items::cursor`] shows it: after the end, it is `Some` only if the list may continue.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use futures_core::stream::FusedStream;

/// One page of a list: the body of a cursor-paged endpoint's response.
///
/// ```
/// use courier_core::paging::Page;
///
/// #[derive(serde::Deserialize)]
/// struct Users {
///     items: Vec<String>,
///     paging: Paging,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Paging {
///     cursor: Option<String>,
/// }
///
/// impl Page for Users {
///     type Item = String;
///
///     fn into_parts(self) -> (Vec<String>, Option<String>) {
///         (self.items, self.paging.cursor)
///     }
/// }
/// ```
pub trait Page {
    /// The type of the list's items.
    type Item;

    /// Returns the page's items in order, and the cursor of the next page.
    ///
    /// `None` means that this is the last page. An empty cursor means the same, because APIs that end a list with `""`
    /// would start over. If the API has a separate flag (`"more": false`), check it here.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}

/// Streams the items of a list from its first page. `fetch` requests the page at a cursor, or the first one for `None`.
///
/// See the [module documentation](self) for an example, and for when pages are fetched.
pub fn items<P, E, F, Fut>(fetch: F) -> Items<P::Item, F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    items_from(None, fetch)
}

/// Streams the items of a list from the page at `cursor`: a `String`, or an `Option` whose `None` is the first page.
///
/// ```
/// # use courier_core::paging::{self, Page};
/// # struct Shelf(Vec<&'static str>);
/// # impl Page for Shelf {
/// #     type Item = &'static str;
/// #     fn into_parts(self) -> (Vec<&'static str>, Option<String>) { (self.0, None) }
/// # }
/// # async fn shelf(cursor: Option<String>) -> courier_core::Result<Shelf> {
/// #     assert_eq!(cursor.as_deref(), Some("b"));
/// #     Ok(Shelf(vec!["Middlemarch"]))
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let saved = String::from("b");
/// let mut books = paging::items_from(saved, shelf);
/// assert_eq!(books.next().await.unwrap()?, "Middlemarch");
/// # Ok::<(), courier_core::Error>(())
/// # }).unwrap();
/// ```
pub fn items_from<P, E, F, Fut>(cursor: impl Into<Option<String>>, fetch: F) -> Items<P::Item, F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    Items { pages: pages_from(cursor, fetch), fetched: Vec::new().into_iter() }
}

/// Streams the pages of a list from its first one, each as its items. Use it for work per page, such as one database
/// transaction each.
///
/// ```
/// # use courier_core::paging::{self, Page};
/// # struct Shelf(Vec<&'static str>, Option<String>);
/// # impl Page for Shelf {
/// #     type Item = &'static str;
/// #     fn into_parts(self) -> (Vec<&'static str>, Option<String>) { (self.0, self.1) }
/// # }
/// # async fn shelf(cursor: Option<String>) -> courier_core::Result<Shelf> {
/// #     Ok(match cursor.as_deref() {
/// #         None => Shelf(vec!["Emma", "Persuasion"], Some("b".into())),
/// #         Some(_) => Shelf(vec!["Middlemarch"], None),
/// #     })
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut shelves = paging::pages(shelf);
/// while let Some(books) = shelves.next().await {
///     println!("{} books; to go on later: {:?}", books?.len(), shelves.cursor());
/// }
/// # Ok::<(), courier_core::Error>(())
/// # }).unwrap();
/// ```
pub fn pages<P, E, F, Fut>(fetch: F) -> Pages<F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    pages_from(None, fetch)
}

/// Streams the pages of a list from the one at `cursor`, like [`items_from`].
pub fn pages_from<P, E, F, Fut>(cursor: impl Into<Option<String>>, fetch: F) -> Pages<F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    Pages { fetch, cursor: cursor.into(), stage: Stage::Between }
}

/// A stream of a list's items, made by [`items`] and [`items_from`].
///
/// It is a [`Stream`] with its own [`next`](Self::next), so a loop over it needs no other crate.
#[must_use = "a stream fetches nothing unless it is polled"]
pub struct Items<T, F, Fut> {
    pages: Pages<F, Fut>,
    fetched: vec::IntoIter<T>,
}

/// A stream of a list's pages, made by [`pages`] and [`pages_from`].
///
/// It is a [`Stream`] of each page's items, with its own [`next`](Self::next).
#[must_use = "a stream fetches nothing unless it is polled"]
pub struct Pages<F, Fut> {
    fetch: F,
    /// The cursor of the page that is next or in flight.
    cursor: Option<String>,
    stage: Stage<Fut>,
}

enum Stage<Fut> {
    Between,
    /// Boxed, so that the stream can be moved while a page is in flight.
    InFlight(Pin<Box<Fut>>),
    Ended,
}

impl<T, F, Fut> Items<T, F, Fut> {
    /// Returns the cursor of the page after the items fetched so far; `None` before the first page and after the last.
    ///
    /// If it is `Some` after the end, the list may continue there: either an error ended the stream, or the server
    /// repeated the cursor. Continuing there skips items of earlier pages that
    /// weren't taken.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.pages.cursor()
    }
}

impl<F, Fut> Pages<F, Fut> {
    /// Returns the cursor of the page that is next or in flight; `None` before the first page and after the last.
    ///
    /// If it is `Some` after the end, the list may continue there: either an error ended the stream, or the server
    /// repeated the cursor.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Takes the items of a page, and decides whether there is another one.
    fn turn<P: Page>(&mut self, page: P) -> Vec<P::Item> {
        let (items, next) = page.into_parts();
        let next = next.filter(|cursor| !cursor.is_empty());
        if next.is_some() && next != self.cursor {
            self.stage = Stage::Between;
        }
        self.cursor = next;
        items
    }
}

impl<P, E, F, Fut> Items<P::Item, F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    /// Returns the next item or an error; `None` at the end.
    ///
    /// It is cancel safe: a page in flight stays in flight, and the next call continues with it.
    pub async fn next(&mut self) -> Option<Result<P::Item, E>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<P, E, F, Fut> Pages<F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    /// Returns the items of the next page or an error; `None` at the end.
    ///
    /// It is cancel safe: a page in flight stays in flight, and the next call continues with it.
    pub async fn next(&mut self) -> Option<Result<Vec<P::Item>, E>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<P, E, F, Fut> Stream for Items<P::Item, F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    type Item = Result<P::Item, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.fetched.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(items)) => self.fetched = items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let fetched = self.fetched.len();
        // A page still to come may be empty.
        (fetched, self.pages.is_terminated().then_some(fetched))
    }
}

impl<P, E, F, Fut> Stream for Pages<F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    type Item = Result<Vec<P::Item>, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let this = &mut *self;
            match &mut this.stage {
                Stage::Between => this.stage = Stage::InFlight(Box::pin((this.fetch)(this.cursor.clone()))),
                Stage::InFlight(page) => {
                    let page = ready!(page.as_mut().poll(context));
                    // After an error, it stays ended.
                    this.stage = Stage::Ended;
                    return Poll::Ready(Some(page.map(|page| this.turn(page))));
                }
                Stage::Ended => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.is_terminated() { (0, Some(0)) } else { (1, None) }
    }
}

impl<P, E, F, Fut> FusedStream for Items<P::Item, F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    fn is_terminated(&self) -> bool {
        self.fetched.as_slice().is_empty() && self.pages.is_terminated()
    }
}

impl<P, E, F, Fut> FusedStream for Pages<F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    fn is_terminated(&self) -> bool {
        matches!(self.stage, Stage::Ended)
    }
}

// Only the page in flight is pinned, and in its own box.
impl<T, F, Fut> Unpin for Items<T, F, Fut> {}
impl<F, Fut> Unpin for Pages<F, Fut> {}

/// Shows the progress, but not the items.
impl<T, F, Fut> fmt::Debug for Items<T, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("fetched", &self.fetched.len()).field("pages", &self.pages).finish()
    }
}

impl<F, Fut> fmt::Debug for Pages<F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Between => "between",
            Stage::InFlight(_) => "in flight",
            Stage::Ended => "ended",
        };
        f.debug_struct("Pages").field("stage", &stage).field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
