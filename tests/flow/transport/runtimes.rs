//! Where a call runs: without a tokio runtime, in one that ends, or over another runtime's connection.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{Retry, TransportErrorKind};
use courier_core::{Courier, Error, MemoryTransport, ReqwestTransport, Result};
use tokio::runtime::{Builder, Runtime};

use super::{own_client, transport_error};
use crate::flow::key_search;
use crate::flow::record::{ID, record};
use crate::flow::server::KEY;
use crate::under_test::{self, Network};

/// Polls like an executor other than tokio.
fn poll_once<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it waits for something that can't come"),
    }
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Its connections make progress even while nothing blocks on it.
fn worker_runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

/// A server that responds to this many requests and no more. It needs no runtime itself.
struct Server {
    url: String,
    received: Receiver<()>,
}

impl Server {
    fn responding(responses: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound listener"));
        let (sender, received) = mpsc::channel();
        let left = Arc::new(Mutex::new(responses));
        thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let (left, sender) = (Arc::clone(&left), sender.clone());
                thread::spawn(move || {
                    // The client or the test may be gone.
                    while read_head(&mut stream) && sender.send(()).is_ok() {
                        let mut left = left.lock().expect("no panic");
                        if *left > 0 {
                            *left -= 1;
                            let record = record("CANCELED");
                            let length = record.len();
                            let _gone = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{record}");
                        }
                    }
                });
            }
        });
        Self { url, received }
    }

    fn courier(&self) -> Courier {
        key_search::begin();
        under_test::courier().api_key(KEY).base_url(&self.url).build().expect("a client")
    }

    fn over_own_client(&self) -> ReqwestTransport {
        key_search::begin();
        let client = own_client().build().expect("a client");
        ReqwestTransport::from_client(client, &self.url).bearer_token(KEY).build().expect("a transport")
    }

    fn await_request(&self) {
        self.received.recv_timeout(Duration::from_secs(10)).expect("a request");
    }
}

/// Whether there was one.
fn read_head(stream: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    let mut bytes = [0; 1024];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut bytes) {
            Ok(read @ 1..) => head.extend_from_slice(&bytes[..read]),
            _ => return false,
        }
    }
    true
}

#[test]
fn a_call_outside_a_runtime_is_an_error_that_says_what_to_do() {
    let server = Server::responding(9);
    let courier = server.courier();
    let transport = Network::builder(&server.url).bearer_token(KEY).build().expect("a transport");
    let retry = Retry::new(transport.clone());
    // The deadline needs the timer.
    let memory = MemoryTransport::new().answer(200, record("CANCELED"));
    for result in [
        poll_once(courier.cancel(ID)),
        poll_once(courier.cancel(ID).deadline(Duration::MAX)),
        poll_once(transport.cancel(ID)),
        poll_once(transport.cancel(ID).deadline(Duration::from_secs(5))),
        poll_once(retry.cancel(ID)),
        poll_once(memory.cancel(ID).deadline(Duration::from_secs(5))),
    ] {
        let error = transport_error(result);
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Refused, false));
        assert_eq!(error.attempts(), 1);
        let text = error.to_string();
        assert!(text.contains("there is no tokio runtime here; await the call within one (`#[tokio::main]`"), "{text}");
        assert!(text.contains("Call::wait"), "{text}");
    }
    server.received.recv_timeout(Duration::from_millis(50)).expect_err("nothing was sent");
    assert!(memory.requests().is_empty());
    // The clients still work.
    let _cancelled = current_thread().block_on(courier.cancel(ID)).expect("a response");
}

/// As documented under "Panics": tokio has no way to check first.
#[test]
fn a_runtime_without_timer_or_io_and_one_that_has_ended_panic_as_documented() {
    let server = Server::responding(9);
    let courier = server.courier();
    let panic_of = |call: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(call)).expect_err("a panic");
        panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
    };
    let no_timer = Builder::new_current_thread().enable_io().build().expect("a runtime");
    let text = panic_of(&|| drop(no_timer.block_on(courier.cancel(ID)))).expect("a text");
    assert!(text.contains("timers are disabled") && text.contains("enable_time"), "{text}");

    let no_io = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let text = panic_of(&|| drop(no_io.block_on(courier.cancel(ID)))).expect("a text");
    assert!(text.contains("IO is disabled") && text.contains("enable_io"), "{text}");

    let ended = current_thread();
    let handle = ended.handle().clone();
    drop(ended);
    let text = panic_of(&|| {
        let _within = handle.enter();
        drop(poll_once(courier.cancel(ID)));
    });
    let text = text.expect("a text");
    assert!(text.contains("being shutdown"), "{text}");
    server.received.recv_timeout(Duration::from_millis(50)).expect_err("nothing was sent");
}

/// The attempt needs no runtime, but the wait after it does.
#[test]
fn a_retry_outside_a_runtime_is_an_error_that_counts_the_first_attempt() {
    let memory = MemoryTransport::new().answer(503, "").answer(200, record("CANCELED"));
    let error = transport_error(poll_once(Retry::new(memory.clone()).cancel(ID)));
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Refused, true));
    assert_eq!(error.attempts(), 1);
    assert_eq!(memory.requests().len(), 1);
    // Nothing waits, so no runtime is needed.
    let memory = MemoryTransport::new().answer(200, record("CANCELED"));
    let _cancelled = poll_once(Retry::new(memory).cancel(ID)).expect("a response");
}

#[test]
fn a_client_can_be_built_and_dropped_outside_a_runtime_and_outlives_several() {
    let server = Server::responding(3);
    let courier = server.courier();
    for _ in 0..3 {
        // The connection ends with its runtime; the next call opens a new one.
        let runtime = current_thread();
        let _cancelled = runtime.block_on(courier.cancel(ID)).expect("a response");
        drop(runtime);
    }
    drop(courier);
}

#[test]
fn a_call_in_flight_ends_with_its_runtime() {
    let server = Server::responding(0);
    let courier = server.courier();
    let runtime = worker_runtime();
    let call = runtime.spawn(async move { courier.cancel(ID).await.is_ok() });
    server.await_request();
    runtime.shutdown_background();
    let ended = current_thread().block_on(call).expect_err("the task is dropped");
    assert!(ended.is_cancelled());
}

#[test]
fn each_runtime_has_its_own_connections() {
    let server = Server::responding(9);
    let courier = server.courier();
    let first = worker_runtime();
    let _cancelled = first.block_on(courier.cancel(ID)).expect("a response");
    // It runs only while something blocks on it.
    let idle = current_thread();
    let _cancelled = idle.block_on(courier.cancel(ID)).expect("a response");
    // The connections of the first runtime end, and those of the idle one make no progress.
    drop(first);
    let third = worker_runtime();
    for runtime in [&third, &idle, &third] {
        let call = courier.cancel(ID).max_attempts(1).deadline(Duration::from_secs(5));
        let _cancelled = runtime.block_on(call).expect("a response");
    }
}

/// The documentation of `from_client` quotes these texts, so that a search finds them.
#[test]
fn a_connection_of_an_own_client_ends_with_the_runtime_that_opened_it() {
    let server = Server::responding(1);
    let transport = server.over_own_client();
    let first = worker_runtime();
    let _cancelled = first.block_on(transport.cancel(ID)).expect("a response");
    server.await_request();
    // The runtime's thread returns the connection to the pool.
    thread::sleep(Duration::from_millis(200));

    let second = worker_runtime();
    let call = second.spawn({
        let transport = transport.clone();
        async move { transport.cancel(ID).await }
    });
    server.await_request();
    drop(first);
    let error = second.block_on(call).expect("no panic").expect_err("its connection is gone");
    let Error::Transport { source, .. } = &error else { panic!("{error:?}") };
    assert_eq!((source.kind(), source.may_have_arrived()), (TransportErrorKind::Interrupted, true));
    assert!(error.to_string().contains("the tokio runtime that it ran on was shut down"), "{error}");
}

#[test]
fn a_connection_of_an_own_client_in_an_idle_runtime_stalls_a_call_from_another() {
    let server = Server::responding(9);
    let transport = server.over_own_client();
    // It runs only while something blocks on it.
    let first = current_thread();
    let _cancelled = first.block_on(transport.cancel(ID)).expect("a response");
    let second = current_thread();
    let error = transport_error(second.block_on(transport.cancel(ID).deadline(Duration::from_millis(200))));
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { .. }), "{error}");
}

#[test]
fn a_client_per_runtime_is_unaffected_when_another_runtime_ends() {
    let server = Server::responding(9);
    let other = server.courier();
    let first = worker_runtime();
    let _cancelled = first.block_on(other.cancel(ID)).expect("a response");
    server.await_request();

    let own = Server::responding(1);
    let courier = own.courier();
    let second = worker_runtime();
    let call = second.spawn(async move { courier.cancel(ID).await });
    drop((first, other));
    let _cancelled = second.block_on(call).expect("no panic").expect("a response");
}
