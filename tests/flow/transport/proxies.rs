//! Proxies: what goes through one, what it sees, and what an error says about it.

use courier_core::messages::{Cancellation, Messages as _};
use courier_core::transport::{TransportBuilder, TransportError, TransportErrorKind};
use courier_core::{Result, Transport};

use self::http_proxy::HttpProxy;
use self::socks_proxy::SocksProxy;
use super::tls::cancelled;
use super::tls::server::{Authority, HOST, Seen, TlsServer};
use super::transport_error;
use crate::flow::record::ID;
use crate::flow::server::KEY;
use crate::under_test::Network;

mod environment;
mod http_proxy;
mod over_tls;
mod plain;
mod recorded;
mod refusals;
mod secrets;
mod settings;
mod socks;
mod socks_proxy;
mod tunnels;

/// The name of the API, which only proxies can look up.
const NAME: &str = "api.example";

/// An API over TLS. Its certificate also has [`NAME`] and `::1`, which only proxies reach.
struct Api {
    authority: Authority,
    server: TlsServer,
}

impl Api {
    async fn start() -> Self {
        let authority = Authority::new("Flow");
        let server = TlsServer::start(authority.server(&[HOST, "::1", NAME], |_| {}), cancelled()).await;
        Self { authority, server }
    }

    /// Its authority in URLs, by name.
    fn name(&self) -> String {
        format!("{NAME}:{}", self.server.address().port())
    }

    /// A client by address, with the key and without retries.
    fn client(&self) -> TransportBuilder<Network> {
        self.client_of(&self.server.url())
    }

    /// The same by name.
    fn client_by_name(&self) -> TransportBuilder<Network> {
        self.client_of(&format!("https://{}", self.name()))
    }

    fn client_of(&self, url: &str) -> TransportBuilder<Network> {
        Network::builder(url).bearer_token(KEY).root_certificate_pem(self.authority.pem())
    }

    /// The head of the next request.
    async fn request(&mut self) -> String {
        let Seen::Request(head) = self.server.seen().await else { panic!("a failed handshake") };
        head
    }
}

async fn cancel(transport: &impl Transport) -> Result<Cancellation> {
    transport.cancel(ID).await
}

/// The error of a call that opened no connection. It names the proxy, and says that nothing was sent.
async fn no_connection(transport: &impl Transport, proxy: &str) -> TransportError {
    let error = transport_error(cancel(transport).await);
    let text = error.to_string();
    assert!(error.is_connect() && !error.may_have_arrived() && error.status().is_none(), "{text}");
    assert!(text.contains(&format!(" through the proxy {proxy}")) && text.contains("; nothing was sent"), "{text}");
    error
}

/// What it says between the proxy and "nothing was sent", with its causes.
fn reason(error: &TransportError, proxy: &str) -> String {
    let text = format!("{error:#}");
    let (_, reason) = text.split_once(&format!(" through the proxy {proxy}")).expect(&text);
    // A TLS error begins with "TLS with … failed".
    let is_tls = error.kind() == TransportErrorKind::Tls;
    assert!(is_tls || error.kind() == TransportErrorKind::Connect, "{text}");
    let reason = if is_tls { reason.strip_prefix(" failed").expect(&text) } else { reason };
    reason.replacen("; nothing was sent", "", 1).trim_start_matches(": ").to_owned()
}
