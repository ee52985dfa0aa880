//! A transport around another one that sees the head and the end of a stream.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{Body, Request, Response};
use http_body::{Frame, SizeHint};

use super::*;

type Log = Arc<Mutex<Vec<String>>>;

struct Logged<T>(T, Log);

impl<T: Transport> Transport for Logged<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.0)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, std::result::Result<Response, TransportError>> {
        Box::pin(async move {
            let response = self.0.send(request).await?;
            self.1.lock().expect("no panic").push(format!("head {}", response.status().as_u16()));
            let log = Arc::clone(&self.1);
            Ok(response.map(|body| Body::new(Counted { body, bytes: 0, log })))
        })
    }
}

struct Counted {
    body: Body,
    bytes: usize,
    log: Log,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = <Body as http_body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            self.bytes += frame.data_ref().map_or(0, Bytes::len);
        }
        frame
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.log.lock().expect("no panic").push(format!("end after {} bytes", self.bytes));
    }
}

#[tokio::test]
async fn a_wrapper_sees_the_head_and_the_end_of_every_body() {
    let short = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc";
    let replies = [Reply::with_headers(200, &[], "abc"), Reply::json(404, "no"), Reply::raw(short).and_close()];
    let server = Server::start(replies).await;
    let log = Log::default();
    // Outside of everything that a client has.
    let client = Logged(Deadline::new(Retry::new(server.transport()), 9 * SECOND), Arc::clone(&log));
    let download = client.file().await.expect("a download");
    assert_eq!((download.content_length(), log.lock().expect("no panic").len()), (Some(3), 1));
    assert_eq!(download.bytes(3).await.expect("all"), "abc");

    // A wrapper of a body makes a stream of it: the call reads it.
    let error = client.file().await.expect_err("undeclared");
    assert_eq!(error.body().expect("a body"), "no");

    let error = transport_error(client.file().await.expect("a download").bytes(9).await);
    assert!(error.to_string().contains(&server.url()), "{error}");
    let expected = ["head 200", "end after 3 bytes", "head 404", "end after 2 bytes", "head 200", "end after 3 bytes"];
    assert_eq!(*log.lock().expect("no panic"), expected);
}
