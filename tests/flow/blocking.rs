//! Blocking calls: the same declarations and outcomes, from any thread, inside and outside a runtime.

use std::future::poll_fn;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use courier_core::messages::{Cancellation, MessageFilter, MessageStatus, Messages};
use courier_core::transport::{BoxFuture, Retry, TimeLimit, TransportError, TransportErrorKind};
use courier_core::{
    Call, Courier, CourierBuilder, Error, MemoryTransport, Request, Response, Result, Transport, endpoint,
};
use courier_sandbox::Sandbox;
use tokio::runtime::{Builder, Runtime};

use super::key_search;
use super::record::{ID, PROBLEM, record, value};
use super::server::KEY;
use crate::under_test::{self, Network};

mod download;
mod items;

/// A sandbox in its own runtime, so that a test which blocks its thread does not block the server.
struct Background {
    sandbox: Sandbox,
    courier: Courier,
    // Dropped last, after the tasks that run in it.
    _runtime: Runtime,
}

impl Background {
    fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let sandbox = runtime.block_on(Sandbox::start()).expect("a free port");
        let courier = client(under_test::courier().api_key(KEY).base_url(sandbox.base_url()));
        Self { sandbox, courier, _runtime: runtime }
    }

    /// Sends a message and cancels it with a blocking call.
    fn check(&self, recipient: &str) {
        let id = self.sandbox.send(recipient).id;
        let cancelled = self.courier.cancel(&id).wait().expect("declared").into_ok().expect("just sent");
        assert_eq!(
            (&cancelled.id, &*cancelled.recipient, &cancelled.status),
            (&id, recipient, &MessageStatus::Canceled)
        );
        assert_eq!(self.sandbox.message(&id), Some(cancelled));
    }
}

fn client(builder: CourierBuilder) -> Courier {
    key_search::begin();
    builder.build().expect("a client")
}

#[test]
fn a_blocking_call_works_outside_a_runtime() {
    Background::start().check("ada");
}

#[test]
fn a_blocking_call_works_inside_either_kind_of_runtime() {
    let background = Background::start();
    let current = Builder::new_current_thread().build().expect("a runtime");
    current.block_on(async { background.check("ada") });
    let multi = Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    multi.block_on(async { background.check("grace") });

    // A worker thread may neither enter nor drop a runtime; the client is dropped there.
    let on_a_worker = multi.spawn(async move {
        background.check("hedy");
        let Background { sandbox, courier, _runtime: runtime } = background;
        drop((sandbox, courier));
        runtime
    });
    drop(multi.block_on(on_a_worker).expect("no panic"));
}

#[test]
fn a_client_can_be_built_used_and_dropped_in_a_current_thread_runtime() {
    let background = Background::start();
    let id = background.sandbox.send("ada").id;
    Builder::new_current_thread().build().expect("a runtime").block_on(async {
        let courier = client(under_test::courier().api_key(KEY).base_url(background.sandbox.base_url()));
        assert!(matches!(courier.cancel(&id).wait(), Ok(Cancellation::Ok(_))));
        assert!(matches!(courier.clone().cancel(&id).wait(), Ok(Cancellation::Conflict(_))));
    });
}

#[test]
fn threads_that_share_a_client_each_get_their_own_response() {
    let background = Background::start();
    let start = Barrier::new(16);
    thread::scope(|scope| {
        for thread in 0..16 {
            let (background, start) = (&background, &start);
            scope.spawn(move || {
                start.wait();
                for call in 0..8 {
                    background.check(&format!("reader-{thread}-{call}"));
                }
            });
        }
    });
}

#[test]
fn calls_from_many_threads_run_concurrently() {
    /// Responds only once three requests have arrived.
    struct Together(tokio::sync::Barrier);
    impl Transport for Together {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async move {
                self.0.wait().await;
                let mut record = value("CANCELED");
                record["id"] = request.uri().path().split('/').nth(2).expect("/messages/…/cancel").into();
                Ok(Response::new(record.to_string().into()))
            })
        }
    }
    let transport = Together(tokio::sync::Barrier::new(3));
    thread::scope(|scope| {
        for id in ["1", "2", "3"] {
            let transport = &transport;
            scope.spawn(move || assert_eq!(transport.cancel(id).wait().expect("200").details().id, id));
        }
    });
}

#[test]
fn calls_block_over_every_pointer_to_a_transport_and_to_its_endpoints() {
    fn generic<M: Messages + ?Sized>(messages: &M) -> bool {
        messages.cancel(ID).wait().is_ok()
    }
    let memory = MemoryTransport::from_fn(|_| Ok(Response::new(record("CANCELED").into())));
    let of_endpoints: Box<dyn Messages> = Box::new(memory.clone());
    let of_transports: Arc<dyn Transport> = Arc::new(memory.clone());
    let borrowed: &dyn Messages = &&memory;
    assert!(generic(&*of_endpoints) && generic(&of_endpoints) && generic(&*of_transports) && generic(borrowed));
    thread::spawn(move || of_transports.cancel(ID).wait().map(Cancellation::into_details))
        .join()
        .expect("no panic")
        .expect("200");
    assert_eq!(memory.requests().len(), 5);
}

#[test]
fn a_memory_transport_gets_the_same_request_from_async_and_blocking_calls() {
    let transport = MemoryTransport::new().answer(409, record("SENT")).answer(409, record("SENT"));
    let blocked = transport.cancel(ID).wait().expect("409");
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let awaited = runtime.block_on(async { transport.cancel(ID).await }).expect("409");
    assert_eq!(blocked, awaited);
    let [by_one, by_other] = &transport.requests()[..] else { panic!("two requests") };
    assert_eq!(
        (by_one.method(), by_one.uri(), by_one.headers()),
        (by_other.method(), by_other.uri(), by_other.headers())
    );
}

#[test]
fn a_custom_transport_can_block() {
    /// Records targets and passes requests on.
    struct Logged<T>(T, Mutex<Vec<String>>);
    impl<T: Transport> Transport for Logged<T> {
        fn inner(&self) -> Option<&dyn Transport> {
            Some(&self.0)
        }

        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            self.1.lock().expect("no panic").push(request.uri().to_string());
            self.0.send(request)
        }
    }
    let background = Background::start();
    let sent = background.sandbox.send("a&b");
    let logged = Logged(&background.courier, Mutex::default());
    let page = logged.list(None, &MessageFilter::new().recipient("a&b")).wait().expect("a page");
    assert_eq!(page.results.len(), 1);
    assert!(logged.get("2-unknown").wait().expect("declared").is_none());
    assert_eq!(logged.get(&sent.id).wait().expect("declared").expect("it was sent").recipient, "a&b");
    let expected = ["/messages?recipient=a%26b", "/messages/2-unknown", &format!("/messages/{}", sent.id)];
    assert_eq!(*logged.1.lock().expect("no panic"), expected);
}

/// A listener that never accepts: the system opens the connection, and no response comes.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    (listener, url)
}

#[test]
fn a_blocking_call_to_a_silent_server_times_out() {
    const LIMIT: Duration = Duration::from_millis(100);
    let (_listener, url) = silent();
    let builder = || under_test::courier().api_key(KEY).base_url(&url).max_attempts(1);
    for (courier, limit) in [
        (client(builder().deadline(LIMIT)), TimeLimit::Deadline),
        (client(builder().attempt_timeout(LIMIT)), TimeLimit::Attempt),
    ] {
        let start = Instant::now();
        let error = courier.cancel(ID).wait().expect_err("a silent server");
        let Error::Timeout { source, .. } = &error else { panic!("{error:?}") };
        assert_eq!(source.kind(), TransportErrorKind::Timeout { limit, after: LIMIT });
        assert!(error.may_have_arrived());
        assert!((LIMIT..LIMIT * 50).contains(&start.elapsed()), "{:?}", start.elapsed());
    }
}

#[test]
fn a_network_transport_can_block_for_any_api() {
    let (listener, url) = silent();
    drop(listener);
    let transport = Network::builder(url).build().expect("a client");
    let error = transport.cancel(ID).wait().expect_err("nothing listens here");
    assert!(matches!(error, Error::Transport { .. }) && !error.may_have_arrived(), "{error:?}");
}

#[test]
fn async_and_blocking_calls_give_the_same_outcome_or_error() {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let responses = [(200, record("CANCELED")), (409, record("SENT")), (200, "{}".into()), (200, String::new())];
    let undeclared = [(404, PROBLEM.to_owned()), (201, record("SENT")), (302, String::new()), (503, "<html>".into())];
    for (status, body) in responses.into_iter().chain(undeclared) {
        let transport = MemoryTransport::new().answer(status, body.clone()).answer(status, body.clone());
        let blocked = transport.cancel(ID).wait();
        let awaited = runtime.block_on(async { transport.cancel(ID).await });
        assert_eq!(format!("{blocked:?}"), format!("{awaited:?}"), "{status} {body}");
    }
    for id in ["", ".", ".."] {
        let transport = MemoryTransport::new();
        let blocked = transport.cancel(id).wait().expect_err("not a segment");
        let awaited = runtime.block_on(async { transport.cancel(id).await }).expect_err("not a segment");
        assert!(matches!(blocked, Error::Invalid { .. }));
        assert_eq!(format!("{blocked:?}"), format!("{awaited:?}"));
        assert_eq!(transport.requests().len(), 0);
    }
    for kind in [
        TransportErrorKind::Connect,
        TransportErrorKind::Interrupted,
        TransportErrorKind::TooLarge { limit: 7 },
        TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: Duration::from_secs(1) },
    ] {
        let transport = MemoryTransport::new();
        let transport = transport.play(Err(TransportError::sent(kind))).play(Err(TransportError::sent(kind)));
        let blocked = transport.cancel(ID).wait().expect_err("no response");
        let awaited = runtime.block_on(async { transport.cancel(ID).await }).expect_err("no response");
        assert_eq!(format!("{blocked:?}"), format!("{awaited:?}"));
    }
}

#[test]
fn options_headers_curl_and_the_response_work_for_a_call_that_waits() {
    let background = Background::start();
    let id = background.sandbox.send("ada").id;
    let call = background.courier.cancel(&id).header("x-request-id", "7f3c").max_attempts(1);
    let curl = call.curl().expect("a request");
    assert!(curl.contains("x-request-id: 7f3c") && curl.contains(&background.sandbox.base_url()), "{curl}");
    let cancelled = call.with_response().wait().expect("200");
    assert_eq!((cancelled.status.as_u16(), cancelled.attempts), (200, 1));

    let (_listener, url) = silent();
    let transport = Network::builder(&url).build().expect("a client");
    let error = transport.cancel(ID).deadline(Duration::from_millis(50)).wait().expect_err("nobody responds");
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    let error = transport.cancel(ID).deadline(Duration::from_millis(50)).with_response().wait().expect_err("the same");
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}

#[test]
fn a_retry_waits_between_attempts() {
    let transport = Retry::new(MemoryTransport::new().answer(429, "").answer(200, record("CANCELED")));
    let start = Instant::now();
    let cancelled = transport.cancel(ID).with_response().wait().expect("the second attempt");
    assert_eq!(cancelled.attempts, 2);
    assert!(start.elapsed() >= Duration::from_millis(500), "{:?}", start.elapsed());
}

/// One trait with both kinds of method.
trait Both: Transport {
    #[endpoint(GET, "/number", ok = 200)]
    async fn number(&self) -> Result<u8>;
    #[endpoint(GET, "/number", ok = 200)]
    fn number_at_once(&self) -> Result<u8>;
}
impl<T: Transport + ?Sized> Both for T {}

#[test]
fn a_method_that_is_not_async_waits_by_itself() {
    let transport = MemoryTransport::new().answer(200, "7").answer(200, "7");
    assert_eq!(transport.number().wait().expect("200"), transport.number_at_once().expect("200"));
    assert!(transport.number_at_once().is_err(), "nothing is left");
}

/// Responds when it is polled for the second time.
struct Late(AtomicBool);
impl Transport for Late {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(poll_fn(|_| {
            let is_second = self.0.swap(true, Ordering::Relaxed);
            if is_second { Poll::Ready(Ok(Response::new(record("CANCELED").into()))) } else { Poll::Pending }
        }))
    }
}

#[test]
fn a_call_that_was_polled_before_and_a_fake_can_be_waited_for() {
    let transport = Late(AtomicBool::new(false));
    let mut call = transport.cancel(ID);
    // It gets the request out, and is left then.
    let mut context = Context::from_waker(Waker::noop());
    assert!(Pin::new(&mut call).poll(&mut context).is_pending());
    let _cancelled = call.wait().expect("200");
    assert_eq!(Call::ready(Ok::<_, Error>(7)).wait().expect("ready"), 7);
    assert_eq!(Call::from_future(async { Ok::<_, Error>(8) }).with_response().wait().expect("8").outcome, 8);
}

/// A future that blocks in between, for another call or a channel, uses up the wake-up of its thread.
#[test]
fn a_wake_up_is_not_lost_if_the_future_itself_blocks_its_thread() {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut is_second = false;
        let call = Call::from_future(poll_fn(move |context| {
            if std::mem::replace(&mut is_second, true) {
                return Poll::Ready(Ok::<_, Error>(7));
            }
            context.waker().wake_by_ref();
            thread::park();
            Poll::Pending
        }));
        sender.send(call.wait())
    });
    let seven = receiver.recv_timeout(Duration::from_secs(10)).expect("it was woken");
    assert_eq!(seven.expect("seven"), 7);
}

/// A task that the transport left running on the shared thread waits there: it would wait for itself.
#[test]
fn a_call_on_the_thread_that_does_the_io_is_refused_and_no_deadlock() {
    struct Nested(Arc<MemoryTransport>);
    impl Transport for Nested {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            let inner = Arc::clone(&self.0);
            Box::pin(async move {
                // In the future itself a call can wait: this thread is the caller's.
                let _cancelled = inner.cancel("1").wait().expect("200");
                let task = tokio::spawn(async move { inner.cancel("2").wait().map(drop) });
                let error = task.await.expect("no panic").expect_err("it would wait for itself");
                let Error::Transport { source, .. } = error else { panic!("{error:?}") };
                assert_eq!((source.kind(), source.may_have_arrived()), (TransportErrorKind::Refused, false));
                drop(request);
                Ok(Response::new(record("CANCELED").into()))
            })
        }
    }
    let memory = MemoryTransport::from_fn(|_| Ok(Response::new(record("CANCELED").into())));
    let _cancelled = Nested(Arc::new(memory)).cancel(ID).wait().expect("200");
}

#[test]
fn a_panic_of_a_transport_reaches_the_caller_and_the_next_call_works() {
    struct Panicking;
    impl Transport for Panicking {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async { panic!("on purpose") })
        }
    }
    let panicked = thread::spawn(|| Panicking.cancel(ID).wait().map(drop)).join();
    assert!(panicked.is_err());
    Background::start().check("ada");
}
