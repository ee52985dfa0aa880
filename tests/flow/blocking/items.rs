//! Lines and events in a `for` loop of code that blocks.

use courier_core::{Body, Events, Lines, Text};
use futures_util::{StreamExt as _, stream};

use super::download::{Background, CHUNKED, IDLE};
use super::*;
use crate::flow::server::Reply;

trait Feeds: Transport {
    #[endpoint(GET, "/lines", ok = 200)]
    fn lines(&self) -> Result<Lines<u32>>;
    #[endpoint(GET, "/events", ok = 200)]
    fn events(&self) -> Result<Events<Text>>;
    #[endpoint(GET, "/lines", ok = 200)]
    async fn lines_later(&self) -> Result<Lines<u32>>;
    #[endpoint(GET, "/events", ok = 200)]
    async fn events_later(&self) -> Result<Events<Text>>;
}
impl<T: Transport> Feeds for T {}

const EVENTS: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

#[test]
fn a_loop_goes_through_lines_and_past_one_that_cannot_be_read() {
    let body = [CHUNKED, &chunk("1\n2"), &chunk("\nx\n"), &chunk("3"), "0\r\n\r\n"].concat();
    let background = Background::start([Reply::raw(&*body), Reply::raw(&*body)]);
    let client = background.client();
    let (mut read, mut unread) = (Vec::new(), 0);
    for line in client.lines().expect("lines") {
        match line {
            Ok(line) => read.push(line),
            Err(Error::Decode { .. }) => unread += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((read, unread), (vec![1, 2, 3], 1));

    let all: Result<Vec<_>> = client.lines_later().wait().expect("lines").into_iter().collect();
    assert!(matches!(all, Err(Error::Decode { .. })), "{all:?}");
}

#[test]
fn a_loop_that_borrows_its_events_or_lines_leaves_the_rest_of_them() {
    let body = [EVENTS, &chunk("id: 1\ndata: a\n\nid: 2\ndata: b\n\n"), &chunk("data: c\n\n"), "0\r\n\r\n"].concat();
    let background = Background::start([Reply::raw(body)]);
    let mut events = background.client().events().expect("events");
    for event in &mut events {
        if event.expect("an event").data.0 == "b" {
            break;
        }
    }
    assert_eq!(events.last_event_id(), Some("2"));
    let rest: Vec<_> = events.into_iter().map(|event| event.expect("an event").data.0).collect();
    assert_eq!(rest, ["c"]);

    let mut lines = MemoryTransport::new().answer(200, "1\n2\n3\n").lines().expect("lines");
    assert_eq!((&mut lines).into_iter().next().expect("a line").expect("a number"), 1);
    assert_eq!(lines.into_iter().map(|line| line.expect("a number")).sum::<u32>(), 5);
}

#[test]
fn a_server_that_is_silent_ends_a_loop_with_an_error() {
    let silent = [Reply::raw(format!("{CHUNKED}{}", chunk("1\n"))), Reply::raw(format!("{EVENTS}{}", chunk(":\n\n")))];
    let background = Background::start(silent);
    let client = background.impatient();
    let mut lines = client.lines().expect("lines").into_iter();
    assert_eq!(lines.next().expect("a line").expect("a number"), 1);
    // A pause of the loop isn't silence of the server: the time starts with the next line.
    thread::sleep(IDLE * 2);
    let start = Instant::now();
    assert!(matches!(lines.next(), Some(Err(Error::Timeout { .. }))));
    assert!(start.elapsed() >= IDLE, "{:?}", start.elapsed());
    assert!(lines.next().is_none());

    let mut events = client.events().expect("events").into_iter();
    assert!(matches!(events.next(), Some(Err(Error::Timeout { .. }))));
    assert!(events.next().is_none());
}

#[test]
fn a_loop_on_the_thread_that_does_the_io_ends_with_an_error() {
    struct Nested(MemoryTransport);
    impl Transport for Nested {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            let memory = self.0.clone();
            Box::pin(async move {
                tokio::spawn(async move {
                    let mut errors = Vec::new();
                    for line in memory.lines_later().await.expect("lines") {
                        errors.extend(line.err());
                    }
                    for event in &mut memory.events_later().await.expect("events") {
                        errors.extend(event.err());
                    }
                    assert_eq!(errors.len(), 2, "each loop ends: {errors:?}");
                    for error in errors {
                        let source = error.transport_error().expect("an error of the transport");
                        assert_eq!((source.kind(), source.may_have_arrived()), (TransportErrorKind::Refused, true));
                        assert!(format!("{error:#}").contains("thread that does the I/O"), "{error:#}");
                    }
                })
                .await
                .expect("no panic");
                Ok(Response::new("7".into()))
            })
        }
    }
    let memory = MemoryTransport::from_fn(|request| {
        let item = if request.uri() == "/lines" { "1\n" } else { "data: a\n\n" };
        let item = stream::iter([Ok::<_, std::io::Error>(item)]).chain(stream::pending());
        let mut response = Response::new(Body::from_stream(item));
        response.headers_mut().insert("content-type", "text/event-stream".parse().expect("a value"));
        Ok(response)
    });
    let lines = Nested(memory).lines().expect("lines");
    assert_eq!(lines.into_iter().map(|line| line.expect("a number")).collect::<Vec<_>>(), [7]);
}
