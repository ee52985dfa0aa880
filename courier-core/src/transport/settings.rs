//! The settings of connections and limits, offered by every builder of a client that sends through this transport.

mod methods;
mod tls;

#[cfg(feature = "reqwest")]
use std::fmt;
use std::net::{IpAddr, SocketAddr};
#[cfg(unix)]
use std::path::PathBuf;
use std::time::Duration;

#[cfg(feature = "hyper")]
pub(crate) use self::methods::connections_of_a_transport;
#[cfg(feature = "reqwest")]
pub(crate) use self::methods::own_client_of_a_transport;
pub(crate) use self::methods::settings_of_a_transport;
pub use self::tls::{TlsRoots, TlsVersion};
use super::DEFAULT_MAX_BODY_BYTES;
#[cfg(feature = "hyper")]
use super::connector::Connector;
use super::limits::Limits;
use super::protocols::Protocols;
use super::proxy::ProxySetting;
use super::tls::Tls;
use super::url;
use crate::config::ConfigError;
use crate::request::StreamLimits;

/// Enough for a handshake over a slow network, and below the deadline.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Long for an API's response, but short enough that a deadline leaves room for a second attempt.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
/// Longer than most servers keep an idle connection, so that it is they who close it.
const DEFAULT_POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// The longest path of a Unix socket in bytes: macOS has the lowest limit, with the zero byte at the end not counted.
#[cfg(unix)]
const MAX_SOCKET_PATH: usize = 103;

/// The application's client. `Debug` doesn't show it: its default headers may have credentials that aren't marked as sensitive.
#[cfg(feature = "reqwest")]
#[derive(Clone)]
pub(super) struct OwnClient(pub(super) reqwest::Client);

#[cfg(feature = "reqwest")]
impl fmt::Debug for OwnClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").finish_non_exhaustive()
    }
}

/// What was set, and the first error of it.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(super) limits: Limits,
    pub(super) allow_plain_http: bool,
    /// The application's own client. It opens the connections, so no setting of `connection` applies.
    #[cfg(feature = "reqwest")]
    pub(super) client: Option<OwnClient>,
    /// Whether a client that could also send over hyper sends through reqwest.
    #[cfg(feature = "reqwest")]
    pub(crate) uses_reqwest: bool,
    pub(super) connection: ConnectionSettings,
    /// The first setting of `connection` that was given, to be named if there is also a client.
    of_connection: Option<&'static str>,
    refused: Option<ConfigError>,
}

/// How connections are opened and kept.
#[derive(Clone, Debug)]
pub(super) struct ConnectionSettings {
    /// The application's own way to the server.
    #[cfg(feature = "hyper")]
    pub(super) connector: Option<Connector>,
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
    #[cfg(feature = "hyper")]
    pub(super) max_connections: Option<usize>,
    /// `None` is reqwest's default.
    pub(super) tcp_keepalive: Option<Duration>,
}

impl ConnectionSettings {
    /// Checks that nothing is set that a Unix socket or an own connector would ignore.
    fn check_way(&self) -> Result<(), ConfigError> {
        #[cfg(feature = "hyper")]
        if self.connector.is_some() {
            let rule = "connections are opened by the connector of `.connector(…)`, without TCP and without a proxy of this \
                        client; remove one of them";
            #[cfg(unix)]
            if self.unix_socket.is_some() {
                return Err(ConfigError::Setting { what: "the setting `unix_socket`".to_owned(), rule });
            }
            if matches!(self.proxy, ProxySetting::FromEnv) {
                return Err(ConfigError::Setting { what: "the setting `proxy_from_env`".to_owned(), rule });
            }
            return self.check_without_tcp(rule);
        }
        #[cfg(unix)]
        if self.unix_socket.is_some() {
            return self.check_without_tcp(
                "connections go to the Unix socket of `.unix_socket(…)`, without TCP and without a proxy; remove one of them",
            );
        }
        Ok(())
    }

    #[cfg(any(unix, feature = "hyper"))]
    fn check_without_tcp(&self, rule: &'static str) -> Result<(), ConfigError> {
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
        Err(ConfigError::Setting { what: what.to_owned(), rule })
    }

    /// Whether connections are opened to the addresses of a host, by TCP, and not in another way.
    pub(super) fn uses_tcp(&self) -> bool {
        #[cfg(feature = "hyper")]
        if self.connector.is_some() {
            return false;
        }
        #[cfg(unix)]
        if self.unix_socket.is_some() {
            return false;
        }
        true
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
            #[cfg(feature = "reqwest")]
            client: None,
            #[cfg(feature = "reqwest")]
            uses_reqwest: false,
            connection: ConnectionSettings {
                #[cfg(feature = "hyper")]
                connector: None,
                proxy: ProxySetting::None,
                tls: Tls::default(),
                protocols: Protocols::default(),
                #[cfg(unix)]
                unix_socket: None,
                local_address: None,
                addresses: Vec::new(),
                pool_idle_timeout: DEFAULT_POOL_IDLE_TIMEOUT,
                pool_max_idle: usize::MAX,
                #[cfg(feature = "hyper")]
                max_connections: None,
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
        #[cfg(feature = "reqwest")]
        if let (Some(_), Some(name)) = (&self.client, self.of_connection) {
            return Err(ConfigError::Setting {
                what: format!("the setting `{name}`"),
                rule: "connections are opened by the application's own `reqwest::Client`; set it on that client instead",
            });
        }
        self.connection.check_way()
    }

    /// Checks that nothing is set that only connections of our own have.
    #[cfg(all(feature = "hyper", feature = "reqwest"))]
    pub(super) fn check_for_reqwest(&self) -> Result<(), ConfigError> {
        let what = if self.connection.connector.is_some() {
            "connector"
        } else if self.connection.max_connections.is_some() {
            "max_connections"
        } else {
            return Ok(());
        };
        Err(ConfigError::Setting {
            what: format!("the setting `{what}`"),
            rule: "connections are opened by reqwest, which has no such setting; remove it, or `.use_reqwest()`",
        })
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

    #[cfg(feature = "reqwest")]
    pub(crate) fn client(&mut self, client: reqwest::Client) {
        self.client = Some(OwnClient(client));
        self.uses_reqwest = true;
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

    #[cfg(feature = "hyper")]
    pub(crate) fn connector(&mut self, connector: Connector) {
        self.connection("connector", |connection| {
            connection.connector = Some(connector);
            Ok(())
        });
    }

    #[cfg(unix)]
    pub(crate) fn unix_socket(&mut self, path: PathBuf) {
        self.connection("unix_socket", |connection| {
            let refused = |rule| ConfigError::Setting { what: format!("the Unix socket `{}`", path.display()), rule };
            let length = path.as_os_str().len();
            if length == 0 || path.to_string_lossy().contains("://") {
                return Err(refused("it isn't a path; pass the path of the socket alone, without a scheme"));
            }
            if length > MAX_SOCKET_PATH {
                return Err(refused("the system allows at most 103 bytes in a socket's path; use a shorter one"));
            }
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
            let host = url::name(host).ok_or_else(|| {
                refused(url::needs_punycode(host).unwrap_or(
                    "it isn't a name; pass only the name of a host, as in the base URL, without a scheme, a port or a path",
                ))
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

    #[cfg(feature = "hyper")]
    pub(crate) fn max_connections(&mut self, connections: usize) {
        self.connection("max_connections", |connection| {
            if connections == 0 {
                return Err(ConfigError::Setting {
                    what: "the setting `max_connections`".to_owned(),
                    rule: "it is 0, and every call needs a connection; allow at least one",
                });
            }
            connection.max_connections = Some(connections);
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
