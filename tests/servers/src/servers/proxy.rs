//! Proxies, with and without a password: tinyproxy and squid.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::free_ports;
use super::process::Process;
use crate::Setup;
use crate::calls::Over;

/// What a proxy with a password asks for.
pub(crate) const USER: &str = "ada";
pub(crate) const PASSWORD: &str = "l0velace";

#[derive(Clone, Copy, Debug)]
pub(crate) enum Product {
    Tinyproxy,
    Squid,
}

pub(crate) struct Proxy {
    port: u16,
    log: PathBuf,
    _process: Process,
}

impl Proxy {
    pub(crate) fn start(setup: &Setup, over: Over, product: Product, needs_password: bool) -> Self {
        let folder = setup.new_folder(over, &format!("{product:?}-{needs_password}"));
        // Started as root, squid gives up its rights before it opens its logs.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("its owner");
        let [port] = free_ports();
        let log = folder.join("proxy.log");
        let (mut command, configuration) = match product {
            Product::Tinyproxy => {
                let mut command = Command::new("tinyproxy");
                command.arg("-d").arg("-c");
                (command, tinyproxy(&log, port, needs_password))
            }
            Product::Squid => {
                let mut command = Command::new("squid");
                // The name is that of its shared memory.
                command.arg("-N").arg("-n").arg(format!("courier{port}")).arg("-f");
                (command, squid(setup, &folder, &log, port, needs_password))
            }
        };
        let file = folder.join("proxy.conf");
        fs::write(&file, configuration).expect("a file");
        let process = Process::start(&folder, port, command.arg(file));
        Self { port, log, _process: process }
    }

    /// Its URL, with user and password if there are any.
    pub(crate) fn url(&self, credentials: Option<(&str, &str)>) -> String {
        let credentials = credentials.map(|(user, password)| format!("{user}:{password}@")).unwrap_or_default();
        format!("http://{credentials}127.0.0.1:{}", self.port)
    }

    /// Whether it wrote this into its log.
    pub(crate) fn logged(&self, text: &str) -> bool {
        fs::read_to_string(&self.log).unwrap_or_default().contains(text)
    }
}

fn tinyproxy(log: &Path, port: u16, needs_password: bool) -> String {
    let password = if needs_password { format!("BasicAuth {USER} {PASSWORD}") } else { String::new() };
    let log = log.display();
    format!(
        r#"
Listen 127.0.0.1
Port {port}
{password}
LogFile "{log}"
LogLevel Connect
# Over HTTP/1.1, the client opens more connections than it has calls.
MaxClients 1000
"#
    )
}

fn squid(setup: &Setup, folder: &Path, log: &Path, port: u16, needs_password: bool) -> String {
    let access = if needs_password {
        let passwords = setup.folder.join("passwords");
        let helper = format!("/usr/lib/squid/basic_ncsa_auth {}", passwords.display());
        format!("auth_param basic program {helper}\nacl known proxy_auth REQUIRED\nhttp_access allow known")
    } else {
        "http_access allow all".to_owned()
    };
    let (here, log) = (folder.display(), log.display());
    format!(
        "
http_port 127.0.0.1:{port}
{access}
http_access deny all
cache deny all
access_log stdio:{log}
cache_log {here}/cache.log
logfile_rotate 0
netdb_filename none
pid_filename {here}/pid
coredump_dir {here}
pinger_enable off
shutdown_lifetime 0 seconds
"
    )
}
