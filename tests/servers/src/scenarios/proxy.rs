//! Through tinyproxy and squid: `CONNECT` for `https`, forwarding for `http`, with and without a password.

use super::{AT_A_TIME, logs_are_written};
use crate::Setup;
use crate::calls::{Client, Kind, Load, Protocol};
use crate::report::{Goal, Report, Row};
use crate::servers::{Nginx, PASSWORD, Product, Proxy, Server as _, USER};

/// What the client has for the proxy, and whether that is enough.
struct Credentials {
    name: &'static str,
    user_info: Option<(&'static str, &'static str)>,
    is_allowed: bool,
}

const OPEN: [Credentials; 1] = [Credentials { name: "open", user_info: None, is_allowed: true }];
const WITH_PASSWORD: [Credentials; 3] = [
    Credentials { name: "password", user_info: Some((USER, PASSWORD)), is_allowed: true },
    Credentials { name: "wrong password", user_info: Some((USER, "wr0ng")), is_allowed: false },
    Credentials { name: "no password", user_info: None, is_allowed: false },
];

pub(crate) async fn run(setup: &Setup, report: &mut Report) {
    let mut nginx = Nginx::start(setup, "proxied", "");
    for product in [Product::Tinyproxy, Product::Squid] {
        for needs_password in [false, true] {
            let proxy = Proxy::start(setup, product, needs_password);
            let credentials = if needs_password { &WITH_PASSWORD[..] } else { &OPEN };
            for &Credentials { name, user_info, is_allowed } in credentials {
                let name = format!("{product:?}, {name}");
                let route = Route { proxy: proxy.url(user_info), is_allowed, name };
                for row in route.rows(setup, &mut nginx).await {
                    report.add(&row);
                }
            }
            for port in nginx.ports() {
                assert!(proxy.logged(&port.to_string()), "{product:?} has seen no call to port {port}");
            }
        }
    }
}

/// A proxy, and the credentials in its URL.
struct Route {
    proxy: String,
    is_allowed: bool,
    name: String,
}

impl Route {
    /// Calls to each port of the server.
    async fn rows(&self, setup: &Setup, nginx: &mut Nginx) -> Vec<Row> {
        let Self { proxy, is_allowed, name } = self;
        let mut rows = Vec::new();
        for (way, protocol, url) in [
            ("CONNECT", Protocol::Http2, nginx.url(Protocol::Http2)),
            ("CONNECT", Protocol::Http1, nginx.url(Protocol::Http1)),
            ("forwarding", Protocol::Http1, nginx.plain_url()),
        ] {
            let before = nginx.connections();
            let client = Client::with(setup, &url, 3, |builder| builder.proxy(proxy));
            let load = Load::new(client, Kind::Post, format!("{name}-{way}-{protocol:?}").replace([' ', ','], ""));
            let number = if *is_allowed { setup.calls / 10 } else { 1 };
            let calls = load.at_a_time(AT_A_TIME.min(number), move |before| before < number).await;
            logs_are_written().await;
            let goal = if *is_allowed { Goal::Failed(0) } else { Goal::RefusedByProxy("407") };
            let row = Row::new(format!("{name}: {way}"), protocol, Kind::Post, &calls, &nginx.executed(), goal);
            rows.push(row.connections(nginx.connections() - before));
        }
        rows
    }
}
