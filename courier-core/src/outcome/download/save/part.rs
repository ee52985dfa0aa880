//! A file that isn't complete yet, and takes the place of another one when it is.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

/// A file next to its target, and so on the same file system: it can be renamed. Dropping it removes it.
///
/// With the crate `tempfile`, permissions and links would be our task too, and every build would have rustix in it.
#[derive(Debug)]
pub(super) struct Part {
    /// `None` once it is closed: some systems neither rename nor remove an open file.
    file: Option<File>,
    path: PathBuf,
    target: PathBuf,
}

impl Part {
    /// Makes the file. A target that couldn't be replaced in the end is an error now, before there is anything to write.
    pub(super) fn create(target: &Path) -> io::Result<Self> {
        if !ends_in_a_name(target) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path doesn't end in a file's name"));
        }
        // The program may change its current folder in the meantime.
        let target = followed(std::path::absolute(target)?)?;
        let replaced = replaceable(&target)?;
        let (file, path) = create_next_to(&target, replaced.is_some())?;
        let part = Self { file: Some(file), path, target };
        if let (Some(permissions), Some(file)) = (replaced, &part.file) {
            // Some file systems have the same permissions for all files, and can't set any.
            if file.metadata()?.permissions() != permissions {
                file.set_permissions(permissions)?;
            }
        }
        Ok(part)
    }

    pub(super) fn write(mut self, chunks: &[Bytes]) -> io::Result<Self> {
        if let Some(file) = &mut self.file {
            chunks.iter().try_for_each(|chunk| file.write_all(chunk))?;
        }
        Ok(self)
    }

    pub(super) fn becomes_its_target(mut self) -> io::Result<()> {
        self.file = None;
        fs::rename(&self.path, &self.target)?;
        // Nothing has its old name any more.
        self.path = PathBuf::new();
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.file = None;
        if !self.path.as_os_str().is_empty() {
            // If it can't be removed, nobody is left to report that to.
            let _removed = fs::remove_file(&self.path);
        }
    }
}

/// Whether a path ends in a name. `Path::file_name` alone ignores a `/` or `/.` at the end.
fn ends_in_a_name(path: &Path) -> bool {
    path.file_name().is_some() && path.components().as_path().as_os_str().len() == path.as_os_str().len()
}

/// The path behind symbolic links, as if the file were opened. The last one may lead to a file that doesn't exist yet.
fn followed(path: PathBuf) -> io::Result<PathBuf> {
    match fs::canonicalize(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match (fs::read_link(&path), path.parent()) {
            (Ok(link), Some(folder)) => followed(folder.join(link)),
            _ => Ok(path),
        },
        real => real,
    }
}

/// The permissions of the file that will be replaced; `None` if the file will be a new one.
fn replaceable(target: &Path) -> io::Result<Option<Permissions>> {
    let metadata = match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata?,
    };
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    // A rename would put a file in the place of a device such as `/dev/null`.
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it isn't a regular file; write the chunks to it yourself",
        ));
    }
    // A rename doesn't ask whether the file may be written to.
    match OpenOptions::new().write(true).open(target) {
        // A program that is running is replaced, although it can't be written to: it keeps the old file.
        Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {}
        opened => drop(opened?),
    }
    Ok(Some(inherited(metadata.permissions())))
}

/// The permissions that the new file takes over. Setuid and setgid aren't among them, because its owner may be another one.
#[cfg(unix)]
fn inherited(mut permissions: Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt as _;

    permissions.set_mode(permissions.mode() & !0o7000);
    permissions
}

#[cfg(not(unix))]
fn inherited(permissions: Permissions) -> Permissions {
    permissions
}

/// Makes a new file. If it `is_private`, nobody else can open it.
#[cfg_attr(not(unix), expect(unused_variables, reason = "the folder decides there who may open its files"))]
fn create_next_to(target: &Path, is_private: bool) -> io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if is_private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    loop {
        let path = target.with_file_name(name());
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            // It belongs to a process with the same id, on another machine or killed earlier.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// A short name, because the target's may already have the maximum length.
fn name() -> OsString {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!(".download-{}-{number}.part", std::process::id()).into()
}
