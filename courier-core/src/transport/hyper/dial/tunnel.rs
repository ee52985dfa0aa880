//! A tunnel through an HTTP proxy: `CONNECT` ([RFC 9110, 9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6)).
//!
//! hyper sends the request, so that the status of a refusal is known: hyper-util's `Tunnel` distinguishes only 407 from others.

use std::future::poll_fn;
use std::io;
use std::pin::pin;

use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use hyper::client::conn::http1;

use super::destination::Destination;
use super::failure::Refusal;
use crate::transport::causes::find;
use crate::transport::connector::Io;

/// The most bytes of a response's head.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// Asks the proxy at the other end for a connection to the server, and returns the stream, which then leads there.
///
/// # Errors
///
/// Returns [`Refusal`] if the proxy opens no connection.
pub(super) async fn open(proxy: Io, server: &Destination, authorization: Option<&HeaderValue>) -> Result<Io, Refusal> {
    let mut builder = http1::Builder::new();
    // As other clients write `Host`: some proxies expect it.
    builder.title_case_headers(true).max_buf_size(MAX_HEAD_BYTES);
    let (mut sender, mut connection) = builder.handshake(proxy).await.map_err(|error| failed(&error))?;
    let mut response = pin!(sender.send_request(request(server, authorization)));
    let mut is_http = true;
    let response = poll_fn(|context| {
        // The connection sends the request and receives the response, which has the connection's error if there is one.
        is_http = is_http && connection.poll_without_shutdown(context).is_pending();
        response.as_mut().poll(context)
    });
    let status = response.await.map_err(|error| failed(&error))?.status();
    if !status.is_success() {
        return Err(refused(status));
    }
    if is_http {
        poll_fn(|context| connection.poll_without_shutdown(context)).await.map_err(|error| failed(&error))?;
    }
    let http1::Parts { io, read_buf, .. } = connection.into_parts();
    // The client speaks first in TLS, so these bytes aren't the server's.
    if !read_buf.is_empty() {
        return Err(Refusal::new("the proxy sent more than the head of a response to `CONNECT`"));
    }
    Ok(io)
}

fn request(server: &Destination, authorization: Option<&HeaderValue>) -> Request<String> {
    let authority = server.authority();
    let mut request = Request::new(String::new());
    *request.method_mut() = Method::CONNECT;
    *request.uri_mut() = Uri::from(authority.clone());
    let host = HeaderValue::from_str(authority.as_str()).expect("a host is ASCII");
    request.headers_mut().insert(header::HOST, host);
    if let Some(value) = authorization {
        request.headers_mut().insert(header::PROXY_AUTHORIZATION, value.clone());
    }
    request
}

/// Why there was no response.
fn failed(error: &hyper::Error) -> Refusal {
    // hyper has a method for it, but only for servers.
    if error.to_string() == "message head is too large" {
        Refusal::new("the headers of the proxy's response to `CONNECT` are too long")
    } else if error.is_parse() {
        Refusal::new("what the proxy sent is not HTTP/1; is this the port of an HTTP proxy?")
    } else if let Some(error) = find::<io::Error>(error) {
        let error = io::Error::from(error.kind());
        Refusal::new("the connection to the proxy was lost before it responded to `CONNECT`").because_of(error)
    } else {
        Refusal::new("the proxy closed the connection without a response to `CONNECT`")
    }
}

/// Why the proxy opens no connection. tinyproxy responds to a wrong password with 401.
fn refused(status: StatusCode) -> Refusal {
    let code = status.as_str();
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::PROXY_AUTHENTICATION_REQUIRED) {
        return Refusal::new(format!(
            "the proxy doesn't accept the user and password, or demands them ({code}); they are part of its URL: \
             `http://user:password@host:port`. Only the scheme `Basic` is supported"
        ))
        .of_credentials();
    }
    let may_be = match status {
        StatusCode::FORBIDDEN => "it may not allow this host or port, or not to this user",
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            "it may not reach the host, or not know its name"
        }
        _ => "it may not be a proxy, or not allow `CONNECT`",
    };
    let phrase = status.canonical_reason().map(|phrase| format!(" {phrase}")).unwrap_or_default();
    Refusal::new(format!("the proxy opened no connection: it responded to `CONNECT` with {code}{phrase}; {may_be}"))
}
