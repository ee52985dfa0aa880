//! What happens to a connection while it is idle.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::channel;

use super::super::connection::Connection;
use super::*;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const EVIL: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil";

fn respond(stream: &mut TcpStream) {
    assert_ne!(stream.read(&mut [0; 1024]).expect("a request"), 0);
    stream.write_all(OK).expect("a client");
}

/// Makes a call, and another one after this has happened to the connection while the runtime's thread was busy. It must use another
/// connection.
async fn assert_replaced_after(happens: fn(TcpStream) -> Option<TcpStream>, has_probe: bool) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    let (go, may_go) = channel();
    let (done, is_done) = channel();
    let server = std::thread::spawn(move || {
        let (mut first, _) = listener.accept().expect("a connection");
        respond(&mut first);
        may_go.recv().expect("the first call is over");
        let _first = happens(first);
        done.send(()).expect("a test");
        respond(&mut listener.accept().expect("another connection").0);
    });
    let pool = pool_of(Dialer { has_probe, ..Dialer::new(address) }, LIMITS);
    ok(&pool).await;
    go.send(()).expect("a server");
    is_done.recv().expect("a server");
    ok(&pool).await;
    server.join().expect("no panic");
}

const EVENTS: [fn(TcpStream) -> Option<TcpStream>; 3] = [
    |mut stream| {
        stream.write_all(EVIL).expect("a client");
        Some(stream)
    },
    |stream| {
        drop(stream);
        None
    },
    |mut stream| {
        stream.write_all(EVIL).expect("a client");
        stream.shutdown(std::net::Shutdown::Both).expect("a connection");
        None
    },
];

/// Otherwise, bytes that came unasked would pass for a response, or the request would be lost.
#[tokio::test]
async fn what_happens_while_the_thread_is_busy_is_noticed() {
    for happens in EVENTS {
        for has_probe in [true, false] {
            assert_replaced_after(happens, has_probe).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_while_a_worker_is_busy_is_noticed() {
    for happens in EVENTS {
        tokio::spawn(assert_replaced_after(happens, true)).await.expect("no panic");
    }
}

/// The task that reads the connection may be on another thread, which is busy: only the probe sees what has arrived.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn bytes_that_no_task_has_read_are_never_a_response() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    let pool = pool_of(Dialer::new(address), LIMITS);
    let server = std::thread::spawn(move || {
        let (mut first, _) = listener.accept().expect("a connection");
        respond(&mut first);
        (first, listener)
    });
    ok(&pool).await;
    let (mut first, listener) = server.join().expect("no panic");
    let (blocked, is_blocked) = channel();
    let (unblock, may_end) = channel::<()>();
    // The only worker doesn't read the connection meanwhile. This thread runs the test alone.
    let busy = tokio::spawn(async move {
        blocked.send(()).expect("a test");
        may_end.recv().ok();
    });
    is_blocked.recv().expect("a worker");
    first.write_all(EVIL).expect("a client");
    let server = std::thread::spawn(move || respond(&mut listener.accept().expect("another connection").0));
    let call = pool.call(get("/ok"));
    let mut call = std::pin::pin!(call);
    // It yields once, which changes nothing: the worker is busy.
    for _ in 0..2 {
        let polled = std::future::poll_fn(|context| std::task::Poll::Ready(call.as_mut().poll(context))).await;
        assert!(polled.is_pending());
    }
    drop(unblock);
    busy.await.expect("no panic");
    let (_, body) = read(call.await.expect("a response")).await.expect("a body");
    assert_eq!(body, "ok");
    server.join().expect("no panic");
}

/// Makes a connection end while it is idle, so that only its task could know it.
fn end_idle(pool: &Pool) {
    let connections = pool.runtimes.current(&pool.server);
    let Some(Connection::Http1(connection, _)) = connections.take(super::super::http1::Room::Usual) else {
        panic!("none is idle")
    };
    connection.abort();
    connections.put(connection);
}

/// It isn't lost: no connection has taken it.
#[tokio::test]
async fn a_request_that_is_given_back_goes_to_another_connection() {
    let mut server = Server::start().await;
    let pool = pool(&server, LIMITS);
    ok(&pool).await;
    end_idle(&pool);
    ok(&pool).await;
    assert_eq!(server.connections(), [0, 1]);
}

/// Otherwise, a time limit that ends the wait for the other connection would report that the request may have arrived.
#[tokio::test]
async fn a_request_that_is_given_back_cannot_arrive_until_it_is_passed_on() {
    let server = Server::start().await;
    let pool = pool(&server, LIMITS);
    ok(&pool).await;
    end_idle(&pool);
    let noted = std::sync::Mutex::new(Vec::new());
    let note = |may_arrive| noted.lock().expect("no panic").push(may_arrive);
    pool.exchange(&mut Some(get("/ok")), note).await.expect("a response");
    assert_eq!(*noted.lock().expect("no panic"), [true, false, true]);
}

#[tokio::test]
async fn a_request_that_is_given_back_twice_is_an_error_that_says_it_was_not_sent() {
    let mut server = Server::start().await;
    let dialer = Dialer {
        opens: |address, number| match number {
            0 => (Dialer::new(address).opens)(address, 0),
            _ => Box::pin(async { (broken(), None) }),
        },
        ..Dialer::new(server.address)
    };
    let dials = Arc::clone(&dialer.dials);
    let pool = pool_of(dialer, LIMITS);
    ok(&pool).await;
    end_idle(&pool);
    let (_, is_unsent) = lost(pool.call(get("/ok")).await);
    assert!(is_unsent);
    assert_eq!(server.connections(), [0]);
    assert_eq!(dials.load(Ordering::Relaxed), 2);
}

/// The next one would end in the same way.
#[tokio::test]
async fn a_request_that_a_new_connection_gives_back_is_an_error() {
    let dialer =
        Dialer { opens: |_, _| Box::pin(async { (broken(), None) }), ..Dialer::new(([127, 0, 0, 1], 1).into()) };
    let dials = Arc::clone(&dialer.dials);
    let pool = pool_of(dialer, LIMITS);
    let (_, is_unsent) = lost(pool.call(get("/ok")).await);
    assert!(is_unsent);
    assert_eq!(dials.load(Ordering::Relaxed), 1);
}

/// A stream that keeps some bytes for itself, as TLS does with a session ticket.
struct KeepsTickets(Io);

impl hyper::rt::Read for KeepsTickets {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        mut buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        loop {
            let mut bytes = [0; 1024];
            let mut read = hyper::rt::ReadBuf::new(&mut bytes);
            std::task::ready!(Pin::new(&mut self.0).poll_read(context, read.unfilled()))?;
            if read.filled() != b"ticket" {
                buffer.put_slice(read.filled());
                return std::task::Poll::Ready(Ok(()));
            }
        }
    }
}

impl hyper::rt::Write for KeepsTickets {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// The task that reads it is on another thread, which is busy for a moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_session_ticket_does_not_cost_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let dialer = Dialer {
        opens: |address, number| {
            Box::pin(async move {
                let (io, probe) = (Dialer::new(address).opens)(address, number).await;
                let io: Io = Box::new(KeepsTickets(io));
                (io, probe)
            })
        },
        ..Dialer::new(listener.local_addr().expect("its address"))
    };
    let dials = Arc::clone(&dialer.dials);
    let pool = pool_of(dialer, LIMITS);
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        respond(&mut stream);
        stream
    });
    ok(&pool).await;
    let mut stream = server.join().expect("no panic");
    let (blocked, is_blocked) = channel();
    tokio::spawn(async move {
        blocked.send(()).expect("a test");
        std::thread::sleep(Duration::from_millis(15));
    });
    is_blocked.recv().expect("a worker");
    stream.write_all(b"ticket").expect("a client");
    let server = std::thread::spawn(move || respond(&mut stream));
    ok(&pool).await;
    server.join().expect("no panic");
    assert_eq!(dials.load(Ordering::Relaxed), 1);
}
