//! The call as a careful application writes it with reqwest: settings and headers once, the path and the status for each call.

use anyhow::Result;
use percent_encoding::utf8_percent_encode;
use reqwest::{ClientBuilder, redirect, retry};

use super::{ATTEMPT, SEGMENT, USER_AGENT, headers};
use crate::messages::{Cancellation, Message};

pub struct Client {
    client: reqwest::Client,
    url: String,
}

/// The settings of each candidate over reqwest.
pub fn settings(builder: ClientBuilder) -> Result<ClientBuilder> {
    Ok(builder
        .default_headers(headers()?)
        .user_agent(USER_AGENT)
        .timeout(ATTEMPT)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy())
}

impl super::Client for Client {
    fn new(url: &str) -> Result<Self> {
        Ok(Self { client: settings(reqwest::Client::builder())?.build()?, url: url.to_owned() })
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        let url = format!("{}/messages/{}/cancel", self.url, utf8_percent_encode(message_id, SEGMENT));
        let response = self.client.post(url).header("content-length", "0").send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        Cancellation::by_hand(status, &body)
    }
}

/// A client that accepts as many headers of a response as this library does. hyper clears the room for them each time.
pub struct Roomy(Client);

impl super::Client for Roomy {
    fn new(url: &str) -> Result<Self> {
        let client = settings(reqwest::Client::builder().http1_max_headers(1024))?.build()?;
        Ok(Self(Client { client, url: url.to_owned() }))
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        self.0.cancel(message_id).await
    }
}
