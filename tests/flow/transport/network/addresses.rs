//! Addresses: of this machine, and of the server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::time::{Duration, Instant};

use courier_core::messages::Messages as _;
use courier_core::transport::{TransportBuilder, TransportErrorKind};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::{Pings as _, refusal};
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server, unused_port_of};
use crate::flow::transport::transport_error;
use crate::under_test::{self, Network};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// A transport to these addresses of a name that DNS doesn't have.
fn resolved(addresses: impl IntoIterator<Item = SocketAddr>) -> TransportBuilder<Network> {
    Network::builder("http://api.invalid").resolve("api.invalid", addresses)
}

#[tokio::test]
async fn a_connection_comes_from_the_local_address() {
    let mut server = Server::start([(); 2].map(|()| Reply::json(200, record("CANCELED")))).await;
    // On Linux, all of 127.0.0.0/8 is this machine; elsewhere, only this one.
    let local: IpAddr = if cfg!(target_os = "linux") { [127, 0, 0, 2].into() } else { V4 };
    let transport = Network::builder(server.url()).local_address(local).build().expect("a transport");
    transport.ping().await.expect("a response");
    assert_eq!(server.request().await.peer.ip(), local);
    let courier = server.builder().local_address(local).build().expect("a client");
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    assert_eq!(server.request().await.peer.ip(), local);
}

#[tokio::test]
async fn an_error_says_that_the_local_address_does_not_belong_to_this_machine() {
    let server = Server::start([]).await;
    let builder = Network::builder(server.url()).local_address([192, 0, 2, 1].into());
    let error = transport_error(builder.build().expect("a transport").ping().await);
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Connect, false));
    let text = format!("{error:#}");
    assert!(text.contains("192.0.2.1") && text.contains("`.local_address(…)`"), "{text}");
}

#[tokio::test]
async fn an_error_says_that_the_local_address_is_of_another_family_than_the_servers() {
    let server = Server::start([]).await;
    let builder = Network::builder(server.url()).local_address(V6);
    let error = transport_error(builder.build().expect("a transport").ping().await);
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Connect, false));
    let text = format!("{error:#}");
    assert!(text.contains("::1") && text.contains("`.local_address(…)`"), "{text}");
}

#[tokio::test]
async fn a_name_is_reached_at_its_fixed_address_and_port() {
    let mut server = Server::start([(); 4].map(|()| Reply::json(200, "ok"))).await;
    let address = server.address();
    let port = address.port();
    // The base URL's port counts, then the address's.
    let transports = [
        resolved([address]),
        Network::builder(format!("http://api.invalid:{port}")).resolve("api.invalid", [(V4, 0).into()]),
        Network::builder(format!("http://api.invalid:{port}")).resolve("API.invalid", [(V4, 1).into()]),
        // The last of several for a host counts, and other hosts make no difference.
        resolved([(V4, 1).into()]).resolve("other.invalid", [(V4, 1).into()]).resolve("api.invalid", [address]),
    ];
    for builder in transports {
        let transport = builder.build().expect("a transport");
        assert_eq!(transport.ping().await.expect("a response").0, "ok");
        let host = server.request().await.header("host")[0].to_owned();
        assert!(host.starts_with("api.invalid"), "{host}");
    }
}

#[tokio::test]
async fn an_internationalized_name_is_reached_at_its_fixed_address() {
    let server = Server::start([Reply::json(200, "ok")]).await;
    let builder = Network::builder("http://bücher.invalid").resolve("Bücher.invalid", [server.address()]);
    assert_eq!(builder.build().expect("a transport").ping().await.expect("a response").0, "ok");
}

/// An address that is valid only with the number of its interface, if this machine has one.
#[cfg(target_os = "linux")]
fn link_local() -> Option<(Ipv6Addr, u32)> {
    let interfaces = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    let line = interfaces.lines().find(|line| line.starts_with("fe80"))?;
    let mut fields = line.split_whitespace();
    let address = u128::from_str_radix(fields.next()?, 16).expect("an address");
    Some((address.into(), u32::from_str_radix(fields.next()?, 16).expect("a number")))
}

/// It is what replaces a zone in a URL.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_fixed_ipv6_address_keeps_its_scope() {
    let server = Server::start_on(Ipv6Addr::UNSPECIFIED.into(), [(); 2].map(|()| Reply::json(200, "ok"))).await;
    let at = |address, scope| {
        let address = SocketAddrV6::new(address, server.address().port(), 0, scope);
        resolved([address.into()]).build().expect("a transport")
    };
    assert_eq!(at(Ipv6Addr::LOCALHOST, 0).ping().await.expect("a response").0, "ok");
    let Some((address, scope)) = link_local() else { return };
    assert_eq!(at(address, scope).ping().await.expect("a response").0, "ok");
    assert!(transport_error(at(address, 0).ping().await).is_connect(), "it needs a scope");
}

#[test]
fn a_host_that_is_not_a_name_is_refused() {
    let address: [SocketAddr; 1] = [(V4, 1).into()];
    for host in [
        "127.0.0.1",
        "::1",
        "[::1]",
        "0x7f.1",
        "",
        "https://api.example",
        "api.example:443",
        "api.example/v1",
        "api.example?x",
        "api.example#x",
        "user@api.example",
        "a b",
        " api.example",
        "api.example\n",
        "api\\example",
    ] {
        let text = refusal(Network::builder("http://api.example").resolve(host, address));
        assert!(text.starts_with(&format!("the host {host:?} of `.resolve(…)` is not usable: ")), "{text}");
        assert!(text.contains("the name of a host, as in the base URL"), "{text}");
    }
    let text = refusal(Network::builder("http://api.example").resolve("api.example", []));
    assert!(text.contains("it has no address; pass at least one"), "{text}");
    let builder = under_test::courier().api_key(KEY).resolve("[::1]", address);
    assert!(builder.build().expect_err("an address").to_string().contains("`.resolve(…)`"));
}

#[tokio::test]
async fn a_key_may_go_unencrypted_to_a_name_only_if_all_its_fixed_addresses_are_this_machine() {
    let with =
        |addresses: &[IpAddr]| resolved(addresses.iter().map(|&address| (address, 1).into())).bearer_token(KEY).build();
    with(&[V4, V6]).expect("loopback only");
    for addresses in
        [&[V4, [10, 0, 0, 1].into()][..], &[[10, 0, 0, 1].into()], &["fe80::1".parse().expect("an address")]]
    {
        assert!(with(addresses).expect_err("not only loopback").to_string().contains("unencrypted"));
    }
}

#[tokio::test]
async fn a_call_succeeds_if_one_of_two_addresses_refuses() {
    for (dead, alive) in [(V6, V4), (V4, V6), (V4, V4), (V6, V6)] {
        let server = Server::start_on(alive, [(); 2].map(|()| Reply::json(200, "ok"))).await;
        let dead = unused_port_of(dead).await;
        for addresses in [[dead, server.address()], [server.address(), dead]] {
            let transport = resolved(addresses).build().expect("a transport");
            assert_eq!(transport.ping().await.expect("a response").0, "ok", "{addresses:?}");
        }
    }
}

/// An address that drops every packet, as a firewall does. The connections fill its queue.
async fn silent(address: IpAddr) -> (SocketAddr, TcpListener, Vec<TcpStream>) {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.expect("a socket");
    socket.bind((address, 0).into()).expect("a free port");
    let listener = socket.listen(1).expect("a listener");
    let address = listener.local_addr().expect("a bound listener");
    let mut filling = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        filling.push(stream.expect("a connection"));
    }
    (address, listener, filling)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_call_succeeds_within_a_second_if_the_address_of_the_other_family_is_silent() {
    for (dead, alive) in [(V6, V4), (V4, V6)] {
        let server = Server::start_on(alive, [Reply::json(200, "ok")]).await;
        let (dead, _listener, _filling) = silent(dead).await;
        let transport = resolved([dead, server.address()]).build().expect("a transport");
        let start = Instant::now();
        assert_eq!(transport.ping().await.expect("a response").0, "ok");
        assert!(start.elapsed() < Duration::from_secs(1), "{dead}: {:?}", start.elapsed());
    }
}

/// The timeout for connecting is divided among the addresses of a family.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_call_succeeds_within_the_connect_timeout_if_an_address_of_the_same_family_is_silent() {
    let server = Server::start([Reply::json(200, "ok")]).await;
    let (dead, _listener, _filling) = silent(V4).await;
    let limit = Duration::from_secs(1);
    let transport = resolved([dead, server.address()]).connect_timeout(limit).build().expect("a transport");
    assert_eq!(transport.ping().await.expect("a response").0, "ok");
    let transport = resolved([dead]).connect_timeout(limit).build().expect("a transport");
    let error = transport_error(transport.ping().await);
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { .. }) && !error.may_have_arrived(), "{error}");
}
