//! The network: which sockets are opened, from where, to where, and how long they are kept.

use courier_core::transport::{OverNetwork, TransportBuilder};
use courier_core::{Result, Text, Transport, endpoint};

mod addresses;
mod connector;
mod idle;
mod localhost;
mod own_client;
mod roots;
#[cfg(unix)]
mod unix_socket;
mod versions;

trait Pings: Transport {
    #[endpoint(GET, "/ping", ok = 200)]
    async fn ping(&self) -> Result<Text>;
}

impl<T: Transport> Pings for T {}

/// Why the builder refuses its settings.
fn refusal<T: OverNetwork>(builder: TransportBuilder<T>) -> String {
    builder.build().map(drop).expect_err("refused").to_string()
}
