//! A custom transport that returns every body as a stream.

use std::collections::VecDeque;
use std::io;
use std::sync::Mutex;

use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{Body, Request, Response};
use futures_util::stream::{self, StreamExt as _};

use super::*;

/// Plays these bodies, one for each request, with the status 200 or 404.
struct Own(u16, Mutex<VecDeque<Body>>);

impl Own {
    fn playing(status: u16, bodies: impl IntoIterator<Item = Body>) -> Self {
        Self(status, Mutex::new(bodies.into_iter().collect()))
    }

    fn left(&self) -> usize {
        self.1.lock().expect("no panic").len()
    }
}

impl Transport for Own {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn send(&self, _: Request) -> BoxFuture<'_, std::result::Result<Response, TransportError>> {
        let body = self.1.lock().expect("no panic").pop_front().expect("a response");
        let response = http::Response::builder().status(self.0).body(body).expect("a response");
        Box::pin(async { Ok(response) })
    }
}

trait Names: Transport {
    #[endpoint(GET, "/name", ok = 200)]
    async fn name(&self) -> Result<String>;

    #[endpoint(GET, "/name", ok = 200)]
    async fn streamed(&self) -> Result<Download>;
}
impl<T: Transport> Names for T {}

/// Some bytes, and then nothing more.
fn stalled() -> Body {
    Body::from_stream(stream::iter([Ok::<_, io::Error>("\"A")]).chain(stream::pending()))
}

fn broken() -> Body {
    Body::from_stream(stream::iter([Ok("\"A"), Err(io::Error::other("cut"))]))
}

fn whole() -> Body {
    Body::from_stream(stream::iter(["\"Ad", "a\""].map(Ok::<_, io::Error>)))
}

#[tokio::test]
async fn a_body_that_a_transport_leaves_as_a_stream_is_read_whole() {
    assert_eq!(Own::playing(200, [whole()]).name().await.expect("a name"), "Ada");
    let error = Own::playing(404, [whole()]).streamed().await.expect_err("undeclared");
    assert_eq!(error.body().expect("a body"), "\"Ada\"");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_covers_a_body_that_a_transport_leaves_as_a_stream() {
    for error in [
        Deadline::new(Own::playing(200, [stalled()]), 9 * SECOND).name().await.expect_err("too slow"),
        Own::playing(200, [stalled()]).name().deadline(9 * SECOND).await.expect_err("too slow"),
    ] {
        let source = error.transport_error().expect("a timeout");
        assert_eq!(source.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 9 * SECOND });
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_covers_an_undeclared_body_that_a_transport_leaves_as_a_stream() {
    let transport = Retry::new(Own::playing(503, [broken(), broken(), whole()]));
    let error = transport.name().await.expect_err("undeclared");
    assert_eq!((error.attempts(), error.body().expect("a body").as_ref()), (3, &b"\"Ada\""[..]));

    let own = Own::playing(200, [broken(), whole()]);
    let error = Retry::new(&own).name().await.expect_err("a declared status is final");
    assert_eq!((error.attempts(), own.left()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_idle_limit_of_thirty_seconds_holds_over_any_transport() {
    let mut download = Own::playing(200, [stalled()]).streamed().await.expect("a download");
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "\"A");
    let error = transport_error(download.chunk().await);
    assert_timeout(&error, TimeLimit::Idle, 30 * SECOND);
}

#[test]
fn a_stream_in_memory_needs_no_runtime() {
    use futures_util::task::noop_waker_ref;
    use std::task::{Context, Poll};

    let transport = Own::playing(200, [stalled()]);
    let mut download = transport.streamed().now_or_never().expect("at once").expect("a download");
    let context = &mut Context::from_waker(noop_waker_ref());
    assert!(matches!(download.poll_chunk(context), Poll::Ready(Some(Ok(_)))));
    assert!(download.poll_chunk(context).is_pending());
}
