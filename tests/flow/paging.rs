//! Paging: the list of messages as one stream, fetched page by page while it is read.

use std::pin::pin;
use std::sync::Mutex;

use courier_core::messages::{MessageDetails, MessageFilter, MessagePage, MessageStatus, Messages, Paging};
use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{Courier, Error, MemoryTransport, Request, Response, Result, Transport, paging};
use courier_sandbox::{Attributes, Sandbox};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::key_search;
use super::record::value;
use super::server::KEY;
use crate::under_test;

/// Records the queries of the requests that pass through.
struct Counted<T> {
    below: T,
    queries: Mutex<Vec<Option<String>>>,
}

impl<T: Transport> Counted<T> {
    fn over(below: T) -> Self {
        Self { below, queries: Mutex::default() }
    }

    fn requests(&self) -> usize {
        self.queries.lock().expect("no panic").len()
    }
}

impl<T: Transport> Transport for Counted<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.below)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.queries.lock().expect("no panic").push(request.uri().query().map(str::to_owned));
        self.below.send(request)
    }
}

/// A sandbox with this many messages, three per page, and their ids, newest first.
async fn with_messages(count: usize) -> (Sandbox, Counted<Courier>, Vec<String>) {
    let sandbox = Sandbox::start().await.expect("a free port").with_page_size(3);
    key_search::begin();
    let courier = under_test::courier().api_key(KEY).base_url(sandbox.base_url()).build().expect("a client");
    let mut ids: Vec<_> = (0..count).map(|number| sandbox.send(&format!("reader-{number}")).id).collect();
    ids.reverse();
    (sandbox, Counted::over(courier), ids)
}

#[tokio::test]
async fn the_list_comes_in_order_over_several_pages() {
    for count in [0, 1, 3, 4, 6, 8] {
        let (_sandbox, courier, ids) = with_messages(count).await;
        let filter = MessageFilter::new();
        let messages = paging::items(|cursor| courier.list(cursor.as_deref(), &filter));
        let listed: Vec<MessageDetails> = messages.try_collect().await.expect("every page");
        assert_eq!(listed.iter().map(|message| &message.id).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
        // A full last page says that it is the last.
        assert_eq!(courier.requests(), count.div_ceil(3).max(1), "{count}");
    }
}

#[tokio::test]
async fn a_page_is_fetched_only_when_its_first_item_is_needed() {
    let (_sandbox, courier, ids) = with_messages(7).await;
    let filter = MessageFilter::new();
    let mut messages = paging::items(|cursor| courier.list(cursor.as_deref(), &filter));
    assert_eq!(courier.requests(), 0, "nothing was read yet");
    for (taken, id) in ids.iter().enumerate() {
        let message = messages.next().await.expect("an item").expect("its page");
        assert_eq!(&message.id, id);
        assert_eq!(courier.requests(), taken / 3 + 1, "after {} items", taken + 1);
    }
    assert!(messages.next().await.is_none());
    assert!(messages.next().await.is_none(), "the stream stays at its end");
    assert_eq!(courier.requests(), 3);
}

#[tokio::test]
async fn taking_a_few_items_fetches_no_later_page() {
    let (_sandbox, courier, ids) = with_messages(9).await;
    let filter = MessageFilter::new();
    let messages = paging::items(|cursor| courier.list(cursor.as_deref(), &filter));
    let three: Vec<_> = messages.take(3).map_ok(|message| message.id).try_collect().await.expect("a page");
    assert_eq!(three, ids[..3]);
    assert_eq!(courier.requests(), 1);
}

#[tokio::test]
async fn every_page_is_requested_with_the_filter_and_the_previous_cursor() {
    let (sandbox, courier, _) = with_messages(2).await;
    for _ in 0..4 {
        let _ada = sandbox.send_with("ada", Attributes::new().tag("a&b"));
        let _grace = sandbox.send("grace");
    }
    let filter = MessageFilter::new().recipient("ada").tag("a&b").status(MessageStatus::Enqueued);
    let mut messages = pin!(paging::items(|cursor| courier.list(cursor.as_deref(), &filter)));
    let mut found = 0;
    let mut cursor = None;
    while let Some(message) = messages.as_mut().next().await {
        assert_eq!(message.expect("a page").recipient, "ada");
        found += 1;
        cursor = cursor.or_else(|| messages.cursor().map(str::to_owned));
    }
    assert_eq!(found, 4);
    let queries = courier.queries.lock().expect("no panic").clone();
    let filter = "recipient=ada&status=ENQUEUED&tag=a%26b";
    let cursor = cursor.expect("there are two pages").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert_eq!(queries, [Some(filter.to_owned()), Some(format!("cursor={cursor}&{filter}"))]);
}

#[tokio::test]
async fn pages_come_one_by_one_and_a_saved_cursor_resumes_after_them() {
    let (_sandbox, courier, ids) = with_messages(7).await;
    let filter = MessageFilter::new();
    let fetch = |cursor: Option<String>| courier.list(cursor.as_deref(), &filter);
    let mut pages = paging::pages(fetch);
    let first = pages.next().await.expect("a page").expect("its items");
    assert_eq!(first.len(), 3);
    let saved = pages.cursor().expect("there is more").to_owned();
    drop(pages);

    let rest: Vec<_> =
        paging::items_from(saved, fetch).map_ok(|message| message.id).try_collect().await.expect("pages");
    assert_eq!(rest, ids[3..]);
    assert_eq!(courier.requests(), 3);
}

#[tokio::test]
async fn no_message_is_listed_twice_when_new_ones_are_sent() {
    let (sandbox, courier, ids) = with_messages(5).await;
    let filter = MessageFilter::new();
    let mut messages = paging::items(|cursor| courier.list(cursor.as_deref(), &filter));
    let mut listed = Vec::new();
    while let Some(message) = messages.next().await {
        listed.push(message.expect("a page").id);
        let _newer = sandbox.send("later");
    }
    assert_eq!(listed, ids);
}

/// A page with messages of these ids, and the next cursor.
fn page(ids: &[&str], next: Option<&str>) -> String {
    let message = |id: &&str| {
        let mut record = value("SENT");
        record["id"] = (*id).into();
        serde_json::from_value(record).expect("a record")
    };
    let paging = next.map_or_else(Paging::end, Paging::more);
    serde_json::to_string(&MessagePage::new(ids.iter().map(message).collect(), paging)).expect("JSON")
}

#[tokio::test]
async fn an_error_is_returned_once_and_ends_the_stream() {
    let (filter, beyond) = (MessageFilter::new(), page(&["4"], None));
    let unreadable = (200, r#"{"paging": {"more": false}, "results": [{}]}"#);
    for (status, body) in [(503, ""), (401, "{}"), (200, "<html>"), unreadable] {
        let transport =
            MemoryTransport::new().answer(200, page(&["1", "2"], Some("b"))).answer(200, page(&["3"], Some("c")));
        let transport = transport.answer(status, body).answer(200, beyond.clone());
        let mut messages = paging::items(|cursor| transport.list(cursor.as_deref(), &filter));
        for id in ["1", "2", "3"] {
            assert_eq!(messages.next().await.expect("an item").expect("its page").id, id);
        }
        let error = messages.next().await.expect("an error").expect_err("the third page");
        assert_eq!(error.status().expect("a response"), status, "{error}");
        assert!(messages.next().await.is_none() && messages.next().await.is_none());
        assert_eq!(messages.cursor(), Some("c"), "where the list can resume");
        assert_eq!(transport.requests().len(), 3, "nothing is fetched after the error");
        let went_on = paging::items_from(messages.cursor().map(str::to_owned), |cursor| {
            transport.list(cursor.as_deref(), &filter)
        });
        assert_eq!(went_on.map_ok(|message| message.id).try_collect::<Vec<_>>().await.expect("the rest"), ["4"]);
    }
}

#[tokio::test]
async fn an_invalid_request_for_a_page_is_an_error_of_the_stream() {
    let (transport, filter) = (MemoryTransport::new(), MessageFilter::new().recipient("x".repeat(100_000)));
    let stream = paging::items(|cursor| transport.list(cursor.as_deref(), &filter));
    let outcomes: Vec<_> = stream.take(3).collect().await;
    assert!(matches!(&outcomes[..], [Err(Error::Invalid { .. })]), "{outcomes:?}");
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test]
async fn an_empty_page_is_followed_and_a_repeated_cursor_is_not() {
    let filter = MessageFilter::new();
    let transport = MemoryTransport::new().answer(200, page(&[], Some("b"))).answer(200, page(&["1"], Some("b")));
    let transport = transport.answer(200, page(&["2"], None));
    let stream = paging::items(|cursor| transport.list(cursor.as_deref(), &filter));
    let ids: Vec<_> = stream.map_ok(|message| message.id).try_collect().await.expect("pages");
    assert_eq!(ids, ["1"]);
    let queries: Vec<_> = transport.requests().iter().map(|request| request.uri().query().map(str::to_owned)).collect();
    assert_eq!(queries, [None, Some("cursor=b".to_owned())]);
}

#[tokio::test]
async fn a_cursor_on_the_last_page_is_not_followed() {
    let filter = MessageFilter::new();
    let last = page(&["1"], Some("b")).replace(r#""more":true"#, r#""more":false"#);
    let transport = MemoryTransport::new().answer(200, last);
    let stream = paging::items(|cursor| transport.list(cursor.as_deref(), &filter));
    let ids: Vec<_> = stream.map_ok(|message| message.id).try_collect().await.expect("the one page");
    assert_eq!(ids, ["1"]);
    assert_eq!(transport.requests().len(), 1);
}
