//! Sending messages.

use courier_core::{Result, Transport, endpoint};
use serde_json::Value;

use super::declared::{BODY, Declared, EXPIRATION, KEY};

pub(crate) trait Sending: Transport {
    /// Sends a message to one or many recipients.
    #[endpoint(POST, "/send", ok = 200 | 202)]
    async fn message(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-idempotency-expiration")] expiration: Option<&str>,
        #[body] body: &Value,
    ) -> Result<Value>;
}
impl<T: Transport> Sending for T {}

pub(crate) fn declared(send: &dyn Sending) -> Vec<Declared> {
    vec![Declared::new("send.message", send.message(KEY, EXPIRATION, &BODY)).without(send.message(None, None, &BODY))]
}
