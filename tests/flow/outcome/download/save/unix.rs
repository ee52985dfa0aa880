//! What files are on Unix: permissions, symbolic links, devices, a limit of their size.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use super::*;

fn mode(path: impl AsRef<Path>) -> u32 {
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o7777
}

fn set_mode(path: impl AsRef<Path>, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a file of our own");
}

#[tokio::test]
async fn a_new_file_has_the_permissions_of_any_new_file() {
    let folder = Folder::new("mode-new");
    save(folder.file()).await.expect("a file");
    let usual = folder.0.join("usual");
    std::fs::write(&usual, "").expect("a file");
    assert_eq!(mode(folder.file()), mode(usual));
}

#[tokio::test]
async fn a_replaced_file_keeps_its_permissions_also_while_it_is_written() {
    for permissions in [0o600, 0o640, 0o666, 0o755, 0o777] {
        let folder = Folder::new(&format!("mode-{permissions:o}"));
        std::fs::write(folder.file(), "before").expect("a file");
        set_mode(folder.file(), permissions);
        let download = MemoryTransport::new().answer(200, stalled()).only().await.expect("a download");
        let mut saving = Box::pin(download.save_to(folder.file()));
        while folder.names().len() < 2 || folder.names().iter().any(|name| mode(folder.0.join(name)) != permissions) {
            assert!(saving.as_mut().now_or_never().is_none());
            // Until then, nobody else can open it.
            let names = folder.names();
            let part = names.iter().find(|name| *name != "export.csv");
            assert!(part.is_none_or(|part| [0o600, permissions].contains(&mode(folder.0.join(part)))));
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        drop(saving);
        save(folder.file()).await.expect("a file");
        assert_eq!((read(&folder.file()).as_str(), mode(folder.file())), ("abcde", permissions));
    }
}

/// The superuser may write to any file.
#[tokio::test]
async fn a_file_or_folder_that_may_not_be_written_to_stays_as_it_is() {
    let folder = Folder::new("read-only");
    std::fs::write(folder.file(), "before").expect("a file");
    set_mode(folder.file(), 0o444);
    if std::fs::OpenOptions::new().write(true).open(folder.file()).is_err() {
        assert_eq!(file_error(folder.file()).await.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(read(&folder.file()), "before");
        set_mode(&folder.0, 0o555);
        assert_eq!(file_error(folder.0.join("new")).await.kind(), io::ErrorKind::PermissionDenied);
        set_mode(&folder.0, 0o755);
    }
    assert_eq!(folder.names(), ["export.csv"]);
}

#[tokio::test]
async fn a_symbolic_link_stays_and_its_file_is_replaced_or_made() {
    let (folder, other) = (Folder::new("link"), Folder::new("link-target"));
    std::fs::write(other.file(), "before").expect("a file");
    symlink(other.file(), folder.file()).expect("a link");
    let (relative, dangling) = (folder.0.join("relative"), folder.0.join("dangling"));
    symlink("export.csv", &relative).expect("a link to a link");
    symlink("made", &dangling).expect("a link to nothing");
    for link in [&folder.file(), &relative, &dangling] {
        std::fs::write(other.file(), "before").expect("a file");
        save(link).await.expect("a file");
        assert!(std::fs::symlink_metadata(link).expect("a link").is_symlink(), "{link:?}");
        assert_eq!(read(link), "abcde");
    }
    assert_eq!(read(&folder.0.join("made")), "abcde");
    assert_eq!((folder.names().len(), other.names().len()), (4, 1));

    // One that never ends, and one to a folder that doesn't exist.
    symlink("loop", folder.0.join("loop")).expect("a link to itself");
    symlink("missing/file", folder.0.join("lost")).expect("a link to nothing");
    file_error(folder.0.join("loop")).await;
    assert_eq!(file_error(folder.0.join("lost")).await.kind(), io::ErrorKind::NotFound);
    // A link to a folder is a folder.
    symlink(&other.0, folder.0.join("folder")).expect("a link");
    assert_eq!(file_error(folder.0.join("folder")).await.kind(), io::ErrorKind::IsADirectory);
    save(folder.0.join("folder").join("within")).await.expect("a file");
    assert_eq!(other.names().len(), 2);
}

#[tokio::test]
async fn a_device_a_pipe_and_a_socket_are_not_replaced() {
    let folder = Folder::new("special");
    let (pipe, socket) = (folder.0.join("pipe"), folder.0.join("socket"));
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let _socket = UnixListener::bind(&socket).expect("a socket");
    let device = folder.0.join("device");
    symlink("/dev/null", &device).expect("a link");
    for path in [&pipe, &socket, &device] {
        let error = tokio::time::timeout(Duration::from_secs(10), file_error(path)).await.expect("it doesn't wait");
        assert!(error.to_string().contains("isn't a regular file"), "{error}");
    }
    assert_eq!(folder.names().len(), 3);
    assert!(!std::fs::metadata("/dev/null").expect("a device").is_file());
}

/// In a process of its own, whose files have at most 1 KiB.
#[test]
fn a_full_disk_is_an_error_and_leaves_the_existing_file_and_no_other() {
    const NAME: &str =
        "flow::outcome::download::save::unix::a_full_disk_is_an_error_and_leaves_the_existing_file_and_no_other";
    if std::env::var_os("COURIER_FULL_DISK").is_none() {
        // Otherwise, the system ends the process at the limit.
        let limited = "trap '' XFSZ; ulimit -f 1; exec \"$0\" --exact \"$1\" --nocapture";
        let mut command = Command::new("sh");
        command.arg("-c").arg(limited).arg(std::env::current_exe().expect("this test")).arg(NAME);
        let output = command.env("COURIER_FULL_DISK", "1").output().expect("sh");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}{output:?}");
        return;
    }
    let folder = Folder::new("full");
    std::fs::write(folder.file(), "before").expect("a small file");
    Builder::new_current_thread().build().expect("a runtime").block_on(async {
        for size in [2_000, 2_000_000] {
            let transport = MemoryTransport::new().answer(200, vec![0; size]);
            let error = transport.only().await.expect("a download").save_to(folder.file()).await;
            let SaveError::File { reason, .. } = error.expect_err("it is full") else { panic!("of the file") };
            assert_eq!(reason.kind(), io::ErrorKind::FileTooLarge);
            assert_eq!((read(&folder.file()).as_str(), folder.names().len()), ("before", 1));
        }
    });
}

/// Its owner changes: what ran as one user would run as another, with a content that came over the network.
#[tokio::test]
async fn a_replaced_file_never_runs_as_its_owner_or_group() {
    let folder = Folder::new("setuid");
    for (before, after) in [(0o4755, 0o755), (0o2750, 0o750), (0o6711, 0o711), (0o1644, 0o644)] {
        std::fs::write(folder.file(), "before").expect("a file");
        set_mode(folder.file(), before);
        save(folder.file()).await.expect("a file");
        assert_eq!(mode(folder.file()), after, "{before:o}");
    }
}

/// It may not be written to, but replaced, as every package manager does.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_program_that_runs_is_replaced_and_runs_on() {
    let folder = Folder::new("running");
    let program = folder.file();
    std::fs::copy("/bin/sleep", &program).expect("a copy");
    let mut running = loop {
        match Command::new(&program).arg0("sleep").arg("60").spawn() {
            // The copy is still open in a process that another test is starting.
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            running => break running.expect("a process"),
        }
    };
    let saved = save(&program).await;
    let runs_on = running.try_wait().expect("a process").is_none();
    running.kill().expect("a process");
    running.wait().expect("a process");
    assert!(runs_on, "it has ended");
    assert_eq!(saved.expect("a file"), 5);
    assert_eq!((read(&program).as_str(), mode(&program) & 0o111), ("abcde", 0o111));
}
