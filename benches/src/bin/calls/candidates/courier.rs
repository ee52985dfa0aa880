//! The call with this library: an own trait over a transport.

use anyhow::{Result, bail};
use courier_core::transport::{OverNetwork, TransportBuilder};
use courier_core::{Courier, CourierBuilder, HyperTransport, ReqwestTransport, Transport};

use super::{ATTEMPT, Client, KEY, USER_AGENT};
use crate::messages::{Cancellation, Message, Messages};

/// `Courier` through reqwest. With the feature `hyper`, which the other rows need, it sends over hyper otherwise.
pub struct ThroughReqwest(Courier);

impl Client for ReqwestTransport {
    fn new(url: &str) -> Result<Self> {
        Ok(configured(Self::builder(url)).build()?)
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        cancel(self, message_id).await
    }
}

impl Client for HyperTransport {
    fn new(url: &str) -> Result<Self> {
        Ok(configured(Self::builder(url)).build()?)
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        cancel(self, message_id).await
    }
}

impl Client for Courier {
    fn new(url: &str) -> Result<Self> {
        Ok(courier(url).build()?)
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        cancel(self, message_id).await
    }
}

impl Client for ThroughReqwest {
    fn new(url: &str) -> Result<Self> {
        Ok(Self(courier(url).use_reqwest().build()?))
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        cancel(&self.0, message_id).await
    }
}

/// The settings that the other candidates have.
fn configured<T: OverNetwork>(builder: TransportBuilder<T>) -> TransportBuilder<T> {
    builder.bearer_token(KEY).user_agent(USER_AGENT).attempt_timeout(ATTEMPT)
}

fn courier(url: &str) -> CourierBuilder {
    Courier::builder().base_url(url).api_key(KEY).attempt_timeout(ATTEMPT)
}

async fn cancel(transport: &impl Transport, message_id: &str) -> Result<Message> {
    match Messages::cancel(transport, message_id).await? {
        Cancellation::Ok(message) => Ok(message),
        Cancellation::Conflict(_) => bail!("a conflict"),
    }
}
