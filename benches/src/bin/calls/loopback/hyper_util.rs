//! The call over hyper-util's client, with its pool, a time limit, and nothing else: no TLS, no decompression.

use anyhow::Result;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderValue};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use percent_encoding::utf8_percent_encode;
use tokio::time::timeout;

use super::{ATTEMPT, KEY, SEGMENT, USER_AGENT};
use crate::messages::{Cancellation, Message};

pub struct Client {
    inner: legacy::Client<HttpConnector, Empty<Bytes>>,
    headers: HeaderMap,
    url: String,
}

impl Client {
    pub fn new(url: &str) -> Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let inner = legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        let headers = HeaderMap::from_iter([
            (ACCEPT, HeaderValue::from_static("application/json")),
            (ACCEPT_ENCODING, HeaderValue::from_static("gzip")),
            (AUTHORIZATION, HeaderValue::try_from(format!("Bearer {KEY}"))?),
            (http::header::USER_AGENT, HeaderValue::from_static(USER_AGENT)),
            (CONTENT_LENGTH, HeaderValue::from_static("0")),
        ]);
        Ok(Self { inner, headers, url: url.to_owned() })
    }

    pub async fn cancel(&self, message_id: &str) -> Result<Message> {
        let url = format!("{}/messages/{}/cancel", self.url, utf8_percent_encode(message_id, SEGMENT));
        let mut request = Request::post(url).body(Empty::new())?;
        *request.headers_mut() = self.headers.clone();
        let (status, body) = timeout(ATTEMPT, async {
            let (head, body) = self.inner.request(request).await?.into_parts();
            anyhow::Ok((head.status, body.collect().await?.to_bytes()))
        })
        .await??;
        Cancellation::by_hand(status, &body)
    }
}
