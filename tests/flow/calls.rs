//! Calls: one future for every endpoint and transport, which can be awaited, joined, spawned, stored or dropped.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use courier_core::messages::{Cancellation, Messages};
use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{Call, Courier, MemoryTransport, Request, Response, Result, Transport};
use tokio::sync::{Barrier, Notify};
use tokio::task::{JoinHandle, JoinSet};

use super::record::{ID, record, value};
use super::server::{Reply, Server};

mod fakes;

/// Responds only once this many calls have arrived.
struct Together(Barrier);

impl Together {
    fn of(calls: usize) -> Self {
        Self(Barrier::new(calls))
    }
}

impl Transport for Together {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            self.0.wait().await;
            Ok(echo(request.uri().path()))
        })
    }
}

/// The record of the message named in the path.
fn echo(path: &str) -> Response {
    let mut record = value("CANCELED");
    record["id"] = path.split('/').nth(2).expect("/messages/…/cancel").into();
    Response::new(record.to_string().into())
}

#[tokio::test]
async fn a_call_can_be_spawned_with_the_client_it_borrows() {
    let server = Server::start([Reply::json(200, record("CANCELED")), Reply::json(409, record("SENT"))]).await;
    let courier = Arc::new(server.courier());
    let of_its_own = Arc::clone(&courier);
    let task = tokio::spawn(async move { of_its_own.cancel(ID).await });
    assert!(matches!(task.await.expect("no panic"), Ok(Cancellation::Ok(_))));

    let anything: Arc<dyn Transport> = courier;
    let task = tokio::spawn(async move { anything.cancel(ID).await });
    assert!(matches!(task.await.expect("no panic"), Ok(Cancellation::Conflict(_))));
}

#[tokio::test]
async fn joined_calls_run_concurrently() {
    let transport = Together::of(3);
    let (one, two, three) = tokio::join!(transport.cancel("1"), transport.cancel("2"), transport.cancel("3"));
    for (id, outcome) in [("1", one), ("2", two), ("3", three)] {
        assert_eq!(outcome.expect("200").details().id, id);
    }
}

#[tokio::test]
async fn calls_to_one_endpoint_have_one_type_and_fit_in_a_collection() {
    let transport = Together::of(20);
    let ids: Vec<String> = (0..20).map(|id| id.to_string()).collect();
    let mut calls: Vec<Call<'_, Result<Cancellation>>> = ids.iter().map(|id| transport.cancel(id)).collect();
    // A minimal `FuturesUnordered`.
    let mut outcomes = Vec::new();
    poll_fn(|context| {
        calls.retain_mut(|call| match Pin::new(call).poll(context) {
            Poll::Ready(outcome) => {
                outcomes.push(outcome.expect("200").into_details().id);
                false
            }
            Poll::Pending => true,
        });
        if calls.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outcomes.sort_by_key(|id| id.parse::<u32>().expect("a number"));
    assert_eq!(outcomes, ids);
}

#[tokio::test]
async fn each_concurrent_call_gets_its_own_response() {
    let server =
        Server::from_fn(|request| Reply::json(200, echo(request.target()).body().as_bytes().expect("a whole body")))
            .await;
    let courier = Arc::new(server.courier());
    let mut tasks = JoinSet::new();
    for id in 0..100 {
        let courier = Arc::clone(&courier);
        tasks.spawn(async move { (id.to_string(), courier.cancel(&id.to_string()).await) });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.len(), 100);
    for (id, outcome) in outcomes {
        assert_eq!(outcome.expect("200").details().id, id);
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_before_it_is_polled_sends_nothing() {
    let transport = MemoryTransport::new().answer(200, record("CANCELED"));
    drop(transport.cancel(ID));
    drop(transport.cancel(ID).with_response());
    assert_eq!(transport.requests().len(), 0);
    let _cancelled = transport.cancel(ID).await.expect("the first response");
}

#[tokio::test]
async fn dropping_a_call_in_flight_drops_the_transports_future() {
    struct Counted<'t>(&'t AtomicUsize);
    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    #[derive(Default)]
    struct Slow {
        on_their_way: AtomicUsize,
        started: Notify,
    }
    impl Transport for Slow {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async move {
                self.on_their_way.fetch_add(1, Ordering::Relaxed);
                let _counted = Counted(&self.on_their_way);
                self.started.notify_one();
                std::future::pending().await
            })
        }
    }
    let transport = Arc::new(Slow::default());
    let call = tokio::spawn({
        let transport = Arc::clone(&transport);
        async move { transport.cancel(ID).deadline(std::time::Duration::from_mins(1)).await }
    });
    transport.started.notified().await;
    assert_eq!(transport.on_their_way.load(Ordering::Relaxed), 1);
    call.abort();
    assert!(call.await.expect_err("it was dropped").is_cancelled());
    assert_eq!(transport.on_their_way.load(Ordering::Relaxed), 0);
}

/// Generic code over sized and unsized transports.
async fn cancelled<T: Messages + ?Sized>(messages: &T, id: &str) -> bool {
    matches!(messages.cancel(id).await, Ok(Cancellation::Ok(_)))
}

/// Compiles only if a call is `Send` for every transport.
fn spawned<T: Messages + ?Sized + 'static>(messages: Arc<T>, id: String) -> JoinHandle<bool> {
    tokio::spawn(async move { cancelled(&*messages, &id).await })
}

#[tokio::test]
async fn generic_code_calls_every_kind_of_transport() {
    let memory = MemoryTransport::from_fn(|_| Ok(Response::new(record("CANCELED").into())));
    let arc: Arc<dyn Transport> = Arc::new(memory.clone());
    let boxed: Box<dyn Messages> = Box::new(memory.clone());
    let borrowed: &dyn Transport = &memory;
    let endpoints: &dyn Messages = &memory;

    assert!(cancelled(&memory, ID).await);
    assert!(cancelled(&&memory, ID).await);
    assert!(cancelled(&arc, ID).await);
    assert!(cancelled(&*arc, ID).await);
    assert!(cancelled(&boxed, ID).await);
    assert!(cancelled(&*boxed, ID).await);
    assert!(cancelled(borrowed, ID).await);
    assert!(cancelled(&borrowed, ID).await);
    assert!(cancelled(endpoints, ID).await);
    assert!(cancelled(&Arc::new(Box::new(&memory)), ID).await, "pointers to pointers");
    assert!(spawned(Arc::new(memory.clone()), ID.to_owned()).await.expect("no panic"));
    assert!(spawned(arc, ID.to_owned()).await.expect("no panic"));
    assert!(spawned::<dyn Messages>(boxed.into(), ID.to_owned()).await.expect("no panic"));
    assert_eq!(memory.requests().len(), 13);
}

#[test]
fn a_call_is_send_and_unpin_for_every_return_type() {
    fn assert_send<T: Send>() {}
    fn assert_unpin<T: Unpin>() {}
    fn of_any<R>() {
        assert_send::<Call<'_, R>>();
        assert_unpin::<Call<'_, R>>();
    }
    of_any::<Result<Cancellation>>();
    of_any::<Result<std::rc::Rc<std::marker::PhantomPinned>>>();
    assert_send::<Courier>();
}

/// The arguments are dropped before the call is awaited.
#[tokio::test]
async fn a_call_does_not_borrow_its_arguments() {
    let transport = MemoryTransport::new().answer(200, record("CANCELED"));
    let call = {
        let id = String::from("short-lived");
        transport.cancel(&id)
    };
    let _cancelled = call.await.expect("200");
    assert_eq!(transport.requests()[0].uri(), "/messages/short-lived/cancel");
}

#[tokio::test]
async fn a_call_describes_itself_before_it_is_sent() {
    let transport = MemoryTransport::new();
    let call = transport.cancel(ID);
    assert_eq!(call.endpoint(), Some(<MemoryTransport as Messages>::cancel_endpoint()));
    let shown = format!("{call:?}");
    assert!(shown.contains("unsent") && shown.contains("POST /messages/<message_id>/cancel"), "{shown}");
}
