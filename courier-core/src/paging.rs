//! Paging: an endpoint that answers page by page becomes a [`Stream`] of items.
//!
//! A page says, by implementing [`Page`], which items are on it and which cursor leads to the next one. One line then
//! turns the endpoint into the whole list, fetched page by page as it is read:
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
//! - Nothing is fetched before the first item is asked for, and a page only when all items of the one before were
//!   taken and another was asked for. Dropping the stream stops the page in flight.
//! - It ends after the page without a cursor. A page that has a cursor and no items leads on to the next one.
//! - An error is given once; then it ends. [`Items::cursor`] is where [`items_from`] can go on.
//! - It ends, too, when a page's cursor is the one that the page was asked for with: to ask again would bring the same
//!   page for ever. Some APIs say "the end, for now" in this way, so that it is no error; a server that should not do it
//!   is found out by [`Items::cursor`], which is `Some` after the end only where the list may go on.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use futures_core::stream::FusedStream;

/// One page of a list: the body of a cursor-paged endpoint's answer.
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
    /// What the list consists of.
    type Item;

    /// The page's items, in their order, and the cursor that the next page is asked for with.
    ///
    /// `None` says that this page is the last one. An empty cursor says the same: APIs that end a list with `""` start
    /// over when they are asked with it. Where the API says whether there is more beside the cursor (`"more": false`),
    /// this is the place to heed it.
    fn into_parts(self) -> (Vec<Self::Item>, Option<String>);
}

/// The items of a list, from its first page on: `fetch` asks for the page at a cursor, `None` for the first one.
///
/// See the [module's page](self) for an example and for what is fetched when.
pub fn items<P, E, F, Fut>(fetch: F) -> Items<P::Item, F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    items_from(None, fetch)
}

/// The items of a list, from the page at `cursor` on: a `String`, or an `Option` of one whose `None` is the first page.
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

/// The pages of a list, from its first one on, each as its items: for work that is done page by page, such as one
/// database transaction for each.
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

/// The pages of a list, from the one at `cursor` on: [`pages`] as [`items_from`] is [`items`].
pub fn pages_from<P, E, F, Fut>(cursor: impl Into<Option<String>>, fetch: F) -> Pages<F, Fut>
where
    P: Page,
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<P, E>>,
{
    Pages { fetch, cursor: cursor.into(), stage: Stage::Between }
}

/// The items of a list, one by one: made by [`items`] and [`items_from`].
///
/// It is a [`Stream`], and has a [`next`](Self::next) of its own, so that a loop over it needs no other crate.
#[must_use = "a stream fetches nothing unless it is polled"]
pub struct Items<T, F, Fut> {
    pages: Pages<F, Fut>,
    fetched: vec::IntoIter<T>,
}

/// The pages of a list, one by one: made by [`pages`] and [`pages_from`].
///
/// It is a [`Stream`] of each page's items, and has a [`next`](Self::next) of its own.
#[must_use = "a stream fetches nothing unless it is polled"]
pub struct Pages<F, Fut> {
    fetch: F,
    /// Of the page that is fetched next or in flight.
    cursor: Option<String>,
    stage: Stage<Fut>,
}

enum Stage<Fut> {
    Between,
    /// In a box, so that the stream can be moved while a page is in flight.
    InFlight(Pin<Box<Fut>>),
    Ended,
}

impl<T, F, Fut> Items<T, F, Fut> {
    /// The cursor of the page after the items that were fetched so far; `None` before the first page and after the last.
    ///
    /// Where it is `Some` after the end, the list may go on there: an error ended it, or a server that repeated the
    /// cursor. Items of the page before that were not taken yet don't come again.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.pages.cursor()
    }
}

impl<F, Fut> Pages<F, Fut> {
    /// The cursor of the page that is next or in flight; `None` before the first page and after the last.
    ///
    /// Where it is `Some` after the end, the list may go on there: an error ended it, or a server that repeated the
    /// cursor.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The items of a page that came. Whether there is another page is decided here.
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
    /// The next item, or why there is none; `None` at the end.
    ///
    /// Dropping this future loses nothing: a page in flight stays so, and the next call goes on with it.
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
    /// The items of the next page, or why there are none; `None` at the end.
    ///
    /// Dropping this future loses nothing: a page in flight stays so, and the next call goes on with it.
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
        // A page that is still to come may be empty.
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
                    // An error leaves it so.
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

// The page in flight is pinned in its box; nothing else in here ever is.
impl<T, F, Fut> Unpin for Items<T, F, Fut> {}
impl<F, Fut> Unpin for Pages<F, Fut> {}

/// How far it is; the items are the caller's to show.
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
