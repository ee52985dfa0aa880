//! The expansion written by hand: the specification of what the attribute emits. Side by side with the attribute, it
//! has the same declaration, sends the same request, and makes the same of every answer.

use std::fmt::{Debug, Display};

use courier_core::messages::{Cancellation, MessageDetails};
use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{
    Call, Endpoint, Error, FromResponse, MemoryTransport, Request, Response, Result, Transport, argument, endpoint,
    outcome,
};
use http::StatusCode;

use super::record::{ID, PROBLEM, record};

/// As a user writes it: several outcomes, and one.
trait Declared: Transport {
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409, idempotent)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;

    #[endpoint(GET, "/<kind>/v<version>/<id>", ok = 2xx)]
    async fn find(&self, kind: impl Display, version: u16, id: &str) -> Result<MessageDetails>;
}

/// As the attribute emits it.
trait ByHand: Transport {
    fn cancel(&self, message_id: &str) -> Call<'_, Result<Cancellation>> {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(CANCEL, &[<&str as argument::PathValue>::path_value(&message_id)]),
            |step| {
                <Result<Cancellation> as outcome::ReturnType>::several(
                    step,
                    <Error as outcome::Failure>::from_error,
                    |outcome, response| match outcome {
                        0 => {
                            outcome::Variant::<Cancellation, _>::read(Cancellation::Ok, response, FromResponse::DECODER)
                        }
                        _ => outcome::Variant::<Cancellation, _>::read(
                            Cancellation::Conflict,
                            response,
                            FromResponse::DECODER,
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
        CANCEL
    }

    fn find(&self, kind: impl Display, version: u16, id: &str) -> Call<'_, Result<MessageDetails>>
    where
        Self: Sized,
    {
        ::courier_core::__private::call(
            ::courier_core::transport::as_dyn(self),
            ::courier_core::__private::request(
                FIND,
                &[
                    argument::PathValue::path_value(&kind),
                    <u16 as argument::PathValue>::path_value(&version),
                    <&str as argument::PathValue>::path_value(&id),
                ],
            ),
            <Result<MessageDetails> as outcome::OneOutcome>::body,
        )
    }

    fn find_endpoint() -> &'static Endpoint
    where
        Self: Sized,
    {
        FIND
    }
}

const CANCEL: &Endpoint = const {
    &::courier_core::__private::endpoint(
        "cancel",
        ::courier_core::__private::Method::POST,
        "/messages/<message_id>/cancel",
        const {
            &[
                ::courier_core::__private::outcome("ok", const { &[200..=200] }),
                ::courier_core::__private::outcome("conflict", const { &[409..=409] }),
            ]
        },
        true,
    )
};

const FIND: &Endpoint = const {
    &::courier_core::__private::endpoint(
        "find",
        ::courier_core::__private::Method::GET,
        "/<kind>/v<version>/<id>",
        const { &[::courier_core::__private::outcome("ok", const { &[200..=299] })] },
        false,
    )
};

impl Declared for MemoryTransport {}
impl ByHand for MemoryTransport {}

/// What a test can see of a request.
fn shown(request: &Request) -> String {
    format!("{request:?} of {:?}", Endpoint::of(request))
}

/// What a test can see of a call: its request or why there is none, and what it makes of an answer, text by text.
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

/// Answers of every kind: outcomes, undeclared statuses, unreadable bodies, none at all.
fn answers() -> Vec<std::result::Result<Response, (TransportErrorKind, Option<StatusCode>)>> {
    let mut answers = Vec::new();
    for status in [200, 201, 204, 302, 400, 404, 409, 500] {
        for body in [&record("CANCELED"), PROBLEM, "", "<html>", "{\"id\": 7}"] {
            let mut response = Response::new(body.to_owned().into());
            *response.status_mut() = StatusCode::from_u16(status).expect("a status of three digits");
            answers.push(Ok(response));
        }
    }
    answers.push(Err((TransportErrorKind::Connect, None)));
    answers.push(Err((TransportErrorKind::Interrupted, Some(StatusCode::OK))));
    answers.push(Err((TransportErrorKind::TooLarge { limit: 7 }, Some(StatusCode::CONFLICT))));
    answers
}

fn playing(answer: &std::result::Result<Response, (TransportErrorKind, Option<StatusCode>)>) -> MemoryTransport {
    MemoryTransport::new().play(answer.clone().map_err(|(kind, status)| match status {
        None => TransportError::not_sent(kind),
        Some(status) => TransportError::sent(kind).with_status(status),
    }))
}

#[test]
fn both_have_the_same_declaration() {
    assert_eq!(<MemoryTransport as Declared>::cancel_endpoint(), <MemoryTransport as ByHand>::cancel_endpoint());
    assert_eq!(<MemoryTransport as Declared>::find_endpoint(), <MemoryTransport as ByHand>::find_endpoint());
    assert_ne!(<MemoryTransport as Declared>::find_endpoint(), <MemoryTransport as ByHand>::cancel_endpoint());
}

#[tokio::test]
async fn both_make_the_same_of_every_answer() {
    for answer in answers() {
        let (declared, by_hand) = (playing(&answer), playing(&answer));
        assert_eq!(seen(Declared::cancel(&declared, ID)).await, seen(ByHand::cancel(&by_hand, ID)).await);
        assert_eq!(shown(&declared.requests()[0]), shown(&by_hand.requests()[0]));

        let (declared, by_hand) = (playing(&answer), playing(&answer));
        assert_eq!(
            seen(Declared::find(&declared, "messages", 2, ID)).await,
            seen(ByHand::find(&by_hand, "messages", 2, ID)).await
        );
        assert_eq!(shown(&declared.requests()[0]), shown(&by_hand.requests()[0]));
    }
}

#[tokio::test]
async fn both_send_the_same_values_and_refuse_the_same() {
    for id in ["1", "a/b", "%2e%2e", "..", ".", "", "ü<id>", "a b?c#d"] {
        let (declared, by_hand) = (MemoryTransport::new(), MemoryTransport::new());
        assert_eq!(seen(Declared::cancel(&declared, id)).await, seen(ByHand::cancel(&by_hand, id)).await);
        assert_eq!(seen(Declared::find(&declared, id, 2, id)).await, seen(ByHand::find(&by_hand, id, 2, id)).await);
        let (declared, by_hand) = (declared.requests(), by_hand.requests());
        assert!(declared.iter().map(shown).eq(by_hand.iter().map(shown)), "{id:?}");
        let refused = matches!(id, "" | "." | "..");
        assert_eq!(declared.len(), if refused { 0 } else { 2 }, "{id:?}");
    }
}
