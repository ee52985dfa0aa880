//! The declarations that are called, and what they return.

use anyhow::{Result, bail};
use courier_core::{Transport, endpoint};
use http::StatusCode;
use serde::Deserialize;

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
pub struct Message {
    pub id: String,
    status: String,
    enqueued: Option<i64>,
    recipient: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
pub struct Problem {
    message: String,
}

pub enum Cancellation {
    Ok(Message),
    #[expect(dead_code, reason = "only decoded")]
    Conflict(Problem),
}

impl Cancellation {
    /// Reads a response without the library.
    pub fn by_hand(status: StatusCode, body: &[u8]) -> Result<Message> {
        let cancellation = match status {
            StatusCode::OK => Self::Ok(serde_json::from_slice(body)?),
            StatusCode::CONFLICT => Self::Conflict(serde_json::from_slice(body)?),
            _ => bail!("unexpected status: {status}"),
        };
        match cancellation {
            Self::Ok(message) => Ok(message),
            Self::Conflict(_) => bail!("a conflict"),
        }
    }
}

pub trait Messages: Transport {
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, message_id: &str) -> courier_core::Result<Cancellation>;

    #[endpoint(GET, "/messages/<message_id>", ok = 200)]
    async fn get(&self, message_id: &str) -> courier_core::Result<Message>;

    #[endpoint(DELETE, "/messages/<message_id>", ok = 204)]
    async fn delete(&self, message_id: &str) -> courier_core::Result<()>;
}
impl<T: Transport + ?Sized> Messages for T {}

pub const ID: &str = "1-65f0c0e1";
pub const MESSAGE: &str =
    r#"{"id": "1-65f0c0e1", "status": "CANCELED", "enqueued": 1732366800000, "recipient": "ada"}"#;
