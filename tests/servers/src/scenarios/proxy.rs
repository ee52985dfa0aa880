//! Through tinyproxy and squid: `CONNECT` for `https`, forwarding for `http`, with and without a password.

use super::{AT_A_TIME, logs_are_written};
use crate::Setup;
use crate::calls::{Client, Kind, Load, Over, Protocol, Settings};
use crate::report::{Goal, Report, Row};
use crate::servers::{Nginx, PASSWORD, Product, Proxy, Server as _, USER};

/// Fewer than end a connection, which is another scenario.
const CALLS: usize = 500;

/// What the client has for the proxy, and whether that is enough.
struct Credentials {
    name: &'static str,
    user_info: Option<(&'static str, &'static str)>,
    is_allowed: bool,
}

static OPEN: [Credentials; 1] = [Credentials { name: "open", user_info: None, is_allowed: true }];
static WITH_PASSWORD: [Credentials; 3] = [
    Credentials { name: "password", user_info: Some((USER, PASSWORD)), is_allowed: true },
    Credentials { name: "wrong password", user_info: Some((USER, "wr0ng")), is_allowed: false },
    Credentials { name: "no password", user_info: None, is_allowed: false },
];

pub(crate) async fn run(setup: &Setup, over: Over, report: &mut Report) {
    let mut nginx = Nginx::start(setup, over, "proxied", "");
    for product in [Product::Tinyproxy, Product::Squid] {
        for needs_password in [false, true] {
            let proxy = Proxy::start(setup, over, product, needs_password);
            let credentials = if needs_password { &WITH_PASSWORD[..] } else { &OPEN };
            for credentials in credentials {
                let route = Route { over, product, proxy: proxy.url(credentials.user_info), credentials };
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
    over: Over,
    product: Product,
    proxy: String,
    credentials: &'static Credentials,
}

impl Route {
    /// Calls to each port of the server.
    async fn rows(&self, setup: &Setup, nginx: &mut Nginx) -> Vec<Row> {
        let Self { over, product, proxy, credentials } = self;
        let mut rows = Vec::new();
        for (way, protocol, url) in [
            (Way::Connect, Protocol::Http2, nginx.url(Protocol::Http2)),
            (Way::Connect, Protocol::Http1, nginx.url(Protocol::Http1)),
            (Way::Forwarding, Protocol::Http1, nginx.plain_url()),
        ] {
            let before = nginx.connections();
            let settings = Settings {
                // A retry would change nothing if the proxy refuses the client.
                max_attempts: 1,
                proxy: Some(proxy),
                // tinyproxy closes a connection after each response, but doesn't announce it (`connection: close`).
                keeps_connections: way == Way::Connect || matches!(product, Product::Squid),
            };
            let client = Client::with(setup, *over, &url, settings);
            let name = format!("{product:?}, {}: {way:?}", credentials.name);
            let load = Load::new(client, Kind::Post, format!("{name}-{protocol:?}").replace([' ', ',', ':'], ""));
            let number = if credentials.is_allowed { CALLS } else { 1 };
            let calls = load.at_a_time(AT_A_TIME.min(number), move |before| before < number).await;
            logs_are_written().await;
            let row = Row::new(name, *over, protocol, Kind::Post, &calls, &nginx.executed(), self.goal(way));
            rows.push(row.connections(nginx.connections() - before));
        }
        rows
    }

    fn goal(&self, way: Way) -> Goal {
        match (way, self.product) {
            _ if self.credentials.is_allowed => Goal::Failed(0),
            (Way::Connect, _) => Goal::RefusedByProxy("user and password"),
            // A response like any other, of which the proxy chooses the status: tinyproxy this one for a wrong password.
            (Way::Forwarding, Product::Tinyproxy) if self.credentials.user_info.is_some() => {
                Goal::RefusedByProxy("401 Unauthorized")
            }
            (Way::Forwarding, _) => Goal::RefusedByProxy("407 Proxy Authentication Required"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// For `https`: the proxy passes on what it can't read.
    Connect,
    /// For `http`: the proxy reads the request and sends its own.
    Forwarding,
}
