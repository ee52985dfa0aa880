//! The call with retrofit-rs, which declares an endpoint as a trait's method, over a client of its own: an earlier version of reqwest,
//! with the TLS of the platform. It has one outcome: any status but 200 to 299 is an error.

use anyhow::Result;
use retrofit_rs::{Retrofit, api, post};

use super::{ATTEMPT, KEY, USER_AGENT};
use crate::messages::Message;

#[api("http://localhost")]
trait Messages {
    #[post("/messages/{message_id}/cancel")]
    async fn cancel(&self, message_id: &str) -> retrofit_rs::Result<Message>;
}

pub struct Client(MessagesClient);

impl super::Client for Client {
    fn new(url: &str) -> Result<Self> {
        let client = Retrofit::builder()
            .base_url(url)
            .timeout(ATTEMPT)
            .add_header("accept", "application/json")
            .add_header("authorization", format!("Bearer {KEY}"))
            .add_header("accept-encoding", "gzip")
            .add_header("content-length", "0")
            .add_header("user-agent", USER_AGENT)
            .build()?;
        Ok(Self(MessagesClient::with_client(client)))
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        Ok(self.0.cancel(message_id).await?)
    }
}
