//! The servers, each with its configuration and its log in a folder of its own.

mod apache;
mod nginx;
mod process;
mod proxy;

use std::collections::HashMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;

pub(crate) use self::apache::Apache;
pub(crate) use self::nginx::Nginx;
pub(crate) use self::proxy::{PASSWORD, Product, Proxy, USER};
use crate::calls::Protocol;

pub(crate) trait Server: Send {
    fn url(&self, protocol: Protocol) -> String;

    /// How often each id was executed.
    fn executed(&self) -> HashMap<String, usize>;

    /// The connections that were accepted until now.
    fn connections(&mut self) -> usize;
}

/// Ports that are free now.
fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("a bound listener").port())
}

/// Counts the lines `/ID 200 …` of a log.
fn executed(log: &Path) -> HashMap<String, usize> {
    let mut executed = HashMap::new();
    for line in fs::read_to_string(log).unwrap_or_default().lines() {
        if let Some((id, _)) = line.strip_prefix('/').and_then(|line| line.split_once(" 200")) {
            *executed.entry(id.to_owned()).or_default() += 1;
        }
    }
    executed
}
