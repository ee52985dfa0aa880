//! The settings of connections and limits, offered by every builder of a client that sends through this transport.

use std::net::{IpAddr, SocketAddr};
#[cfg(unix)]
use std::path::PathBuf;
use std::time::Duration;

use super::Limits;
use super::connections::Given;
use super::protocols::Protocols;
use super::proxy::ProxySetting;
use super::tls::Tls;
use crate::config::ConfigError;
use crate::request::StreamLimits;
use crate::transport::{DEFAULT_MAX_BODY_BYTES, base_url};

/// Enough for a handshake over a slow network, and below the deadline.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Long for an API's response, but short enough that a deadline leaves room for a second attempt.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
/// Longer than most servers keep an idle connection, so that it is they who close it.
const DEFAULT_POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// Whose root certificates are trusted, in addition to those of
/// [`root_certificate_pem`](super::ReqwestTransportBuilder::root_certificate_pem).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsRoots {
    /// The platform's, which its administrator can change. The default.
    #[default]
    Platform,
    /// Mozilla's, built into the program, for a machine or container without any. They are as old as the `webpki-roots`
    /// crate in the program's lock file. Needs the feature `webpki-roots`.
    #[cfg(feature = "webpki-roots")]
    Webpki,
    /// None: only the added ones are trusted.
    Added,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2 ([RFC 5246](https://www.rfc-editor.org/rfc/rfc5246)). The default minimum.
    #[default]
    Tls12,
    /// TLS 1.3 ([RFC 8446](https://www.rfc-editor.org/rfc/rfc8446)).
    Tls13,
}

/// What was set, and the first error of it.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(super) limits: Limits,
    pub(super) allow_plain_http: bool,
    /// The application's own client. It opens the connections, so no setting of `connection` applies.
    pub(super) client: Option<Given>,
    pub(super) connection: ConnectionSettings,
    /// The first setting of `connection` that was given, to be named if there is also a client.
    of_connection: Option<&'static str>,
    refused: Option<ConfigError>,
}

/// How connections are opened and kept.
#[derive(Clone, Debug)]
pub(super) struct ConnectionSettings {
    pub(super) proxy: ProxySetting,
    pub(super) tls: Tls,
    pub(super) protocols: Protocols,
    #[cfg(unix)]
    pub(super) unix_socket: Option<PathBuf>,
    pub(super) local_address: Option<IpAddr>,
    /// The addresses of hosts.
    pub(super) addresses: Vec<(String, Vec<SocketAddr>)>,
    pub(super) pool_idle_timeout: Duration,
    pub(super) pool_max_idle: usize,
    /// `None` is reqwest's default.
    pub(super) tcp_keepalive: Option<Duration>,
}

#[cfg(unix)]
impl ConnectionSettings {
    /// Checks that nothing is set that a Unix socket would ignore.
    fn check_unix_socket(&self) -> Result<(), ConfigError> {
        if self.unix_socket.is_none() {
            return Ok(());
        }
        let what = if matches!(self.proxy, ProxySetting::Url(_)) {
            "the proxy"
        } else if self.local_address.is_some() {
            "the setting `local_address`"
        } else if !self.addresses.is_empty() {
            "the setting `resolve`"
        } else if self.tcp_keepalive.is_some() {
            "the setting `tcp_keepalive`"
        } else {
            return Ok(());
        };
        Err(ConfigError::Setting {
            what: what.to_owned(),
            rule: "connections go to the Unix socket of `.unix_socket(…)`, without TCP and without a proxy; remove one of them",
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits {
                connect: DEFAULT_CONNECT_TIMEOUT,
                attempt: DEFAULT_ATTEMPT_TIMEOUT,
                body: DEFAULT_MAX_BODY_BYTES,
                stream: StreamLimits::default(),
            },
            allow_plain_http: false,
            client: None,
            connection: ConnectionSettings {
                proxy: ProxySetting::None,
                tls: Tls::default(),
                protocols: Protocols::default(),
                #[cfg(unix)]
                unix_socket: None,
                local_address: None,
                addresses: Vec::new(),
                pool_idle_timeout: DEFAULT_POOL_IDLE_TIMEOUT,
                pool_max_idle: usize::MAX,
                tcp_keepalive: None,
            },
            of_connection: None,
            refused: None,
        }
    }
}

impl Settings {
    /// Keeps the first error, which is the one to fix first.
    pub(super) fn refuse(&mut self, error: ConfigError) {
        self.refused.get_or_insert(error);
    }

    /// Notes a setting by its name, and whether its value is refused.
    fn connection(&mut self, name: &'static str, set: impl FnOnce(&mut ConnectionSettings) -> Result<(), ConfigError>) {
        self.of_connection.get_or_insert(name);
        if let Err(error) = set(&mut self.connection) {
            self.refuse(error);
        }
    }

    /// Checks that nothing was refused, and that no setting excludes another.
    pub(super) fn check(&mut self) -> Result<(), ConfigError> {
        if let Some(error) = self.refused.take() {
            return Err(error);
        }
        if let (Some(_), Some(name)) = (&self.client, self.of_connection) {
            return Err(ConfigError::Setting {
                what: format!("the setting `{name}`"),
                rule: "connections are opened by the client that was passed to `.client(…)`; set it on that client instead",
            });
        }
        #[cfg(unix)]
        self.connection.check_unix_socket()?;
        Ok(())
    }
}

/// The methods behind the public ones.
impl Settings {
    pub(crate) fn connect_timeout(&mut self, timeout: Duration) {
        self.connection("connect_timeout", |_| Ok(()));
        self.limits.connect = timeout;
    }

    pub(crate) fn attempt_timeout(&mut self, timeout: Duration) {
        self.limits.attempt = timeout;
    }

    pub(crate) fn max_body_bytes(&mut self, limit: u64) {
        self.limits.body = limit;
    }

    pub(crate) fn idle_timeout(&mut self, timeout: Duration) {
        self.limits.stream.idle = Some(timeout);
    }

    pub(crate) fn stream_timeout(&mut self, timeout: Duration) {
        self.limits.stream.total = Some(timeout);
    }

    pub(crate) fn allow_plain_http(&mut self) {
        self.allow_plain_http = true;
    }

    pub(crate) fn client(&mut self, client: reqwest::Client) {
        self.client = Some(Given(client));
    }

    pub(crate) fn proxy(&mut self, url: &str) {
        self.connection("proxy", |connection| {
            connection.proxy = ProxySetting::parse(url)?;
            Ok(())
        });
    }

    pub(crate) fn proxy_from_env(&mut self) {
        self.connection("proxy_from_env", |connection| {
            connection.proxy = ProxySetting::FromEnv;
            Ok(())
        });
    }

    pub(crate) fn root_certificate_pem(&mut self, pem: &[u8]) {
        self.connection("root_certificate_pem", |connection| connection.tls.add_root_certificates(pem));
    }

    pub(crate) fn tls_roots(&mut self, roots: TlsRoots) {
        self.connection("tls_roots", |connection| {
            connection.tls.set_roots(roots);
            Ok(())
        });
    }

    pub(crate) fn min_tls_version(&mut self, version: TlsVersion) {
        self.connection("min_tls_version", |connection| {
            connection.tls.set_min_version(version);
            Ok(())
        });
    }

    pub(crate) fn identity_pem(&mut self, pem: &[u8]) {
        self.connection("identity_pem", |connection| connection.tls.set_identity(pem));
    }

    #[cfg(unix)]
    pub(crate) fn unix_socket(&mut self, path: PathBuf) {
        self.connection("unix_socket", |connection| {
            connection.unix_socket = Some(path);
            Ok(())
        });
    }

    pub(crate) fn local_address(&mut self, address: IpAddr) {
        self.connection("local_address", |connection| {
            connection.local_address = Some(address);
            Ok(())
        });
    }

    pub(crate) fn resolve(&mut self, host: &str, addresses: Vec<SocketAddr>) {
        self.connection("resolve", |connection| {
            let refused = |rule| ConfigError::Setting { what: format!("the host {host:?} of `.resolve(…)`"), rule };
            let host = base_url::host_name(host).ok_or_else(|| {
                refused("it isn't a name; pass only the name of a host, as in the base URL, without a scheme, a port or a path")
            })?;
            if addresses.is_empty() {
                return Err(refused("it has no address; pass at least one"));
            }
            connection.addresses.retain(|(other, _)| *other != host);
            connection.addresses.push((host, addresses));
            Ok(())
        });
    }

    pub(crate) fn pool_idle_timeout(&mut self, timeout: Duration) {
        self.connection("pool_idle_timeout", |connection| {
            connection.pool_idle_timeout = timeout;
            Ok(())
        });
    }

    pub(crate) fn pool_max_idle(&mut self, connections: usize) {
        self.connection("pool_max_idle", |connection| {
            connection.pool_max_idle = connections;
            Ok(())
        });
    }

    pub(crate) fn tcp_keepalive(&mut self, interval: Duration) {
        self.connection("tcp_keepalive", |connection| {
            connection.tcp_keepalive = Some(interval);
            Ok(())
        });
    }

    pub(crate) fn http1_only(&mut self) {
        self.connection("http1_only", |connection| {
            connection.protocols = Protocols::Http1;
            Ok(())
        });
    }

    #[cfg(feature = "http2")]
    pub(crate) fn http2_prior_knowledge(&mut self) {
        self.connection("http2_prior_knowledge", |connection| {
            connection.protocols = Protocols::Http2;
            Ok(())
        });
    }
}

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

        /// Sends through the application's own [`reqwest::Client`], with its pool and everything that is set on it.
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
pub(crate) use settings_of_a_transport;
