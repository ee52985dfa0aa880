//! Through a SOCKS5 proxy ([RFC 1928](https://www.rfc-editor.org/rfc/rfc1928)), with hyper-util's handshake.

use std::fmt;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::proxy::SocksV5;
use tower_service::Service;

use super::destination::Destination;
use super::failure::DialError;
use crate::transport::connector::Io;

/// How a SOCKS5 proxy is asked for a connection.
pub(super) struct Socks {
    pub(super) credentials: Option<(String, String)>,
    /// Whether the proxy looks up the server's name, and not this machine.
    pub(super) looks_up_names: bool,
}

/// The user and the password aren't shown.
impl fmt::Debug for Socks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socks").field("looks_up_names", &self.looks_up_names).finish_non_exhaustive()
    }
}

impl Socks {
    /// Asks the proxy at the other end for a connection to the server, and returns the stream, which then leads there.
    pub(super) async fn open(&self, proxy: Io, server: &Destination) -> Result<Io, DialError> {
        let server = if self.looks_up_names { server.uri() } else { Self::address(server).await? };
        let mut handshake = SocksV5::new(Uri::from_static("http://proxy"), Opened(Some(proxy)));
        if let Some((user, password)) = self.credentials.clone() {
            handshake = handshake.with_auth(user, password);
        }
        handshake.call(server).await.map_err(DialError::server)
    }

    /// The first address of the server. Another one isn't tried, since the proxy connects to it.
    async fn address(server: &Destination) -> Result<Uri, DialError> {
        let addresses = server.addresses().await.map_err(DialError::server)?;
        let address = addresses.first().ok_or_else(|| DialError::server("the host has no address"))?;
        // A scope is one of this machine's.
        let address = SocketAddr::new(address.ip(), address.port());
        Ok(Uri::try_from(format!("http://{address}")).expect("an address is a host with a port"))
    }
}

/// The connector that hyper-util asks for the stream to the proxy, which is open already.
struct Opened(Option<Io>);

impl Service<Uri> for Opened {
    type Response = Io;
    type Error = io::Error;
    type Future = Ready<io::Result<Io>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}

#[cfg(test)]
mod tests {
    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;
    use crate::secret::Secrets;
    use crate::transport::TransportError;

    /// What a client sends, and what the proxy responds to it.
    type Step<'s> = (&'s [u8], &'s [u8]);

    const GREETING: Step<'_> = (b"\x05\x01\x00", b"\x05\x00");
    const GREETING_OF_USER: Step<'_> = (b"\x05\x01\x02", b"\x05\x02");
    const OPENED: &[u8] = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x1f\x90";

    fn socks(credentials: Option<(&str, &str)>, looks_up_names: bool) -> Socks {
        let credentials = credentials.map(|(user, password)| (user.to_owned(), password.to_owned()));
        Socks { credentials, looks_up_names }
    }

    fn server(host: &str, fixed: &str) -> Destination {
        let fixed = [("api.example".to_owned(), vec![fixed.parse().expect("an address")])];
        Destination::new(host, Some(8080), 80, &fixed).expect("a host")
    }

    /// Goes through the steps of a handshake, and returns the result with the proxy's end of the stream.
    async fn through(socks: &Socks, server: &Destination, steps: &[Step<'_>]) -> (Result<Io, DialError>, DuplexStream) {
        let (client, mut proxy) = duplex(1024);
        tokio::join!(socks.open(Box::new(TokioIo::new(client)), server), async {
            for (expected, response) in steps {
                let mut read = vec![0; expected.len()];
                proxy.read_exact(&mut read).await.expect("the next message");
                assert_eq!(read, *expected);
                proxy.write_all(response).await.expect("a client that reads");
            }
            if steps.last().is_none_or(|(_, response)| *response != OPENED) {
                proxy.shutdown().await.expect("an open stream");
            }
            proxy
        })
    }

    #[tokio::test]
    async fn a_proxy_is_asked_for_the_name_or_for_the_address_of_the_server() {
        let fixed = "10.0.0.7:1";
        for (looks_up_names, host, fixed, request) in [
            (true, "api.example", fixed, &b"\x05\x01\x00\x03\x0bapi.example\x1f\x90"[..]),
            (false, "api.example", fixed, b"\x05\x01\x00\x01\x0a\x00\x00\x07\x1f\x90"),
            (false, "api.example", "[fe80::1%7]:1", b"\x05\x01\x00\x04\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1f\x90"),
            (true, "10.0.0.8", fixed, b"\x05\x01\x00\x01\x0a\x00\x00\x08\x1f\x90"),
            (false, "10.0.0.8", fixed, b"\x05\x01\x00\x01\x0a\x00\x00\x08\x1f\x90"),
            (true, "[::1]", fixed, b"\x05\x01\x00\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1f\x90"),
            (false, "[::1]", fixed, b"\x05\x01\x00\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1f\x90"),
        ] {
            let (socks, server) = (socks(None, looks_up_names), server(host, fixed));
            let (stream, mut proxy) = through(&socks, &server, &[GREETING, (request, OPENED)]).await;
            let mut stream = TokioIo::new(stream.expect(host));
            stream.write_all(b"hello").await.expect("an open stream");
            let mut read = [0; 5];
            proxy.read_exact(&mut read).await.expect("what was written");
            assert_eq!(&read, b"hello");
        }
    }

    #[tokio::test]
    async fn a_proxy_gets_the_user_and_the_password() {
        let (socks, server) = (socks(Some(("ada", "")), true), server("api.example", "10.0.0.7:1"));
        let steps =
            [GREETING_OF_USER, (b"\x01\x03ada\x00", b"\x01\x00"), (b"\x05\x01\x00\x03\x0bapi.example\x1f\x90", OPENED)];
        through(&socks, &server, &steps).await.0.expect("a stream");
        assert!(!format!("{socks:?}").contains("ada"));
    }

    async fn error(socks: &Socks, steps: &[Step<'_>]) -> TransportError {
        let server = server("api.example", "10.0.0.7:1");
        let Err(error) = through(socks, &server, steps).await.0 else { panic!("a stream: {steps:?}") };
        error.into_error(&Secrets::default())
    }

    #[tokio::test]
    async fn refused_credentials_are_not_offered_again() {
        let (without, with) = (socks(None, true), socks(Some(("ada", "wrong")), true));
        for (socks, steps, expected) in [
            (
                &with,
                &[GREETING_OF_USER, (b"\x01\x03ada\x05wrong", b"\x01\x01")][..],
                "doesn't accept the user and password",
            ),
            (&without, &[(GREETING.0, b"\x05\xff")], "demands a user and a password"),
            (&with, &[(GREETING_OF_USER.0, b"\x05\xff")], "demands a user and a password"),
            (&with, &[(GREETING_OF_USER.0, b"\x05\x00")], "demands a user and a password"),
        ] {
            let error = error(socks, steps).await;
            assert!(error.to_string().contains(expected), "{error}");
            assert!(error.are_credentials_refused && !error.is_transient() && !error.may_have_arrived(), "{error}");
        }
    }

    #[tokio::test]
    async fn any_other_end_of_the_handshake_is_a_sentence() {
        let request: &[u8] = b"\x05\x01\x00\x03\x0bapi.example\x1f\x90";
        for (steps, expected) in [
            (
                &[GREETING, (request, b"\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00")][..],
                "the proxy can't reach this host",
            ),
            (&[GREETING], "the proxy closed the connection"),
            (&[(GREETING.0, b"HTTP/1.1 400 Bad Request\r\n\r\n")], "what the proxy sent is not SOCKS5"),
        ] {
            let error = error(&socks(None, true), steps).await;
            assert!(error.to_string().contains(expected) && error.is_transient(), "{error}");
            assert_eq!(format!("{error:#}"), error.to_string(), "the sentence replaces the cause");
        }
    }
}
