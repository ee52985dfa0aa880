//! A tunnel through an HTTP proxy: `CONNECT` ([RFC 9110, 9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6)).
//!
//! hyper sends the request, so that the status of a refusal is known: hyper-util's `Tunnel` distinguishes only 407 from others.

use std::future::poll_fn;
use std::io;
use std::pin::pin;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use hyper::client::conn::http1;

use super::destination::Destination;
use super::failure::Refusal;
use crate::transport::causes::find;
use crate::transport::connector::Io;
use crate::transport::failure;
use crate::transport::origin::upload::Outgoing;

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
    // Otherwise, hyper would keep the connection for another request after a 204, which isn't an upgrade to it.
    drop(sender);
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

fn request(server: &Destination, authorization: Option<&HeaderValue>) -> Request<Outgoing> {
    let authority = server.authority();
    // The same type of body as all requests have: hyper's code is compiled for it already.
    let mut request = Request::new(Outgoing::Whole(Bytes::new()));
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
    if failure::is_head_too_large(error) {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::timeout;

    use super::super::failure::DialError;
    use super::*;
    use crate::secret::Secrets;
    use crate::transport::TransportError;

    fn api() -> Destination {
        Destination::new("api.example", Some(8443), 443, &[]).expect("a host")
    }

    async fn read_head(proxy: &mut DuplexStream) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(proxy.read_u8().await.expect("the rest of a head"));
        }
        String::from_utf8(head).expect("text")
    }

    /// Opens a tunnel through a proxy that responds with these bytes, and returns it with the proxy's end and what that has read.
    async fn through(response: &[u8], is_closed: bool) -> (Result<Io, Refusal>, String, DuplexStream) {
        let (client, mut proxy) = duplex(64 * 1024);
        let authorization = HeaderValue::from_static("Basic YWRhOmxvdmVsYWNl");
        let api = api();
        let (tunnel, (head, proxy)) =
            tokio::join!(open(Box::new(TokioIo::new(client)), &api, Some(&authorization)), async {
                let head = read_head(&mut proxy).await;
                proxy.write_all(response).await.expect("a client that reads");
                if is_closed {
                    proxy.shutdown().await.expect("an open stream");
                }
                (head, proxy)
            });
        (tunnel, head, proxy)
    }

    async fn refusal(response: &[u8]) -> TransportError {
        let Err(refusal) = through(response, true).await.0 else { panic!("a tunnel: {response:?}") };
        DialError::from(refusal).into_error(&Secrets::default())
    }

    #[tokio::test]
    async fn any_2xx_opens_a_tunnel_in_both_directions() {
        for response in [
            "HTTP/1.1 200 Connection established\r\n\r\n",
            "HTTP/1.0 200 OK\r\nproxy-agent: x\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 299 Fine\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ] {
            let (tunnel, head, mut server) = through(response.as_bytes(), false).await;
            let mut tunnel = TokioIo::new(tunnel.unwrap_or_else(|refusal| panic!("{response}: {refusal:?}")));
            let expected = "CONNECT api.example:8443 HTTP/1.1\r\nHost: api.example:8443\r\n\
                            Proxy-Authorization: Basic YWRhOmxvdmVsYWNl\r\n\r\n";
            assert_eq!(head, expected);
            let mut bytes = [0; 5];
            tunnel.write_all(b"hello").await.expect("an open tunnel");
            server.read_exact(&mut bytes).await.expect("what was written");
            server.write_all(b"world").await.expect("an open tunnel");
            tunnel.read_exact(&mut bytes).await.expect("what was written");
            assert_eq!(&bytes, b"world");
            drop(tunnel);
            assert_eq!(server.read(&mut bytes).await.expect("its end"), 0);
        }
    }

    #[tokio::test]
    async fn the_status_of_a_proxy_that_refuses_is_named_with_what_it_may_mean() {
        for (status, expected) in [
            ("403 Go away", "403 Forbidden; it may not allow this host or port, or not to this user"),
            ("502 Bad Gateway", "502 Bad Gateway; it may not reach the host, or not know its name"),
            ("503 x", "503 Service Unavailable; it may not reach the host, or not know its name"),
            ("504", "504 Gateway Timeout; it may not reach the host, or not know its name"),
            ("301 Moved", "301 Moved Permanently; it may not be a proxy, or not allow `CONNECT`"),
            ("405 No", "405 Method Not Allowed; it may not be a proxy, or not allow `CONNECT`"),
            ("599 x", "599; it may not be a proxy, or not allow `CONNECT`"),
        ] {
            let response =
                format!("HTTP/1.1 {status}\r\nlocation: http://elsewhere.example\r\n\r\n<html>s3cret</html>");
            let error = refusal(response.as_bytes()).await;
            let text = format!("{error:#}");
            let start = "no connection to the server: the proxy opened no connection: it responded to `CONNECT` with ";
            assert_eq!(text, format!("{start}{expected}; nothing was sent"));
            assert!(!error.are_credentials_refused && error.is_transient(), "{text}");
        }
    }

    /// tinyproxy responds to a wrong password with 401.
    #[tokio::test]
    async fn refused_credentials_are_not_offered_again() {
        for code in ["401", "407"] {
            let response = format!("HTTP/1.1 {code} x\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n");
            let error = refusal(response.as_bytes()).await;
            let text = error.to_string();
            let expected = format!("the proxy doesn't accept the user and password, or demands them ({code}); ");
            assert!(text.contains(&expected) && text.contains("Only the scheme `Basic` is supported"), "{text}");
            assert!(error.are_credentials_refused && !error.is_transient());
        }
    }

    #[tokio::test]
    async fn what_is_not_a_response_is_named() {
        let closed = "the proxy closed the connection without a response to `CONNECT`";
        let not_http = "what the proxy sent is not HTTP/1; is this the port of an HTTP proxy?";
        let too_long = "the headers of the proxy's response to `CONNECT` are too long";
        let long = format!("HTTP/1.1 200 OK\r\nx: {}", "x".repeat(9000));
        let early = "HTTP/1.1 200 OK\r\n\r\ns3cret";
        for (response, expected) in [
            (&b""[..], closed),
            (b"HTTP/1.1 200 Connection est", closed),
            (b"HTTP/1.1 200 OK\r\nx: y\r\n", closed),
            (b"SSH-2.0-OpenSSH_9.2\r\n", not_http),
            (b"\x05\x00", not_http),
            (b"\x15\x03\x01\x00\x02\x02\x46", not_http),
            (b"HTTP/1.1 2000 OK\r\n\r\n", not_http),
            (long.as_bytes(), too_long),
            (early.as_bytes(), "the proxy sent more than the head of a response to `CONNECT`"),
        ] {
            let text = format!("{:#}", refusal(response).await);
            assert_eq!(text, format!("no connection to the server: {expected}; nothing was sent"), "{response:?}");
        }
    }

    #[tokio::test]
    async fn dropping_it_closes_the_connection_to_a_silent_proxy() {
        let (client, mut proxy) = duplex(1024);
        let api = api();
        let opening = open(Box::new(TokioIo::new(client)), &api, None);
        let Err(_elapsed) = timeout(Duration::from_millis(50), opening).await else { panic!("no response was sent") };
        let head = read_head(&mut proxy).await;
        assert!(head.starts_with("CONNECT ") && !head.contains("roxy-"), "{head}");
        assert_eq!(proxy.read(&mut [0]).await.expect("its end"), 0);
    }
}
