use std::cell::{Cell, RefCell};
use std::future::{self, Ready};
use std::rc::Rc;
use std::task::Waker;

use super::*;
use crate::{Call, MemoryTransport};

#[derive(Debug, Clone, PartialEq)]
struct Numbers(Vec<u32>, Option<&'static str>);

impl Page for Numbers {
    type Item = u32;

    fn into_parts(self) -> (Vec<u32>, Option<String>) {
        (self.0, self.1.map(str::to_owned))
    }
}

type Answer = Result<Numbers, &'static str>;

#[expect(clippy::unnecessary_wraps, reason = "a response, used next to errors")]
fn page(items: &[u32], next: Option<&'static str>) -> Answer {
    Ok(Numbers(items.to_vec(), next))
}

/// Plays these responses, and records the cursors.
#[derive(Default)]
struct Server {
    answers: RefCell<Vec<Answer>>,
    asked: RefCell<Vec<Option<String>>>,
}

impl Server {
    fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self { answers: RefCell::new(answers), asked: RefCell::default() }
    }

    fn list(&self, cursor: Option<String>) -> Ready<Answer> {
        self.asked.borrow_mut().push(cursor);
        future::ready(self.answers.borrow_mut().pop().expect("no further page should be fetched"))
    }

    #[track_caller]
    fn assert_asked(&self, cursors: &[Option<&str>]) {
        let asked = self.asked.borrow();
        assert_eq!(asked.iter().map(Option::as_deref).collect::<Vec<_>>(), cursors);
    }
}

fn poll<S: Stream + Unpin>(stream: &mut S) -> Poll<Option<S::Item>> {
    Pin::new(stream).poll_next(&mut Context::from_waker(Waker::noop()))
}

/// Returns the next item of a stream whose pages are ready at once.
#[track_caller]
fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    match poll(stream) {
        Poll::Ready(item) => item,
        Poll::Pending => panic!("the page should be ready"),
    }
}

fn rest<S: Stream + Unpin>(mut stream: S) -> Vec<S::Item> {
    std::iter::from_fn(|| next(&mut stream)).collect()
}

#[test]
fn all_items_come_in_order_and_the_page_without_a_cursor_is_the_last() {
    let server = Server::new([page(&[1, 2], Some("b")), page(&[3], Some("c")), page(&[4, 5], None)]);
    assert_eq!(rest(items(|cursor| server.list(cursor))), [1, 2, 3, 4, 5].map(Ok));
    server.assert_asked(&[None, Some("b"), Some("c")]);
}

#[test]
fn nothing_is_fetched_before_the_first_poll() {
    let server = Server::new([page(&[1], None)]);
    let mut numbers = items(|cursor| server.list(cursor));
    drop(numbers.next());
    server.assert_asked(&[]);
    assert_eq!(next(&mut numbers), Some(Ok(1)));
    server.assert_asked(&[None]);
}

#[test]
fn a_page_is_fetched_when_the_items_before_it_are_taken_and_another_is_requested() {
    let server = Server::new([page(&[1, 2], Some("b")), page(&[3], Some("c"))]);
    let mut numbers = items(|cursor| server.list(cursor));
    assert_eq!((next(&mut numbers), next(&mut numbers)), (Some(Ok(1)), Some(Ok(2))));
    server.assert_asked(&[None]);
    assert_eq!(next(&mut numbers), Some(Ok(3)));
    drop(numbers);
    server.assert_asked(&[None, Some("b")]);
}

#[test]
fn an_error_is_returned_once_and_ends_the_stream() {
    let server = Server::new([page(&[1], Some("b")), Err("gone"), page(&[2], None)]);
    let mut numbers = items(|cursor| server.list(cursor));
    let taken = [(); 4].map(|()| next(&mut numbers));
    assert_eq!(taken, [Some(Ok(1)), Some(Err("gone")), None, None]);
    server.assert_asked(&[None, Some("b")]);
    assert!(numbers.is_terminated());

    let resumed = items_from(numbers.cursor().map(str::to_owned), |cursor| server.list(cursor));
    assert_eq!(rest(resumed), [Ok(2)]);
    server.assert_asked(&[None, Some("b"), Some("b")]);
}

#[test]
fn an_empty_page_with_a_cursor_leads_to_the_next() {
    let server = Server::new([page(&[], Some("b")), page(&[], Some("c")), page(&[1], Some("d")), page(&[], None)]);
    assert_eq!(rest(items(|cursor| server.list(cursor))), [Ok(1)]);
    server.assert_asked(&[None, Some("b"), Some("c"), Some("d")]);
}

#[test]
fn a_list_without_items_is_one_page() {
    let server = Server::new([page(&[], None)]);
    assert_eq!(rest(items(|cursor| server.list(cursor))), []);
    server.assert_asked(&[None]);
}

#[test]
fn a_server_that_repeats_the_cursor_ends_the_stream() {
    let server = Server::new([page(&[1], Some("b")), page(&[2], Some("b"))]);
    let mut numbers = items(|cursor| server.list(cursor));
    assert_eq!([(); 3].map(|()| next(&mut numbers)), [Some(Ok(1)), Some(Ok(2)), None]);
    server.assert_asked(&[None, Some("b")]);
    assert_eq!(numbers.cursor(), Some("b"), "the caller can see that this wasn't the last page");

    let server = Server::new([page(&[], Some("b"))]);
    assert_eq!(rest(items_from("b".to_owned(), |cursor| server.list(cursor))), []);
}

#[test]
fn an_empty_cursor_is_the_end() {
    let server = Server::new([page(&[1], Some(""))]);
    let mut numbers = items(|cursor| server.list(cursor));
    assert_eq!((next(&mut numbers), next(&mut numbers)), (Some(Ok(1)), None));
    assert_eq!(numbers.cursor(), None);
}

#[test]
fn the_size_hint_counts_the_fetched_items() {
    let server = Server::new([page(&[1, 2], Some("b")), page(&[3, 4], None)]);
    let mut numbers = items(|cursor| server.list(cursor));
    let mut hints = vec![numbers.size_hint()];
    while next(&mut numbers).is_some() {
        hints.push(numbers.size_hint());
    }
    assert_eq!(hints, [(0, None), (1, None), (0, None), (1, Some(1)), (0, Some(0))]);

    let server = Server::new([page(&[1, 2], None)]);
    let mut numbers = pages(|cursor| server.list(cursor));
    assert_eq!(numbers.size_hint(), (1, None));
    assert!(next(&mut numbers).is_some());
    assert_eq!(numbers.size_hint(), (0, Some(0)));
}

#[test]
fn fetched_items_are_not_the_end() {
    let server = Server::new([page(&[1, 2], None)]);
    let mut numbers = items(|cursor| server.list(cursor));
    assert_eq!(next(&mut numbers), Some(Ok(1)));
    assert!(!numbers.is_terminated());
    assert_eq!(next(&mut numbers), Some(Ok(2)));
    assert!(numbers.is_terminated());
}

#[test]
fn pages_come_one_by_one_with_the_cursor_to_continue_from() {
    let server = Server::new([page(&[1, 2], Some("b")), page(&[], Some("c")), page(&[3], None)]);
    let mut numbers = pages(|cursor| server.list(cursor));
    for (items, cursor) in [(vec![1, 2], Some("b")), (vec![], Some("c")), (vec![3], None)] {
        assert_eq!(next(&mut numbers), Some(Ok(items)));
        assert_eq!(numbers.cursor(), cursor);
    }
    assert_eq!(next(&mut numbers), None);

    let server = Server::new([page(&[3], None)]);
    assert_eq!(rest(pages_from("c".to_owned(), |cursor| server.list(cursor))), [Ok(vec![3])]);
    server.assert_asked(&[Some("c")]);
}

/// A page that never comes, with a counter that shows whether somebody still waits for it.
fn never(waiting: &Rc<()>) -> impl Future<Output = Answer> + use<> {
    let waiting = Rc::clone(waiting);
    async move {
        let answer = future::pending().await;
        drop(waiting);
        answer
    }
}

#[test]
fn dropping_the_stream_stops_the_page_in_flight() {
    let waiting = Rc::new(());
    let mut numbers = items(|_| never(&waiting));
    assert!(poll(&mut numbers).is_pending());
    assert_eq!(Rc::strong_count(&waiting), 2);
    drop(numbers);
    assert_eq!(Rc::strong_count(&waiting), 1);
}

#[test]
fn dropping_next_keeps_the_page_in_flight() {
    let asked = Cell::new(0);
    let arrived = Cell::new(false);
    let mut numbers = items(|_| {
        asked.set(asked.get() + 1);
        future::poll_fn(|_| if arrived.get() { Poll::Ready(page(&[1], None)) } else { Poll::Pending })
    });
    assert!(poll(&mut numbers).is_pending());
    {
        let mut next = std::pin::pin!(numbers.next());
        assert!(next.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    arrived.set(true);
    assert_eq!(next(&mut numbers), Some(Ok(1)));
    assert_eq!(asked.get(), 1);
}

#[test]
fn a_page_is_dropped_before_its_items_are_taken() {
    let held = Rc::new(());
    let mut numbers = items(|_| {
        let held = Rc::clone(&held);
        future::poll_fn(move |_| {
            assert_eq!(Rc::strong_count(&held), 2);
            Poll::Ready(page(&[1, 2], None))
        })
    });
    assert_eq!(next(&mut numbers), Some(Ok(1)));
    assert_eq!(Rc::strong_count(&held), 1);
}

#[tokio::test]
async fn a_stream_can_be_spawned_and_used_with_other_crates() {
    use futures_util::TryStreamExt as _;

    fn list(transport: &MemoryTransport, cursor: Option<&str>) -> Call<'static, Answer> {
        assert!(transport.requests().is_empty());
        Call::ready(if cursor.is_none() { page(&[1, 2], Some("b")) } else { page(&[3], None) })
    }
    let transport = MemoryTransport::new();
    let task = tokio::spawn(async move {
        let mut first = items(|cursor| list(&transport, cursor.as_deref()));
        assert_eq!(first.next().await, Some(Ok(1)));
        first.try_fold(0, |sum, number| future::ready(Ok(sum + number))).await
    });
    assert_eq!(task.await.expect("the task"), Ok(5));
}

#[test]
fn debug_shows_the_progress() {
    let server = Server::new([page(&[1, 2], Some("b"))]);
    let mut numbers = items(|cursor| server.list(cursor));
    assert_eq!(next(&mut numbers), Some(Ok(1)));
    let debug = format!("{numbers:?}");
    assert_eq!(debug, r#"Items { fetched: 1, pages: Pages { stage: "between", cursor: Some("b"), .. } }"#);
}
