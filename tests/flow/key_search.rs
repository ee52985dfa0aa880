//! Searches everything that the process prints during the tests for the key: log records of every crate at every level, and
//! panics. A leak aborts the process immediately, so that no task can swallow it. reqwest and rustls write to `log`;
//! hyper-util and h2 write to `tracing`, which forwards to `log`. hyper itself only traces in builds with an unstable `cfg`.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, Once};
use std::{io, panic, process};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use courier_core::Error;
use log::{LevelFilter, Log, Metadata, Record};

use super::server::KEY;

/// Starts the search for the rest of the process. Every server in these tests calls it.
pub(crate) fn begin() {
    static BEGIN: Once = Once::new();
    BEGIN.call_once(|| {
        log::set_logger(&Searcher).expect("no other logger");
        log::set_max_level(LevelFilter::Trace);
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            search("a panic", &panic.to_string());
            report(panic);
        }));
    });
}

/// The crates that have logged something so far.
pub(crate) fn logged_crates() -> BTreeSet<String> {
    LOGGED_CRATES.lock().expect("no panic").clone()
}

static LOGGED_CRATES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Searcher;

impl Log for Searcher {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        search(record.target(), &record.args().to_string());
        let name = record.target().split("::").next().expect("at least one part");
        let mut heard = LOGGED_CRATES.lock().expect("no panic");
        if !heard.contains(name) {
            heard.insert(name.to_owned());
        }
    }

    fn flush(&self) {}
}

/// Aborts the process if the text contains the key.
fn search(place: &str, text: &str) {
    static FORMS: LazyLock<Vec<String>> = LazyLock::new(|| forms(KEY));
    if is_in(text, &FORMS) {
        // The test harness captures `eprintln!` until the test is over.
        writeln!(io::stderr(), "the key leaked into {place}: {text}").ok();
        process::abort();
    }
}

fn is_in(text: &str, forms: &[String]) -> bool {
    forms.iter().any(|form| text.contains(form))
}

/// The forms in which a secret can appear: as it is, cut, in base64 at any offset, as bytes in decimal and in hex.
fn forms(secret: &str) -> Vec<String> {
    let (cut, bytes) = (&secret[..secret.len() - 4], secret.as_bytes());
    let mut forms = vec![cut.to_owned(), format!("{:?}", cut.as_bytes()).replace(['[', ']'], "")];
    forms.extend([format!("{:02x?}", cut.as_bytes()).replace(['[', ']'], "")]);
    forms.push(cut.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")));
    for before in 0..3 {
        let encoded = STANDARD_NO_PAD.encode([&[0; 2][..before], bytes].concat());
        // Drop the characters that also contain bits of the neighbouring bytes.
        forms.push(encoded[(before * 8).div_ceil(6)..(before + bytes.len()) * 8 / 6].to_owned());
    }
    forms
}

/// Everything that can be printed of an error.
pub(crate) fn texts(error: &Error) -> String {
    let mut texts = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut add = |error: &dyn StdError| writeln!(texts, "{error}\n{error:?}\n{error:#?}").expect("a string");
    let mut source: Option<&dyn StdError> = match error {
        Error::Invalid { source, .. } => Some(source),
        Error::Transport { source, .. } | Error::Timeout { source, .. } | Error::TooLarge { source, .. } => {
            Some(source)
        }
        Error::Decode { source, .. } => Some(source),
        _ => error.source(),
    };
    while let Some(error) = source {
        add(error);
        source = error.source();
    }
    texts
}

/// Asserts that nothing printed of this error contains the key.
pub(crate) fn assert_hidden(error: &Error) {
    assert_hides(error, KEY);
}

/// The same for another secret.
pub(crate) fn assert_hides(error: &Error, secret: &str) {
    let texts = texts(error);
    assert!(!is_in(&texts, &forms(secret)), "{texts}");
}

mod tests {
    use std::env;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        let (secret, other) = ("an0ther-s3cret", forms("some-other-text"));
        let basic = STANDARD_NO_PAD.encode(format!("name:{secret}"));
        let bearer = STANDARD_NO_PAD.encode(format!("Bearer {secret}!"));
        for text in [
            format!("authorization: Bearer {secret}"),
            format!("cut: {}", &secret[..secret.len() - 2]),
            format!("{:?}", secret.as_bytes()),
            format!("{:02x?}", secret.as_bytes()),
            "616e30746865722d733363726574".to_owned(),
            basic,
            bearer,
            STANDARD_NO_PAD.encode(secret),
        ] {
            assert!(is_in(&text, &forms(secret)), "{text}");
            assert!(!is_in(&text, &other), "{text}");
        }
    }

    /// Runs itself in a child process, which aborts.
    #[test]
    fn a_key_in_a_log_record_or_a_panic_aborts_the_process() {
        const NAME: &str = "flow::key_search::tests::a_key_in_a_log_record_or_a_panic_aborts_the_process";
        const HOW: &str = "COURIER_TESTS_LETS_OUT";
        match env::var(HOW).as_deref() {
            Ok("log") => {
                begin();
                log::trace!("authorization: Bearer {KEY}");
            }
            Ok("tracing") => {
                begin();
                tracing::trace!(key = ?KEY.as_bytes(), "sent");
            }
            // The thread's panic is ignored here.
            Ok("panic") => {
                begin();
                std::thread::spawn(|| panic!("{KEY} is invalid")).join().ok();
            }
            Ok(_) => begin(),
            Err(_) => {
                for (how, ends) in [("nothing", false), ("log", true), ("tracing", true), ("panic", true)] {
                    let mut again = Command::new(env::current_exe().expect("this test's program"));
                    let output = again.args(["--exact", NAME]).env(HOW, how).output().expect("a process");
                    assert_eq!(!output.status.success(), ends, "{how}: {output:?}");
                    let message = String::from_utf8_lossy(&output.stderr);
                    assert_eq!(message.contains("the key leaked into"), ends, "{how}: {message}");
                }
            }
        }
    }
}
