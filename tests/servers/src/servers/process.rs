//! A server's process, which is stopped when it is dropped.

use std::fs;
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub(crate) struct Process {
    child: Child,
    /// Named after the process. `run` stops the processes whose file is left.
    file: PathBuf,
}

impl Process {
    /// Starts a server, and waits until it accepts connections on this port.
    pub(crate) fn start(folder: &Path, port: u16, command: &mut Command) -> Self {
        let output = fs::File::options().create(true).append(true).open(folder.join("output")).expect("a file");
        // A group of its own: Apache signals its whole group.
        let command = command.process_group(0).stdin(Stdio::null()).stdout(output.try_clone().expect("a file"));
        let child = command.stderr(output).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let file = folder.join(format!("{}.process", child.id()));
        fs::write(&file, "").expect("a file");
        let mut process = Self { child, file };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = process.child.try_wait().expect("a child").is_some();
            if ended || started.elapsed() > Duration::from_secs(20) {
                let output = fs::read_to_string(folder.join("output")).unwrap_or_default();
                panic!("{command:?} does not accept connections:\n{output}");
            }
            sleep(Duration::from_millis(5));
        }
        process
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            signal("TERM", self.id());
        }
        let _ = self.child.wait();
        let _ = fs::remove_file(&self.file);
    }
}

pub(crate) fn signal(name: &str, process: u32) {
    let status = Command::new("kill").args([format!("-{name}"), process.to_string()]).status();
    assert!(status.expect("`kill`").success(), "no process {process}");
}
