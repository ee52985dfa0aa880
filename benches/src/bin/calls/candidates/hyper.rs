//! The call over hyper's connections, kept in a list: the least that a call over HTTP/1 with a time limit can cost. The list has none
//! of a pool's rules: no idle time, no maximum, no second attempt on another connection.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HOST, HeaderMap, HeaderValue};
use http_body_util::{BodyExt as _, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use percent_encoding::utf8_percent_encode;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{ATTEMPT, SEGMENT, USER_AGENT, headers};
use crate::messages::{Cancellation, Message};

type Connection = SendRequest<Empty<Bytes>>;

pub struct Client {
    address: String,
    headers: HeaderMap,
    idle: Mutex<Vec<Connection>>,
}

impl Client {
    /// An idle connection that is still open, or a new one.
    async fn connection(&self) -> Result<Connection> {
        while let Some(mut connection) = self.pop() {
            if connection.ready().await.is_ok() {
                return Ok(connection);
            }
        }
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    fn pop(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn push(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

impl super::Client for Client {
    fn new(url: &str) -> Result<Self> {
        let address = url.trim_start_matches("http://").to_owned();
        let mut headers = headers()?;
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(http::header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        headers.insert(HOST, HeaderValue::try_from(&address)?);
        Ok(Self { address, headers, idle: Mutex::default() })
    }

    async fn cancel(&self, message_id: &str) -> Result<Message> {
        let path = format!("/messages/{}/cancel", utf8_percent_encode(message_id, SEGMENT));
        let mut request = Request::post(path).body(Empty::new())?;
        *request.headers_mut() = self.headers.clone();
        let (status, body) = timeout(ATTEMPT, async {
            let mut connection = self.connection().await?;
            let (head, body) = connection.send_request(request).await?.into_parts();
            let body = body.collect().await?.to_bytes();
            self.push(connection);
            anyhow::Ok((head.status, body))
        })
        .await??;
        Cancellation::by_hand(status, &body)
    }
}
