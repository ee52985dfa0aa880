//! A SOCKS5 proxy (RFC 1928), with and without user and password (RFC 1929).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::recorded::{Record, Recorded};
use crate::flow::key_search;
use crate::flow::transport::tls::server::HOST;

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_ACCEPTABLE_METHOD: u8 = 0xff;

/// Starts a proxy.
#[derive(Clone, Default)]
pub(super) struct Builder {
    credentials: Option<(String, String)>,
    names: Option<SocketAddr>,
    reply: u8,
    responds: Option<Vec<u8>>,
}

impl Builder {
    /// Demands a user and a password.
    pub(super) fn demanding(self, user: &str, password: &str) -> Self {
        Self { credentials: Some((user.to_owned(), password.to_owned())), ..self }
    }

    /// Leads every name and every IPv6 address to this address.
    pub(super) fn with_names(self, address: SocketAddr) -> Self {
        Self { names: Some(address), ..self }
    }

    /// Refuses every request with this reply (RFC 1928, section 6).
    pub(super) fn refusing(self, reply: u8) -> Self {
        Self { reply, ..self }
    }

    /// Responds to the first message with these bytes, and closes the connection.
    pub(super) fn responding(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { responds: Some(bytes.into()), ..self }
    }

    pub(super) async fn start(self) -> SocksProxy {
        key_search::begin();
        let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let seen = Seen::default();
        let accepting = tokio::spawn({
            let seen = seen.clone();
            async move {
                // Dropping the set with this task aborts the connections' tasks.
                let mut connections = JoinSet::new();
                loop {
                    let (stream, _) = listener.accept().await.expect("a connection");
                    let (proxy, seen) = (self.clone(), seen.clone());
                    connections.spawn(async move {
                        let stream = Recorded::new(stream, &seen.bytes);
                        // An error is the end of a connection, by either side.
                        let _ended = proxy.serve(stream, &seen).await;
                    });
                }
            }
        });
        SocksProxy { address, seen, accepting }
    }

    async fn serve(&self, mut client: Recorded<TcpStream>, seen: &Seen) -> io::Result<()> {
        *seen.connections.lock().expect("no panic") += 1;
        let version = client.read_u8().await?;
        if let Some(bytes) = &self.responds {
            client.write_all(bytes).await?;
            return client.shutdown().await;
        }
        assert_eq!(version, VERSION);
        let methods = counted(&mut client).await?;
        let method = if self.credentials.is_some() { USER_AND_PASSWORD } else { NO_AUTHENTICATION };
        if !methods.contains(&method) {
            client.write_all(&[VERSION, NO_ACCEPTABLE_METHOD]).await?;
            return client.shutdown().await;
        }
        client.write_all(&[VERSION, method]).await?;
        if let Some((user, password)) = &self.credentials {
            assert_eq!(client.read_u8().await?, 1, "the version of RFC 1929");
            let given = [counted(&mut client).await?, counted(&mut client).await?];
            let is_right = given == [user.as_bytes(), password.as_bytes()];
            client.write_all(&[1, u8::from(!is_right)]).await?;
            if !is_right {
                return client.shutdown().await;
            }
        }
        let mut request = [0; 3];
        client.read_exact(&mut request).await?;
        assert_eq!(request, [VERSION, 1, 0], "CONNECT");
        let (target, address) = self.target(&mut client).await?;
        seen.targets.lock().expect("no panic").push(target);
        client.write_all(&[VERSION, self.reply, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
        if self.reply != 0 {
            return client.shutdown().await;
        }
        let mut server = TcpStream::connect(address.expect("a known name")).await?;
        copy_bidirectional(&mut client, &mut server).await.map(drop)
    }

    /// What the client asks for, and its address.
    async fn target(&self, client: &mut Recorded<TcpStream>) -> io::Result<(String, Option<SocketAddr>)> {
        let host: Result<IpAddr, String> = match client.read_u8().await? {
            1 => Ok(Ipv4Addr::from(client.read_u32().await?).into()),
            3 => Err(String::from_utf8(counted(client).await?).expect("a name")),
            4 => Ok(Ipv6Addr::from(client.read_u128().await?).into()),
            other => panic!("the type of address {other}"),
        };
        let port = client.read_u16().await?;
        Ok(match host {
            Ok(IpAddr::V4(address)) => (format!("{address}:{port}"), Some((address, port).into())),
            Ok(IpAddr::V6(address)) => (format!("[{address}]:{port}"), self.names),
            Err(name) => (format!("{name}:{port}"), self.names),
        })
    }
}

/// Bytes behind their number.
async fn counted(client: &mut Recorded<TcpStream>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; client.read_u8().await?.into()];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// What the proxy has seen.
#[derive(Clone, Default)]
struct Seen {
    connections: Arc<Mutex<usize>>,
    targets: Arc<Mutex<Vec<String>>>,
    bytes: Record,
}

/// A proxy on a free port of the loopback address. Dropping it stops it.
pub(super) struct SocksProxy {
    address: SocketAddr,
    seen: Seen,
    accepting: JoinHandle<()>,
}

impl SocksProxy {
    pub(super) fn builder() -> Builder {
        Builder::default()
    }

    /// The URL with this scheme, and a user and password (`user:password@`) if there are any.
    pub(super) fn url(&self, scheme: &str, credentials: &str) -> String {
        format!("{scheme}://{credentials}{}", self.address)
    }

    pub(super) fn connections(&self) -> usize {
        *self.seen.connections.lock().expect("no panic")
    }

    /// What was asked for: `api.example:443`, `127.0.0.1:443`.
    pub(super) fn targets(&self) -> Vec<String> {
        self.seen.targets.lock().expect("no panic").clone()
    }

    /// Everything that the proxy can read.
    pub(super) fn bytes(&self) -> &Record {
        &self.seen.bytes
    }
}

impl Drop for SocksProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
