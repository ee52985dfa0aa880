//! The expansion without the macro: the specification of what the attribute emits. Both have the same declaration, send the
//! same request, and read every response the same way.

use std::fmt::{Debug, Display};

use courier_core::messages::{Cancellation, MessageDetails};
use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{
    Body, Call, Endpoint, Error, MemoryTransport, Result, Transport, WholeResponse, argument, endpoint, outcome,
};
use http::StatusCode;

use super::record::{ID, PROBLEM, record};

/// As a user writes it, with several outcomes and with one.
trait Declared: Transport {
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409, idempotent)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;

    #[endpoint(GET, "/<kind>/v<version>/<id>", ok = 2xx)]
    async fn find(&self, kind: impl Display, version: u16, id: &str) -> Result<MessageDetails>;
}

/// As the attribute expands it.
trait Expanded: Transport {
    fn cancel(&self, message_id: &str) -> Call<'_, Result<Cancellation>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(&CANCEL, &[<&str as argument::PathValue>::path_value(&message_id)]),
            |step, result| {
                <Result<Cancellation> as outcome::ReturnType>::several(
                    step,
                    result,
                    <Error as outcome::Failure>::from_error,
                    |outcome, response| match outcome {
                        0 => {
                            let decoder = <_ as outcome::Payload<_>>::DECODER;
                            outcome::Variant::<Cancellation, _>::read(Cancellation::Ok, response, decoder)
                        }
                        _ => outcome::Variant::<Cancellation, _>::read(
                            Cancellation::Conflict,
                            response,
                            <_ as outcome::Payload<_>>::DECODER,
                        ),
                    },
                )
            },
        )
    }

    fn cancel_endpoint() -> &'static Endpoint
    where
        Self: Sized,
    {
        &CANCEL
    }

    fn find(&self, kind: impl Display, version: u16, id: &str) -> Call<'_, Result<MessageDetails>>
    where
        Self: Sized,
    {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                &FIND,
                &[
                    argument::PathValue::path_value(&kind),
                    <u16 as argument::PathValue>::path_value(&version),
                    <&str as argument::PathValue>::path_value(&id),
                ],
            ),
            <Result<MessageDetails> as outcome::OneOutcome<_>>::body,
        )
    }

    fn find_endpoint() -> &'static Endpoint
    where
        Self: Sized,
    {
        &FIND
    }
}

static CANCEL: Endpoint = ::courier_core::__private::endpoint(
    "cancel",
    ::courier_core::__private::Method::POST,
    "/messages/<message_id>/cancel",
    &[
        ::courier_core::__private::PathPart::Fixed("/messages/"),
        ::courier_core::__private::PathPart::Segment(
            "<message_id>",
            &[::courier_core::__private::Placeholder { before: "", name: "message_id", several: false }],
            "",
        ),
        ::courier_core::__private::PathPart::Fixed("/cancel"),
    ],
    const {
        &[
            ::courier_core::__private::outcome("ok", const { &[200..=200] }),
            ::courier_core::__private::outcome("conflict", const { &[409..=409] }),
        ]
    },
    true,
);

static FIND: Endpoint = ::courier_core::__private::endpoint(
    "find",
    ::courier_core::__private::Method::GET,
    "/<kind>/v<version>/<id>",
    &[
        ::courier_core::__private::PathPart::Fixed("/"),
        ::courier_core::__private::PathPart::Segment(
            "<kind>",
            &[::courier_core::__private::Placeholder { before: "", name: "kind", several: false }],
            "",
        ),
        ::courier_core::__private::PathPart::Fixed("/"),
        ::courier_core::__private::PathPart::Segment(
            "v<version>",
            &[::courier_core::__private::Placeholder { before: "v", name: "version", several: false }],
            "",
        ),
        ::courier_core::__private::PathPart::Fixed("/"),
        ::courier_core::__private::PathPart::Segment(
            "<id>",
            &[::courier_core::__private::Placeholder { before: "", name: "id", several: false }],
            "",
        ),
    ],
    const { &[::courier_core::__private::outcome("ok", const { &[200..=299] })] },
    false,
);

impl Declared for MemoryTransport {}
impl Expanded for MemoryTransport {}

/// What a test sees of a request.
fn shown<B: Debug>(request: &http::Request<B>) -> String {
    format!("{request:?} of {:?}", Endpoint::of(request))
}

/// What a test sees of a call: the request or why there isn't one, and what the call returns, as text.
async fn seen<T: Debug>(call: Call<'_, Result<T>>) -> String {
    let before = format!("{call:?} {:?} {:?}", call.endpoint(), call.request().map(shown));
    match call.await {
        Ok(outcome) => format!("{before} {outcome:?}"),
        Err(error) => {
            let (status, arrived) = (error.status(), error.may_have_arrived());
            format!("{before} {error} {error:?} {status:?} {arrived} {:?}", error.response())
        }
    }
}

/// Every kind of response: outcomes, undeclared statuses, unreadable bodies, and none.
fn responses() -> Vec<std::result::Result<WholeResponse, (TransportErrorKind, Option<StatusCode>)>> {
    let mut responses = Vec::new();
    for status in [200, 201, 204, 302, 400, 404, 409, 500] {
        for body in [&record("CANCELED"), PROBLEM, "", "<html>", "{\"id\": 7}"] {
            let mut response = WholeResponse::new(body.to_owned().into());
            *response.status_mut() = StatusCode::from_u16(status).expect("a status of three digits");
            responses.push(Ok(response));
        }
    }
    responses.push(Err((TransportErrorKind::Connect, None)));
    responses.push(Err((TransportErrorKind::Interrupted, Some(StatusCode::OK))));
    responses.push(Err((TransportErrorKind::TooLarge { limit: 7 }, Some(StatusCode::CONFLICT))));
    responses
}

fn playing(response: &std::result::Result<WholeResponse, (TransportErrorKind, Option<StatusCode>)>) -> MemoryTransport {
    let response = response.clone().map(|response| response.map(Body::from));
    MemoryTransport::new().play(response.map_err(|(kind, status)| match status {
        None => TransportError::not_sent(kind),
        Some(status) => TransportError::sent(kind).with_status(status),
    }))
}

#[test]
fn both_have_the_same_declaration() {
    assert_eq!(<MemoryTransport as Declared>::cancel_endpoint(), <MemoryTransport as Expanded>::cancel_endpoint());
    assert_eq!(<MemoryTransport as Declared>::find_endpoint(), <MemoryTransport as Expanded>::find_endpoint());
    assert_ne!(<MemoryTransport as Declared>::find_endpoint(), <MemoryTransport as Expanded>::cancel_endpoint());
}

#[tokio::test]
async fn both_read_every_response_the_same_way() {
    for response in responses() {
        let (declared, expanded) = (playing(&response), playing(&response));
        assert_eq!(seen(Declared::cancel(&declared, ID)).await, seen(Expanded::cancel(&expanded, ID)).await);
        assert_eq!(shown(&declared.requests()[0]), shown(&expanded.requests()[0]));

        let (declared, expanded) = (playing(&response), playing(&response));
        assert_eq!(
            seen(Declared::find(&declared, "messages", 2, ID)).await,
            seen(Expanded::find(&expanded, "messages", 2, ID)).await
        );
        assert_eq!(shown(&declared.requests()[0]), shown(&expanded.requests()[0]));
    }
}

#[tokio::test]
async fn both_send_and_refuse_the_same_values() {
    for id in ["1", "a/b", "%2e%2e", "..", ".", "", "ü<id>", "a b?c#d"] {
        let (declared, expanded) = (MemoryTransport::new(), MemoryTransport::new());
        assert_eq!(seen(Declared::cancel(&declared, id)).await, seen(Expanded::cancel(&expanded, id)).await);
        assert_eq!(seen(Declared::find(&declared, id, 2, id)).await, seen(Expanded::find(&expanded, id, 2, id)).await);
        let (declared, expanded) = (declared.requests(), expanded.requests());
        assert!(declared.iter().map(shown).eq(expanded.iter().map(shown)), "{id:?}");
        let refused = matches!(id, "" | "." | "..");
        assert_eq!(declared.len(), if refused { 0 } else { 2 }, "{id:?}");
    }
}
