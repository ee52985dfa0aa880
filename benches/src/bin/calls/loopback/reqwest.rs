//! The call as an application writes it with reqwest: settings and headers once, the path and the status for each call.

use anyhow::Result;
use percent_encoding::utf8_percent_encode;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{redirect, retry};

use super::{ATTEMPT, KEY, SEGMENT, USER_AGENT};
use crate::messages::{Cancellation, Message};

pub struct Client {
    client: reqwest::Client,
    url: String,
}

impl Client {
    /// A client that accepts so many headers of a response, or by default 100.
    pub fn new(url: &str, max_headers: Option<usize>) -> Result<Self> {
        let mut key = HeaderValue::try_from(format!("Bearer {KEY}"))?;
        key.set_sensitive(true);
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json")), (AUTHORIZATION, key)]);
        let mut builder = reqwest::Client::builder();
        if let Some(max_headers) = max_headers {
            builder = builder.http1_max_headers(max_headers);
        }
        let client = builder
            .default_headers(headers)
            .user_agent(USER_AGENT)
            .timeout(ATTEMPT)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .build()?;
        Ok(Self { client, url: url.to_owned() })
    }

    pub async fn cancel(&self, message_id: &str) -> Result<Message> {
        let url = format!("{}/messages/{}/cancel", self.url, utf8_percent_encode(message_id, SEGMENT));
        let response = self.client.post(url).header("content-length", "0").send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        Cancellation::by_hand(status, &body)
    }
}
