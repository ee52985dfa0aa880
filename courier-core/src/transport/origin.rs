//! One API over the network: what every request to it has, the limits of an attempt, and how its response is read. How requests and
//! responses travel is up to the [`Wire`].

mod body;
pub(super) mod secret_query;
pub(super) mod upload;

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, Method, Uri, header};
use http_body::Body as _;
use tokio::time::timeout;

use self::body::Encoding;
use self::secret_query::SecretQuery;
use self::upload::Outgoing;
use super::base_url::BaseUrl;
use super::limits::Limits;
use super::network::Network;
use super::whole::Wanted;
use super::{Response, TimeLimit, TransportError, TransportErrorKind, failure, proxy, runtime, url};
use crate::body::Body;
use crate::request::{CallOptions, Progress, correct_content_length};
use crate::secret::Secrets;

/// Connections that requests are sent over.
pub(super) trait Wire: fmt::Debug + Send + Sync {
    /// A request in the form that this wire sends.
    type Request: Send;
    type Body: http_body::Body<Data = Bytes, Error: StdError + Send + Sync + 'static> + Send + Sync + Unpin + 'static;

    /// The settings of the connections, unless they are those of the application.
    fn network(&self) -> Option<&Network>;

    /// Makes a request. Its URL has this path, and this query, which is the request's unless the transport has added to it. `None` if
    /// it wouldn't arrive as written.
    fn request(base_url: &BaseUrl, uri: &Uri, query: Option<&str>, rest: Rest) -> Option<Self::Request>;

    /// Sends a request, and awaits the head of its response. The request is taken out. Before it may arrive, that is recorded
    /// ([`Progress::set_unsent`]).
    fn exchange(
        &self,
        request: &mut Option<Self::Request>,
        progress: &Progress,
        secrets: &Secrets,
    ) -> impl Future<Output = Result<http::Response<Self::Body>, TransportError>> + Send;

    /// Drops the body of a response, and lets its connection take no other request.
    fn discard(&self, body: Self::Body);
}

/// A request as it is sent, without its URL.
pub(super) struct Rest {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Outgoing,
}

#[derive(Debug)]
pub(super) struct Origin<W> {
    pub(super) wire: W,
    pub(super) base_url: BaseUrl,
    pub(super) headers: HeaderMap,
    pub(super) query: SecretQuery,
    pub(super) secrets: Secrets,
    /// Whether requests go over the network unencrypted without the user's permission.
    pub(super) is_exposed: bool,
    pub(super) limits: Limits,
}

/// A request that is ready to be sent.
struct Prepared<R> {
    /// `None` once it was sent.
    request: Option<R>,
    is_head: bool,
    asked_for: Encoding,
    /// Those of the transport and of the request.
    secrets: Secrets,
    upload: Option<upload::Handle>,
}

impl<W: Wire> Origin<W> {
    /// Sends a request.
    pub(super) fn send(
        &self,
        mut head: Parts,
        body: Body,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send {
        let headers = std::mem::take(&mut head.headers);
        let mut prepared = self.prepare(&head, headers, body);
        let extensions = head.extensions;
        async move { self.exchange(&extensions, ready(&mut prepared)?).await }
    }

    /// Sends a request whose head the caller keeps for another attempt.
    pub(super) fn attempt<'a>(
        &'a self,
        head: &'a Parts,
        body: Body,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send + 'a {
        let mut prepared = self.prepare(head, self.copied(&head.headers), body);
        async move { self.exchange(&head.extensions, ready(&mut prepared)?).await }
    }

    /// Adds to a request with these headers what this transport adds. The headers in its head are ignored.
    fn prepare(
        &self,
        head: &Parts,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Prepared<W::Request>, TransportError> {
        let Parts { method, uri, extensions, .. } = head;
        let refused = |rule| Err(TransportError::not_sent(TransportErrorKind::Refused).with_reason(rule));
        // Only the request's secrets: those of the transport were checked when it was built.
        let own = Secrets::of_parts(&headers, extensions);
        if self.is_exposed && !own.is_empty() {
            return refused(
                "its secret would be sent unencrypted; use `https://`, or call `.allow_plain_http()` on the builder",
            );
        }
        correct_content_length(&mut headers, method, &body);
        // Otherwise, hyper sends a `GET` without its body. Over HTTP/2, it leaves the header out.
        if body.length().is_none() {
            headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        for (name, value) in &self.headers {
            // Headers set for the call take precedence.
            headers.entry(name).or_insert_with(|| value.clone());
        }
        let asked_for = Encoding::ask(method, &mut headers);
        let (body, upload) = Outgoing::new(body);
        let query = self.query.added_to(uri.query());
        let rest = Rest { method: method.clone(), headers, body };
        let Some(request) = W::request(&self.base_url, uri, query.as_deref(), rest) else {
            return refused(if url::keeps(uri.path()) {
                failure::TOO_LONG_FOR_A_URI
            } else {
                "its path has a segment `.` or `..`, or a character that must be percent-encoded"
            });
        };
        let secrets = self.secrets.with(&own);
        Ok(Prepared { request: Some(request), is_head: *method == Method::HEAD, asked_for, secrets, upload })
    }

    /// A copy of the headers of a request, with room for the transport's own, `accept-encoding` and `host`. A clone has none, and
    /// would grow twice.
    fn copied(&self, headers: &HeaderMap) -> HeaderMap {
        let mut copy = HeaderMap::with_capacity(headers.keys_len() + self.headers.keys_len() + 2);
        for (name, value) in headers {
            copy.append(name, value.clone());
        }
        copy
    }

    /// Makes one attempt, with the options in these extensions of the request.
    async fn exchange(
        &self,
        extensions: &Extensions,
        prepared: &mut Prepared<W::Request>,
    ) -> Result<Response, TransportError> {
        let options = CallOptions::of_extensions(extensions);
        let wanted = Wanted::of(options);
        let limit = options.attempt_timeout().unwrap_or(self.limits.attempt);
        let of_attempt;
        let progress = if let Some(of_call) = &options.progress {
            of_call
        } else {
            // Otherwise, a deadline has checked it already.
            runtime::check()?;
            of_attempt = Progress::default();
            &of_attempt
        };
        progress.reset();
        let result = timeout(limit, self.exchange_untimed(prepared, &wanted, progress)).await;
        result.unwrap_or_else(|_elapsed| Err(progress.timeout(TimeLimit::Attempt, limit))).map_err(|error| {
            self.locate(match error.status() {
                Some(_) if error.headers().is_none() => error.with_headers(progress.swap_headers(HeaderMap::new())),
                _ => error,
            })
        })
    }

    /// Makes one attempt, without its timeout. It borrows what it needs: an async function keeps two copies of an argument.
    async fn exchange_untimed(
        &self,
        prepared: &mut Prepared<W::Request>,
        wanted: &Wanted,
        progress: &Progress,
    ) -> Result<Response, TransportError> {
        let Prepared { request, is_head, asked_for, secrets, upload } = prepared;
        let received = self.wire.exchange(request, progress, secrets).await;
        let received = received.map_err(|error| upload.as_ref().and_then(upload::Handle::error).unwrap_or(error))?;

        let (http::response::Parts { status, version, headers, extensions, .. }, mut body) = received.into_parts();
        progress.set(status);
        let mut head = Head { headers, progress };
        let has_body = body::is_expected(*is_head, status);
        if let Some(rule) = unclear_frame(body.size_hint().exact(), &head.headers).filter(|_| has_body) {
            self.wire.discard(body);
            let error = TransportError::sent(TransportErrorKind::Interrupted);
            return Err(error.with_status(status).with_reason(rule));
        }
        let is_stream = has_body && wanted.streams(status);
        let body = if !has_body {
            Body::empty()
        } else if is_stream {
            let encoding = asked_for.of(status, &head.headers);
            body::stream(body, status, &mut head.headers, encoding, secrets, upload.take())
        } else {
            let encoding = asked_for.of(status, &head.headers);
            let limit = wanted.max_body_bytes.unwrap_or(self.limits.body);
            body::read(Pin::new(&mut body), status, &mut head.headers, encoding, limit, secrets).await?.into()
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.version_mut() = version;
        *response.headers_mut() = std::mem::take(&mut head.headers);
        // Reuse these extensions: a new map would be allocated otherwise.
        *response.extensions_mut() = extensions;
        if is_stream {
            response.extensions_mut().insert(self.limits.stream);
        }
        response.extensions_mut().insert(std::mem::take(secrets));
        Ok(response)
    }

    /// Says in an error which server was called, and over which route. If there is no connection and no proxy, a variable
    /// of the environment that names one may be why.
    fn locate(&self, error: TransportError) -> TransportError {
        let error = error.with_server(self.base_url.as_str());
        let Some(network) = self.wire.network() else { return error };
        let error = match error.source().filter(|_| error.is_connect()).and_then(|source| network.hint(source)) {
            Some(hint) => error.with_hint(&hint),
            None => error,
        };
        match network.route() {
            Some(route) => error.with_route(&route),
            None if error.is_connect() => match proxy::unused_variable(&self.base_url) {
                Some(name) => error.with_hint(&format!("`{name}` is set but not used: `.proxy_from_env()`")),
                None => error,
            },
            None => error,
        }
    }
}

/// The request, or the error instead of it. A future would contain twice what is moved out of its variable.
fn ready<R>(prepared: &mut Result<Prepared<R>, TransportError>) -> Result<&mut Prepared<R>, TransportError> {
    let taken = || TransportError::not_sent(TransportErrorKind::Refused);
    prepared.as_mut().map_err(|error| std::mem::replace(error, taken()))
}

/// The headers of a response whose body is being read. If reading ends early, for any reason, the error gets them.
struct Head<'p> {
    headers: HeaderMap,
    progress: &'p Progress,
}

impl Drop for Head<'_> {
    fn drop(&mut self) {
        if !self.headers.is_empty() {
            self.progress.swap_headers(std::mem::take(&mut self.headers));
        }
    }
}

/// Why the end of a response is ambiguous, or its body is still encoded. `length` is that of its body, if it was announced.
///
/// With two framings, hyper reads chunks; with an unknown coding, it reads until the connection closes. A proxy may
/// decide otherwise, and the difference would pass for the next call's response. RFC 9112, 6.3: it "ought to be handled
/// as an error".
fn unclear_frame(length: Option<u64>, headers: &HeaderMap) -> Option<&'static str> {
    // The length is zero, so nothing is ambiguous.
    if length == Some(0) {
        return None;
    }
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => None,
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => headers
            .contains_key(header::CONTENT_LENGTH)
            .then_some("it has both `transfer-encoding` and `content-length`"),
        _ => Some("its `transfer-encoding` is not `chunked`, which is the only one supported"),
    }
}

/// Implements [`Transport`](super::Transport) for a transport that is an `Arc` of an [`Origin`].
macro_rules! transport_to_an_origin {
    ($transport:ty) => {
        impl $crate::transport::Transport for $transport {
            fn inner(&self) -> Option<&dyn $crate::transport::Transport> {
                None
            }

            fn base_url(&self) -> Option<&str> {
                Some(self.0.base_url.as_str())
            }

            fn __secrets(&self) -> Option<&$crate::secret::Secrets> {
                Some(&self.0.secrets)
            }

            fn send(
                &self,
                request: $crate::request::Request,
            ) -> $crate::transport::BoxFuture<'_, Result<$crate::transport::Response, $crate::transport::TransportError>> {
                let (head, body) = request.into_parts();
                Box::pin(self.0.send(head, body))
            }

            fn __attempt<'a>(
                &'a self,
                head: &'a http::request::Parts,
                body: $crate::body::Body,
            ) -> $crate::transport::BoxFuture<'a, Result<$crate::transport::Response, $crate::transport::TransportError>> {
                Box::pin(self.0.attempt(head, body))
            }
        }
    };
}
pub(super) use transport_to_an_origin;

#[cfg(all(test, feature = "reqwest"))]
mod tests;
