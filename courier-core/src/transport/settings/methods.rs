//! The public methods for the settings, documented once for all builders.

/// The methods of a builder whose [`Settings`] are at this path, so that every builder offers all of them, with one
/// documentation.
macro_rules! settings_of_a_transport {
    ($($path:ident).+) => {
        /// Sets the timeout for connecting, including TLS and a proxy. It never exceeds the attempt's. Default: 5 seconds.
        pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$($path).+.connect_timeout(timeout);
            self
        }

        /// Sets the timeout for one attempt, from connecting to the last byte of the body, or to the head of the response
        /// if the body is read as a stream. Default: 20 seconds.
        pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$($path).+.attempt_timeout(timeout);
            self
        }

        /// Sets the limit for a response's body, in bytes after decompression. Default: 8 MiB.
        ///
        /// It doesn't apply to a body that is read as a stream, such as a [`Download`](crate::Download). Use
        /// [`Call::max_body_bytes`](crate::Call::max_body_bytes) for that.
        pub fn max_body_bytes(mut self, limit: u64) -> Self {
            self.$($path).+.max_body_bytes(limit);
            self
        }

        /// Sets the longest time without a byte of a body that is read as a stream, such as a
        /// [`Download`](crate::Download). It counts only while a byte is waited for. Default: 30 seconds.
        /// [`Call::idle_timeout`](crate::Call::idle_timeout) replaces it for one call.
        pub fn idle_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$($path).+.idle_timeout(timeout);
            self
        }

        /// Sets the longest time for a body that is read as a stream, from the response's head to its last byte. Default:
        /// no limit. [`Call::stream_timeout`](crate::Call::stream_timeout) replaces it for one call.
        pub fn stream_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$($path).+.stream_timeout(timeout);
            self
        }

        /// Allows credentials over `http://` to other machines. Only for networks where nobody can listen.
        pub fn allow_plain_http(mut self) -> Self {
            self.$($path).+.allow_plain_http();
            self
        }

        /// Sends through a proxy: `http://proxy.example:3128`, with user and password `http://user:password@proxy.example:3128`.
        /// Default: none.
        ///
        /// - `http://` and `https://`: an HTTP proxy, reached without and with TLS. An `https` API is reached through a
        ///   tunnel (`CONNECT`), which the proxy can't look into. It sees every request to an `http` API.
        /// - `socks5://` and `socks5h://`, with the feature `socks`: a SOCKS5 proxy
        ///   ([RFC 1928](https://www.rfc-editor.org/rfc/rfc1928)). With `socks5h`, the proxy looks up the API's host. With
        ///   `socks5`, this machine does, and the proxy gets the first address.
        ///
        /// Percent-encode characters of the user and the password that have a meaning in a URL (`@` is `%40`, `/` is
        /// `%2F`, `:` is `%3A`). Neither appears in logs, errors or `Debug`. To an `http://` or SOCKS5 proxy they travel unencrypted.
        /// An HTTP proxy gets them in the scheme `Basic`; no other is supported. A proxy that refuses them is not asked again
        /// by a [`Retry`](crate::transport::Retry), since some lock a user after a few wrong passwords.
        /// [What a proxy sees](crate::network#what-a-proxy-sees) has more about it.
        pub fn proxy(mut self, url: impl AsRef<str>) -> Self {
            self.$($path).+.proxy(url.as_ref());
            self
        }

        /// Sends through the proxy that the environment names, if it names one. It is read by `build()`, once.
        ///
        /// The first of these variables that is set and not empty is used, in upper or lower case: `HTTPS_PROXY`,
        /// `ALL_PROXY` for an `https` base URL; `HTTP_PROXY`, `ALL_PROXY` for an `http` one. Its value is a URL as for
        /// [`proxy`](Self::proxy), or `host:port`. Hosts in `NO_PROXY` (`api.example,.internal.example,10.0.0.0/8`, or `*`) and this
        /// machine are reached directly. In a CGI program, which has `REQUEST_METHOD` set, `HTTP_PROXY` may come from a
        /// request's header, and is ignored.
        ///
        /// Without this setting, the environment isn't read; only the error of a failed connection mentions a variable
        /// that is set and unused.
        pub fn proxy_from_env(mut self) -> Self {
            self.$($path).+.proxy_from_env();
            self
        }

        /// Trusts these certificate authorities in addition to those of [`tls_roots`](Self::tls_roots), for example a
        /// company's own or a test server's. Can be called repeatedly.
        ///
        /// `pem` is the text of a PEM file ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)) with one or more
        /// certificates, each starting with `-----BEGIN CERTIFICATE-----`. Text between them is ignored.
        ///
        /// ```no_run
        /// use courier_core::ReqwestTransport;
        ///
        /// let transport = ReqwestTransport::builder("https://api.internal.example")
        ///     .root_certificate_pem(std::fs::read_to_string("/etc/ssl/internal-ca.pem")?)
        ///     .build()?;
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        ///
        /// A server's own self-signed certificate also works, unless it declares itself an authority:
        /// `openssl req -x509 -addext basicConstraints=critical,CA:FALSE`.
        ///
        /// Android doesn't allow this: it only accepts certificates from the app's network security configuration.
        ///
        /// [`build`](Self::build) refuses a text without a certificate, with an invalid one, or with a private key. In a
        /// build without TLS, it refuses any.
        pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
            self.$($path).+.root_certificate_pem(pem.as_ref());
            self
        }

        /// Sets whose root certificates are trusted: the platform's, Mozilla's, or only those of
        /// [`root_certificate_pem`](Self::root_certificate_pem). Default: the platform's.
        pub fn tls_roots(mut self, roots: $crate::transport::TlsRoots) -> Self {
            self.$($path).+.tls_roots(roots);
            self
        }

        /// Sets the oldest version of TLS that is accepted. Default: TLS 1.2. The newest is always TLS 1.3.
        pub fn min_tls_version(mut self, version: $crate::transport::TlsVersion) -> Self {
            self.$($path).+.min_tls_version(version);
            self
        }

        /// Presents a client certificate to a server that asks for one (mutual TLS).
        ///
        /// `pem` is the text of one or more PEM files, one after the other: the certificate, the rest of its chain if the
        /// server needs it, and the private key (`-----BEGIN PRIVATE KEY-----`, `RSA` or `EC`, not encrypted). The key
        /// is never sent, and never appears in logs, errors or `Debug`.
        ///
        /// ```no_run
        /// use std::fs::read_to_string;
        /// use courier_core::ReqwestTransport;
        ///
        /// let pem = read_to_string("client.pem")? + &read_to_string("client-key.pem")?;
        /// let transport = ReqwestTransport::builder("https://api.internal.example").identity_pem(pem).build()?;
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        ///
        /// [`build`](Self::build) refuses a text without a certificate or without exactly one key, a key that doesn't
        /// belong to the first certificate, and in a build without TLS any text. An `https://` proxy that asks for a client
        /// certificate gets the same one.
        pub fn identity_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
            self.$($path).+.identity_pem(pem.as_ref());
            self
        }

        /// Connects to a Unix socket instead of the host of the base URL, which then is only the `host` header, and the
        /// name in the server's certificate if it is `https`. With `http`, credentials are allowed, because requests stay on this machine.
        ///
        /// A proxy from the environment isn't used. `build` refuses settings that a Unix socket would ignore: [`proxy`](Self::proxy),
        /// [`local_address`](Self::local_address), [`resolve`](Self::resolve) and [`tcp_keepalive`](Self::tcp_keepalive).
        #[cfg(unix)]
        pub fn unix_socket(mut self, path: impl Into<std::path::PathBuf>) -> Self {
            self.$($path).+.unix_socket(path.into());
            self
        }

        /// Connects from this address of this machine, on a machine with several. Default: the system chooses.
        pub fn local_address(mut self, address: std::net::IpAddr) -> Self {
            self.$($path).+.local_address(address);
            self
        }

        /// Connects to these addresses for a host, without a DNS lookup. The base URL's port is used if it has one, or else
        /// the address's, or else (if that is 0) the scheme's. Can be called for several hosts.
        ///
        /// If one address doesn't respond, the next is tried; IPv6 and IPv4 are tried at the same time after 300
        /// milliseconds ([RFC 8305](https://www.rfc-editor.org/rfc/rfc8305)). This is also the way to use an IPv6 address
        /// with a zone ([`SocketAddrV6::new`](std::net::SocketAddrV6::new) with a scope id).
        ///
        /// A proxy looks up the API's host by itself, except `socks5://`, which gets the first address with the base URL's
        /// port. The addresses of the proxy's own host can be set here.
        pub fn resolve(
            mut self,
            host: impl AsRef<str>,
            addresses: impl IntoIterator<Item = std::net::SocketAddr>,
        ) -> Self {
            self.$($path).+.resolve(host.as_ref(), addresses.into_iter().collect());
            self
        }

        /// Closes a connection that wasn't used for this time. Default: 90 seconds, or less if the server says how long it
        /// keeps an idle connection (`keep-alive: timeout=5`), or if a connection was lost after a shorter pause in the last ten
        /// minutes.
        ///
        /// A server that closes idle connections earlier, without saying so, can close one just as a request is written
        /// to it. That request fails unless it may be retried. Set a time slightly below the server's to avoid even the first
        /// such failure.
        pub fn pool_idle_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$($path).+.pool_idle_timeout(timeout);
            self
        }

        /// Sets how many idle connections are kept. Default: all, until [`pool_idle_timeout`](Self::pool_idle_timeout).
        /// With 0, every call opens its own connection, over HTTP/2 too.
        pub fn pool_max_idle(mut self, connections: usize) -> Self {
            self.$($path).+.pool_max_idle(connections);
            self
        }

        /// Sets after how much silence the system checks that the other end of a connection is still there, and how often
        /// it repeats that. Three checks without a response end the connection. Default: 15 seconds.
        pub fn tcp_keepalive(mut self, interval: std::time::Duration) -> Self {
            self.$($path).+.tcp_keepalive(interval);
            self
        }

        /// Uses only HTTP/1.1, even with the feature `http2` (which any crate of the program may enable).
        ///
        /// Each call then has a connection for itself, so the end of a connection fails at most one call. Over HTTP/2, it fails all
        /// calls on it that may not be repeated: see [HTTP/2](crate::network#http2).
        pub fn http1_only(mut self) -> Self {
            self.$($path).+.http1_only();
            self
        }

        /// Uses HTTP/2 from the first byte, without asking whether the server supports it
        /// ([RFC 9113, section 3.3](https://www.rfc-editor.org/rfc/rfc9113#section-3.3)). It needs the feature `http2`.
        ///
        /// Over `http://`, this is the only way to use HTTP/2. Over `https://`, it makes HTTP/2 the only offered version.
        /// Calls to a server that supports only HTTP/1.1 fail.
        #[cfg(feature = "http2")]
        pub fn http2_prior_knowledge(mut self) -> Self {
            self.$($path).+.http2_prior_knowledge();
            self
        }
    };
}
pub(crate) use settings_of_a_transport;

/// The method of a builder whose [`Settings`] are at this path, and which can send through the application's own client of reqwest.
#[cfg(feature = "reqwest")]
macro_rules! own_client_of_a_transport {
    ($($path:ident).+) => {
        /// Sends through the application's own [`reqwest::Client`], with its pool and everything that is set on it. Needs the feature
        /// `reqwest`.
        ///
        /// [`ReqwestTransport::from_client`](crate::ReqwestTransport::from_client) says what holds over it. Settings of
        /// connections belong to the client then: `build` refuses them here.
        ///
        /// [`reqwest::Client`]: crate::reqwest::Client
        pub fn client(mut self, client: $crate::reqwest::Client) -> Self {
            self.$($path).+.client(client);
            self
        }
    };
}
#[cfg(feature = "reqwest")]
pub(crate) use own_client_of_a_transport;

/// The methods of a builder whose [`Settings`] are at this path, and which can send over its own connections.
#[cfg(feature = "hyper")]
macro_rules! connections_of_a_transport {
    ($($path:ident).+) => {
        /// Sets the maximum number of connections, idle ones included. Default: no limit. Needs the feature `hyper`.
        ///
        /// A call that needs one more waits for its turn, in the order of the calls, at most as long as an
        /// [attempt](Self::attempt_timeout) may take. Over HTTP/2, calls share one connection, and don't wait. Each
        /// [runtime](crate::HyperTransport#runtimes) has connections of its own.
        ///
        /// `build` refuses 0.
        pub fn max_connections(mut self, connections: usize) -> Self {
            self.$($path).+.max_connections(connections);
            self
        }

        /// Opens connections with your own service instead of TCP: over another network, to a server in the same process, or to an
        /// address that only your program can find. [`network`](crate::network#your-own-connector) has an example.
        ///
        /// - The service gets the URL `http://host:port/` with the base URL's host and its port, which is always there. The scheme is
        ///   `http` for an `https` API too: TLS is added to the stream that the service returns.
        /// - [`connect_timeout`](Self::connect_timeout) limits it: its future is dropped when the time is over. Its error is the
        ///   [source](std::error::Error::source) of the call's.
        /// - Nothing is known about its way. So credentials for an `http` API need [`allow_plain_http`](Self::allow_plain_http),
        ///   unless the host is `localhost` or a loopback address.
        ///
        /// `build` refuses settings that it would ignore: [`proxy`](Self::proxy), [`proxy_from_env`](Self::proxy_from_env),
        /// `unix_socket`, [`local_address`](Self::local_address), [`resolve`](Self::resolve) and
        /// [`tcp_keepalive`](Self::tcp_keepalive).
        pub fn connector<S>(mut self, connector: S) -> Self
        where
            S: tower_service::Service<
                    http::Uri,
                    Error: Into<Box<dyn std::error::Error + Send + Sync>>,
                    Future: Send,
                > + Clone + Send + Sync + 'static,
            S::Response: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
        {
            self.$($path).+.connector($crate::transport::connector::Connector::new(connector));
            self
        }
    };
}
#[cfg(feature = "hyper")]
pub(crate) use connections_of_a_transport;
