//! A fake overrides a method of the trait and makes its own `Call`.

use std::sync::Mutex;
use std::time::Duration;

use courier_core::messages::Cancellation;
use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{Call, Error, MemoryTransport, Request, Response, Result, Transport, WholeRequest, endpoint};

use crate::flow::record::{ID, record};

/// Without a blanket implementation, each transport of the application opts in.
trait Mail: Transport {
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;

    #[endpoint(DELETE, "/messages/<message_id>", ok = 204)]
    async fn delete(&self, message_id: &str) -> Result<()>;
}

impl Mail for MemoryTransport {}

/// Cancels messages itself, after a yield, and passes everything else on.
struct Fake {
    below: MemoryTransport,
    cancelled: Mutex<Vec<String>>,
}

impl Fake {
    fn over(below: MemoryTransport) -> Self {
        Self { below, cancelled: Mutex::default() }
    }
}

impl Transport for Fake {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.below)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.below.send(request)
    }
}

impl Mail for Fake {
    fn cancel(&self, message_id: &str) -> Call<'_, Result<Cancellation>> {
        let message_id = message_id.to_owned();
        Call::from_future(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.cancelled.lock().expect("no panic").push(message_id);
            Ok(Cancellation::Ok(serde_json::from_str(&record("CANCELED")).expect("a record")))
        })
    }
}

/// The code under test; it doesn't know about fakes.
async fn cancel_and_delete(mail: &dyn Mail) -> Result<bool> {
    let in_time = matches!(mail.cancel(ID).await?, Cancellation::Ok(_));
    mail.delete(ID).await?;
    Ok(in_time)
}

#[tokio::test(start_paused = true)]
async fn a_fake_overrides_one_method_and_leaves_the_others() {
    let fake = Fake::over(MemoryTransport::new().answer(204, ""));
    assert!(cancel_and_delete(&fake).await.expect("a fake"));
    assert_eq!(*fake.cancelled.lock().expect("no panic"), [ID]);
    let sent = fake.below.requests();
    assert_eq!(sent.iter().map(WholeRequest::method).collect::<Vec<_>>(), ["DELETE"], "the cancellation was not sent");
}

#[tokio::test]
async fn a_call_from_a_future_is_lazy_and_has_no_request() {
    let fake = Fake::over(MemoryTransport::new());
    let call = fake.cancel(ID).header("x-id", "1").max_body_bytes(0).deadline(Duration::ZERO);
    assert_eq!((call.endpoint(), call.request().is_none()), (None, true));
    assert!(format!("{call:?}").contains("fake"), "{call:?}");
    drop(call);
    assert_eq!(fake.cancelled.lock().expect("no panic").len(), 0);
}

#[tokio::test]
async fn a_ready_call_returns_its_result() {
    struct Offline;
    impl Transport for Offline {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            unreachable!("both methods are overridden")
        }
    }
    impl Mail for Offline {
        fn cancel(&self, _: &str) -> Call<'_, Result<Cancellation>> {
            Call::ready(Ok(Cancellation::Conflict(serde_json::from_str(&record("SENT")).expect("a record"))))
        }
        fn delete(&self, message_id: &str) -> Call<'_, Result<()>> {
            // Errors come from calls, so this one makes a call that fails.
            let message_id = message_id.to_owned();
            Call::from_future(async move { MemoryTransport::new().answer(503, "offline").delete(&message_id).await })
        }
    }
    let error = cancel_and_delete(&Offline).await.expect_err("offline");
    assert!(matches!(&error, Error::Status { response, .. } if response.status() == 503), "{error:?}");
    assert!(matches!(Offline.cancel(ID).await, Ok(Cancellation::Conflict(_))));
}

#[tokio::test]
async fn a_fake_passes_through_with_response_and_reports_a_plain_200() {
    let error = MemoryTransport::new().delete(ID).await.expect_err("no response");
    let call: Call<'_, Result<()>> = Call::ready(Err(error));
    let error = call.with_response().await.expect_err("the given error");
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");

    let call: Call<'_, Result<u8>> = Call::ready(Ok(7));
    let seven = call.with_response().await.expect("ready");
    assert_eq!((seven.outcome, seven.status.as_u16(), seven.headers.len(), seven.attempts), (7, 200, 0, 1));
}
