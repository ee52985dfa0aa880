//! Apache over TLS, which says how long it keeps idle connections (`Keep-Alive: timeout=…`) to clients that ask it to keep them
//! (`Connection: keep-alive`).

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::process::Process;
use super::{Server, executed, free_ports};
use crate::Setup;
use crate::calls::{Over, Protocol};

pub(crate) struct Apache {
    folder: PathBuf,
    port: u16,
    _process: Process,
}

impl Apache {
    /// Starts it with these settings.
    pub(crate) fn start(setup: &Setup, over: Over, name: &str, settings: &str) -> Self {
        let folder = setup.new_folder(over, name);
        fs::write(folder.join("response.json"), "{}").expect("a file");
        let [port] = free_ports();
        let (here, certificates) = (folder.display(), setup.folder.display());
        let configuration = format!(
            r#"
            ServerRoot /usr/lib/apache2
            LoadModule mpm_event_module modules/mod_mpm_event.so
            LoadModule authz_core_module modules/mod_authz_core.so
            LoadModule alias_module modules/mod_alias.so
            LoadModule ssl_module modules/mod_ssl.so
            # Enough for all connections: when all threads are busy, Apache closes idle connections early.
            ThreadsPerChild 64
            StartServers 4
            MinSpareThreads 128
            MaxSpareThreads 400
            MaxRequestWorkers 400
            {settings}
            User www-data
            Group www-data
            ServerName localhost
            DefaultRuntimeDir {here}
            PidFile {here}/pid
            Mutex file:{here}
            ErrorLog {here}/error.log
            LogFormat "%U %>s %k" executed
            CustomLog {here}/access.log executed
            Listen 127.0.0.1:{port}
            SSLEngine on
            SSLCertificateFile {certificates}/certificate.pem
            SSLCertificateKeyFile {certificates}/key.pem
            AliasMatch ^ {here}/response.json
            "#
        );
        let file = folder.join("apache.conf");
        fs::write(&file, configuration).expect("a file");
        let mut command = Command::new("/usr/sbin/apache2");
        let process = Process::start(&folder, port, command.arg("-f").arg(file).arg("-DFOREGROUND"));
        Self { folder, port, _process: process }
    }
}

impl Server for Apache {
    fn url(&self, _protocol: Protocol) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    fn executed(&self) -> HashMap<String, usize> {
        executed(&self.folder.join("access.log"))
    }

    /// The first requests of connections: Apache doesn't count those without any.
    fn connections(&mut self) -> usize {
        let log = fs::read_to_string(self.folder.join("access.log")).unwrap_or_default();
        log.lines().filter(|line| line.ends_with(" 0")).count()
    }
}
