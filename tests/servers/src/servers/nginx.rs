//! nginx, with a port each for HTTP/2 and HTTP/1.1 over TLS, and for plain HTTP.

use std::collections::HashMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use super::process::{Process, signal};
use super::{Server, executed, free_ports};
use crate::Setup;
use crate::calls::{Over, Protocol};

pub(crate) struct Nginx {
    folder: PathBuf,
    http1: u16,
    http2: u16,
    plain: u16,
    process: Option<Process>,
    /// The connections of the processes before this one.
    earlier_connections: usize,
    /// The connections that weren't from the client.
    own_connections: usize,
}

impl Nginx {
    /// Starts it with these settings, and otherwise its defaults.
    pub(crate) fn start(setup: &Setup, over: Over, name: &str, settings: &str) -> Self {
        let folder = setup.new_folder(over, name);
        let [http1, http2, plain] = free_ports();
        let (here, certificates) = (folder.display(), setup.folder.display());
        let configuration = format!(
            r#"
            user www-data;
            daemon off;
            pid {here}/pid;
            worker_processes auto;
            events {{ worker_connections 4096; }}
            http {{
                {settings}
                log_format executed "$request_uri $status";
                access_log {here}/access.log executed;
                client_body_temp_path {here}/client_body;
                proxy_temp_path {here}/proxy;
                fastcgi_temp_path {here}/fastcgi;
                uwsgi_temp_path {here}/uwsgi;
                scgi_temp_path {here}/scgi;
                ssl_certificate {certificates}/certificate.pem;
                ssl_certificate_key {certificates}/key.pem;
                default_type application/json;
                server {{
                    listen 127.0.0.1:{http1} ssl;
                    listen 127.0.0.1:{http2} ssl http2;
                    listen 127.0.0.1:{plain};
                    location / {{ return 200 "{{}}"; }}
                    location = /status {{ stub_status; access_log off; }}
                }}
            }}
            "#
        );
        fs::write(folder.join("nginx.conf"), configuration).expect("a file");
        let mut nginx = Self { folder, http1, http2, plain, process: None, earlier_connections: 0, own_connections: 0 };
        nginx.restart();
        nginx
    }

    /// Starts it after [`stop`](Self::stop).
    pub(crate) fn restart(&mut self) {
        let [configuration, log] = ["nginx.conf", "error.log"].map(|file| self.folder.join(file));
        let mut command = Command::new("nginx");
        command.arg("-c").arg(configuration).arg("-e").arg(log).arg("-p").arg(&self.folder);
        self.process = Some(Process::start(&self.folder, self.plain, &mut command));
        self.own_connections = 1;
    }

    /// Stops it at once, which breaks off the requests that it is processing.
    pub(crate) fn stop(&mut self) {
        self.earlier_connections = self.connections();
        self.process = None;
    }

    /// Starts new workers. The old ones finish their requests, and close idle connections.
    pub(crate) fn reload(&self) {
        signal("HUP", self.master());
    }

    /// Kills a worker, which the master replaces.
    pub(crate) fn kill_worker(&self) {
        let master = self.master();
        let children = fs::read_to_string(format!("/proc/{master}/task/{master}/children")).expect("Linux");
        let mut workers = children.split_whitespace().filter_map(|process| process.parse().ok());
        signal("KILL", workers.next_back().expect("a worker"));
    }

    fn master(&self) -> u32 {
        self.process.as_ref().expect("it runs").id()
    }

    pub(crate) fn ports(&self) -> [u16; 3] {
        [self.http1, self.http2, self.plain]
    }

    pub(crate) fn plain_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.plain)
    }
}

impl Server for Nginx {
    fn url(&self, protocol: Protocol) -> String {
        let port = match protocol {
            Protocol::Http1 => self.http1,
            Protocol::Http2 => self.http2,
        };
        format!("https://127.0.0.1:{port}")
    }

    fn executed(&self) -> HashMap<String, usize> {
        executed(&self.folder.join("access.log"))
    }

    /// As nginx counts them, even if no request followed.
    fn connections(&mut self) -> usize {
        let mut stream = TcpStream::connect(("127.0.0.1", self.plain)).expect("it runs");
        self.own_connections += 1;
        stream.write_all(b"GET /status HTTP/1.0\r\n\r\n").expect("a request");
        let mut status = String::new();
        stream.read_to_string(&mut status).expect("a response");
        let (_, counts) = status.split_once("accepts handled requests").expect("the status page");
        let accepted: usize = counts.split_whitespace().next().and_then(|count| count.parse().ok()).expect("a number");
        self.earlier_connections + accepted - self.own_connections
    }
}
