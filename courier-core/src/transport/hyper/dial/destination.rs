//! Where a connection goes: a host with its port, and the addresses of that host.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use http::Uri;
use http::uri::{Authority, Scheme};
use tokio::net::lookup_host;

/// [RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4).
const MAX_HOST: usize = 255;

/// A host with its port, and how its addresses are found.
#[derive(Clone)]
pub(super) struct Destination {
    /// A name or an address. An IPv6 address is without its brackets.
    host: String,
    port: u16,
    authority: Authority,
    /// The addresses that are set for it.
    fixed: Option<Vec<SocketAddr>>,
}

impl Destination {
    /// For a host as in a URL. `port` is the one that the URL has, and `fixed` are the addresses that are set for hosts: the URL's
    /// port counts, or else the address's, or else the default.
    ///
    /// # Errors
    ///
    /// Returns the rule that the host breaks.
    pub(super) fn new(
        host: &str,
        port: Option<u16>,
        default_port: u16,
        fixed: &[(String, Vec<SocketAddr>)],
    ) -> Result<Self, &'static str> {
        let mut fixed = fixed.iter().find(|(other, _)| other == host).map(|(_, addresses)| addresses.clone());
        for address in fixed.iter_mut().flatten() {
            // Nothing else changes: an IPv6 address may have a scope.
            if address.port() == 0 {
                address.set_port(default_port);
            }
            address.set_port(port.unwrap_or(address.port()));
        }
        if host.len() > MAX_HOST {
            return Err("its host is longer than 255 characters, the most that a name can have");
        }
        let port = port.unwrap_or(default_port);
        let authority = Authority::try_from(format!("{host}:{port}"));
        let authority = authority.map_err(|_| "its host has a character that no request can have")?;
        let without_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        Ok(Self { host: without_brackets.unwrap_or(host).to_owned(), port, authority, fixed })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The host, and the port in any case.
    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The same as an `http` URL without a path: where to connect to, whatever is sent then.
    pub(super) fn uri(&self) -> Uri {
        let uri = Uri::builder().scheme(Scheme::HTTP).authority(self.authority.clone()).path_and_query("/");
        uri.build().expect("all parts of a URL")
    }

    /// The addresses to connect to, in order of preference.
    ///
    /// # Errors
    ///
    /// Returns the error of the DNS lookup.
    pub(super) async fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        match &self.fixed {
            Some(addresses) => Ok(addresses.clone()),
            None => Ok(lookup_host((self.host(), self.port)).await?.collect()),
        }
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_port_is_the_urls_or_the_addresses_or_the_schemes() {
        let fixed = |address: &str| [("api.example".to_owned(), vec![address.parse().expect("an address")])];
        for (port, address, expected) in [
            (Some(1), "10.0.0.1:2", "10.0.0.1:1"),
            (Some(1), "10.0.0.1:0", "10.0.0.1:1"),
            (None, "10.0.0.1:2", "10.0.0.1:2"),
            (None, "10.0.0.1:0", "10.0.0.1:443"),
            (Some(1), "[fe80::1%7]:2", "[fe80::1%7]:1"),
            (None, "[fe80::1%7]:0", "[fe80::1%7]:443"),
        ] {
            let destination = Destination::new("api.example", port, 443, &fixed(address)).expect("a host");
            let addresses = destination.addresses().await.expect("without a lookup");
            assert_eq!(addresses, [expected.parse().expect("an address")], "{port:?} {address}");
        }
    }

    #[tokio::test]
    async fn an_address_is_not_looked_up_and_has_brackets_only_in_a_url() {
        for (host, address, uri) in [
            ("10.0.0.1", "10.0.0.1:80", "http://10.0.0.1:80/"),
            ("[2001:db8::1]", "[2001:db8::1]:80", "http://[2001:db8::1]:80/"),
        ] {
            let destination = Destination::new(host, None, 80, &[]).expect("a host");
            assert_eq!(destination.addresses().await.expect("an address"), [address.parse().expect("an address")]);
            assert_eq!(destination.uri(), uri);
            assert!(!destination.host().contains('['));
        }
    }

    #[test]
    fn the_default_port_is_named_too() {
        let destination = Destination::new("api.example", None, 443, &[]).expect("a host");
        assert_eq!(destination.authority(), "api.example:443");
        assert_eq!(format!("{destination:?}"), "api.example:443");
    }

    #[test]
    fn a_host_that_no_request_can_name_is_refused() {
        Destination::new(&"a".repeat(256), None, 80, &[]).expect_err("too long");
        Destination::new("a b", None, 80, &[]).expect_err("a space");
        assert!(Destination::new(&"a".repeat(255), None, 80, &[]).expect("a host").uri().host().is_some());
    }
}
