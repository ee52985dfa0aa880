//! `*.localhost` is this machine (RFC 6761, section 6.3), and an IPv6 zone can't be in a URL.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use courier_core::messages::Messages as _;

use super::{Pings as _, refusal};
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server};
use crate::under_test::{self, Network};

#[tokio::test]
async fn a_name_below_localhost_is_this_machine_without_dns() {
    for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
        // No resolver has the first.
        for host in ["no-such-name.api.localhost", "API.LOCALHOST", "api.localhost.", "localhost", "localhost."] {
            let mut server = Server::start_on(address, [Reply::json(200, record("CANCELED"))]).await;
            let base_url = format!("http://{host}:{}", server.address().port());
            let courier = under_test::courier().api_key(KEY).base_url(&base_url).build().expect("a key is allowed");
            let _cancelled = courier.cancel(ID).await.expect(&base_url);
            let request = server.request().await;
            assert!(request.peer.ip().is_loopback(), "{base_url}");
            assert_eq!(request.header("authorization"), [format!("Bearer {KEY}")]);
        }
    }
}

#[tokio::test]
async fn fixed_addresses_of_a_name_below_localhost_replace_this_machine() {
    let builder = |host: &str| Network::builder("http://api.localhost").resolve(host, [([10, 0, 0, 1], 80).into()]);
    builder("api.localhost").build().expect("without a key");
    assert!(refusal(builder("api.localhost").bearer_token(KEY)).contains("unencrypted"));
    builder("other.localhost").bearer_token(KEY).build().expect("of another host");

    let server = Server::start([Reply::json(200, "ok")]).await;
    let builder = Network::builder("http://api.localhost").resolve("api.localhost", [server.address()]);
    assert_eq!(builder.build().expect("a transport").ping().await.expect("a response").0, "ok");
}

#[test]
fn a_zone_in_the_base_url_is_refused_with_the_way_to_pass_it() {
    for base_url in ["http://[fe80::1%eth0]", "https://[fe80::1%25eth0]:8443/v1"] {
        let text = refusal(Network::builder(base_url));
        assert!(
            text.contains("zone") && text.contains("`.resolve(…)`") && text.contains("SocketAddrV6::new("),
            "{text}"
        );
        let error = under_test::courier().api_key(KEY).base_url(base_url).build().expect_err("a zone");
        assert!(error.to_string().contains("`.resolve(…)`"), "{error}");
    }
}
