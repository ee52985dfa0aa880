//! A workspace for the crates that are compiled, and cargo in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use courier_benches::measure::process::cpu_seconds_of;

/// Crates in a folder of their own, with the versions of this workspace's lock file.
pub(crate) struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// Starts over in the folder `name`, but keeps what was compiled there.
    pub(crate) fn create(name: &str) -> Result<Self> {
        let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = benches.join("target/compile").join(name);
        if folder.join("crates").exists() {
            fs::remove_dir_all(folder.join("crates"))?;
        }
        fs::create_dir_all(folder.join("crates"))?;
        fs::copy(benches.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let manifest = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n\n[profile.release]\nstrip = true\n";
        fs::write(folder.join("Cargo.toml"), manifest)?;
        Ok(Self { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a crate.
    pub(crate) fn write(&self, name: &str, dependencies: &str, files: &[(&str, String)]) -> Result<()> {
        let folder = self.folder.join("crates").join(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[features]\nuses = []\n\n\
             [dependencies]\n{dependencies}"
        );
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest)?;
        for (path, content) in files {
            fs::write(folder.join(path), content)?;
        }
        Ok(())
    }

    /// Has the crate compiled again by the next command, without its dependencies.
    pub(crate) fn touch(&self, name: &str) -> Result<()> {
        let library = self.folder.join("crates").join(name).join("src/lib.rs");
        fs::File::options().write(true).open(&library)?.set_modified(std::time::SystemTime::now())?;
        Ok(())
    }

    /// Runs cargo, and returns the CPU seconds of all its processes and what it prints.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Result<(f64, String)> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        // An incremental build would be faster the second time. What is set for this program isn't meant for those.
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", self.folder.join("target"));
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER"] {
            command.env_remove(variable);
        }
        let (cpu_seconds, output) = cpu_seconds_of(&mut command).context("can't run cargo")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "cargo {} failed:\n{errors}", arguments.join(" "));
        Ok((cpu_seconds, String::from_utf8(output.stdout)?))
    }
}
