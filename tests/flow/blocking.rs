//! Blocking calls: the same declarations and outcomes, from any thread, inside and outside a runtime.

use std::net::TcpListener;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use courier_core::blocking::{Blocking, Courier, Transport};
use courier_core::messages::blocking::Messages;
use courier_core::messages::{Cancellation, MessageFilter, MessageStatus};
use courier_core::transport::{TimeLimit, TransportError, TransportErrorKind};
use courier_core::{Error, MemoryTransport, Request, ReqwestTransport, Response, Result, messages};
use courier_sandbox::Sandbox;
use tokio::runtime::{Builder, Runtime};

use super::key_search;
use super::record::{ID, PROBLEM, record, value};
use super::server::KEY;

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
        let courier = blocking(courier_core::Courier::builder().api_key(KEY).base_url(sandbox.base_url()));
        Self { sandbox, courier, _runtime: runtime }
    }

    /// Sends a message and cancels it with a blocking call.
    fn check(&self, recipient: &str) {
        let id = self.sandbox.send(recipient).id;
        let cancelled = self.courier.cancel(&id).expect("declared").into_ok().expect("just sent");
        assert_eq!(
            (&cancelled.id, &*cancelled.recipient, &cancelled.status),
            (&id, recipient, &MessageStatus::Canceled)
        );
        assert_eq!(self.sandbox.message(&id), Some(cancelled));
    }
}

fn blocking(builder: courier_core::CourierBuilder) -> Courier {
    key_search::begin();
    Courier::from_async(builder.build().expect("a client")).expect("a thread")
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
        let courier = blocking(courier_core::Courier::builder().api_key(KEY).base_url(background.sandbox.base_url()));
        assert!(matches!(courier.cancel(&id), Ok(Cancellation::Ok(_))));
        assert!(matches!(courier.clone().cancel(&id), Ok(Cancellation::Conflict(_))));
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
    impl courier_core::Transport for Together {
        fn send(&self, request: Request) -> courier_core::transport::BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async move {
                self.0.wait().await;
                let mut record = value("CANCELED");
                record["id"] = request.uri().path().split('/').nth(2).expect("/messages/…/cancel").into();
                Ok(Response::new(record.to_string().into()))
            })
        }
    }
    let transport = Blocking::new(Together(tokio::sync::Barrier::new(3))).expect("a thread");
    thread::scope(|scope| {
        for id in ["1", "2", "3"] {
            let transport = transport.clone();
            scope.spawn(move || assert_eq!(transport.cancel(id).expect("200").details().id, id));
        }
    });
}

#[test]
fn blocking_endpoints_are_dyn_compatible_and_pointers_are_transports() {
    fn generic<M: Messages + ?Sized>(messages: &M) -> bool {
        messages.cancel(ID).is_ok()
    }
    let memory = MemoryTransport::from_fn(|_| Ok(Response::new(record("CANCELED").into())));
    let of_endpoints: Box<dyn Messages> = Box::new(memory.clone());
    let of_transports: Arc<dyn Transport> = Arc::new(memory.clone());
    let borrowed: &dyn Messages = &&memory;
    assert!(generic(&*of_endpoints) && generic(&of_endpoints) && generic(&*of_transports) && generic(borrowed));
    thread::spawn(move || of_transports.cancel(ID).map(Cancellation::into_details))
        .join()
        .expect("no panic")
        .expect("200");
    assert_eq!(memory.requests().len(), 5);
}

#[test]
fn a_memory_transport_gets_the_same_request_from_async_and_blocking_calls() {
    let transport = MemoryTransport::new().answer(409, record("SENT")).answer(409, record("SENT"));
    let blocked = Messages::cancel(&transport, ID).expect("409");
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let awaited = runtime.block_on(async { messages::Messages::cancel(&transport, ID).await }).expect("409");
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
        fn send(&self, request: Request) -> Result<Response, TransportError> {
            self.1.lock().expect("no panic").push(request.uri().to_string());
            self.0.send(request)
        }
    }
    let background = Background::start();
    let sent = background.sandbox.send("a&b");
    let logged = Logged(&background.courier, Mutex::default());
    let page = logged.list(None, &MessageFilter::new().recipient("a&b")).expect("a page");
    assert_eq!(page.results.len(), 1);
    assert!(logged.get("2-unknown").expect("declared").is_none());
    assert_eq!(logged.get(&sent.id).expect("declared").expect("it was sent").recipient, "a&b");
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
    let builder = || courier_core::Courier::builder().api_key(KEY).base_url(&url).max_attempts(1);
    for (courier, limit) in [
        (blocking(builder().deadline(LIMIT)), TimeLimit::Deadline),
        (blocking(builder().attempt_timeout(LIMIT)), TimeLimit::Attempt),
    ] {
        let start = Instant::now();
        let error = courier.cancel(ID).expect_err("a silent server");
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
    let transport = Blocking::new(ReqwestTransport::builder(url).build().expect("a client")).expect("a thread");
    let error = transport.cancel(ID).expect_err("nothing listens here");
    assert!(matches!(error, Error::Transport { .. }) && !error.may_have_arrived(), "{error:?}");
}

#[test]
fn async_and_blocking_calls_give_the_same_outcome_or_error() {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let responses = [(200, record("CANCELED")), (409, record("SENT")), (200, "{}".into()), (200, String::new())];
    let undeclared = [(404, PROBLEM.to_owned()), (201, record("SENT")), (302, String::new()), (503, "<html>".into())];
    for (status, body) in responses.into_iter().chain(undeclared) {
        let transport = MemoryTransport::new().answer(status, body.clone()).answer(status, body.clone());
        let blocked = Messages::cancel(&transport, ID);
        let awaited = runtime.block_on(async { messages::Messages::cancel(&transport, ID).await });
        assert_eq!(format!("{blocked:?}"), format!("{awaited:?}"), "{status} {body}");
    }
    for id in ["", ".", ".."] {
        let transport = MemoryTransport::new();
        let blocked = Messages::cancel(&transport, id).expect_err("not a segment");
        let awaited =
            runtime.block_on(async { messages::Messages::cancel(&transport, id).await }).expect_err("not a segment");
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
        let blocked = Messages::cancel(&transport, ID).expect_err("no response");
        let awaited =
            runtime.block_on(async { messages::Messages::cancel(&transport, ID).await }).expect_err("no response");
        assert_eq!(format!("{blocked:?}"), format!("{awaited:?}"));
    }
}
