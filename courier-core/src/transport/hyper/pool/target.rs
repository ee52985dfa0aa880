//! How a request names the server, in each version of HTTP.

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri, header};

use super::super::dial::Protocol;

/// The server that requests go to.
#[derive(Clone, Debug)]
pub(in super::super) struct Target {
    pub(in super::super) scheme: Scheme,
    /// Host and port, the latter only if it isn't the scheme's.
    pub(in super::super) authority: Authority,
    /// The authority as the `host` header.
    pub(in super::super) host: HeaderValue,
    /// Whether requests over HTTP/1 go to a proxy that forwards them, and needs the whole URL.
    pub(in super::super) is_forwarded: bool,
    /// What this proxy gets to know who asks.
    pub(in super::super) proxy_authorization: Option<HeaderValue>,
}

impl Target {
    /// Gives a request the URL and the headers that this version of HTTP needs. It may have had those of another version.
    pub(super) fn address<B>(&self, protocol: Protocol, request: &mut Request<B>) {
        match protocol {
            Protocol::Http1 => {
                // RFC 9112, 3.2.1 and 3.2.2.
                if self.is_forwarded {
                    self.make_absolute(request.uri_mut());
                    if let Some(value) = &self.proxy_authorization {
                        request.headers_mut().entry(header::PROXY_AUTHORIZATION).or_insert_with(|| value.clone());
                    }
                } else if request.uri().scheme().is_some() {
                    let path = path(request.uri());
                    *request.uri_mut() = Uri::from(path);
                }
                request.headers_mut().entry(header::HOST).or_insert_with(|| self.host.clone());
            }
            #[cfg(feature = "http2")]
            Protocol::Http2 => {
                // RFC 9113, 8.3.1: `:scheme` and `:authority`. An own `host` is kept.
                self.make_absolute(request.uri_mut());
                if request.headers().get(header::HOST) == Some(&self.host) {
                    request.headers_mut().remove(header::HOST);
                }
            }
        }
    }

    fn make_absolute(&self, uri: &mut Uri) {
        if uri.scheme().is_some() {
            return;
        }
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path(uri));
        *uri = Uri::from_parts(parts).expect("it has a scheme, an authority and a path");
    }
}

fn path(uri: &Uri) -> PathAndQuery {
    uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"))
}
