//! What the compiler reports: mistakes, word for word, and nothing for declarations that are right.
//!
//! `README.md` says how to add a fixture and how to update the `.stderr` files.

mod rules;
mod words;

/// Declarations that are right compile without a warning.
#[deny(warnings)]
#[allow(dead_code, unreachable_pub, reason = "what they declare isn't called")]
#[allow(clippy::ref_option, reason = "a user may write it so")]
mod pass {
    mod declaration;
    mod every_kind_of_argument;
    mod one_outcome_each_way;
    mod outcome_called_status;
    mod percent_encoded_template;
    mod types_called_like_common_ones;
    mod under_cfg;
}

/// The compiler whose output the `.stderr` files hold: another one words its own messages differently.
const COMPILER: &str = "rustc 1.95.0 ";

/// Whether this is that compiler. On CI it must be; elsewhere the fixtures are skipped, and the test says so.
fn is_pinned_compiler() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc).arg("--version").output().expect("rustc prints its version");
    let version = String::from_utf8_lossy(&output.stdout);
    let is_pinned = version.starts_with(COMPILER);
    assert!(is_pinned || std::env::var_os("CI").is_none(), "CI needs {COMPILER}and has {version}");
    is_pinned
}

/// One test for each folder, so that none is silent for long. A folder is compiled at once.
macro_rules! every_mistake_has_its_message {
    ($($folder:ident)*) => {$(
        #[test]
        fn $folder() {
            if !super::is_pinned_compiler() {
                println!("skipped: the .stderr files hold the output of {}", super::COMPILER);
                return;
            }
            trybuild::TestCases::new().compile_fail(concat!("fail/", stringify!($folder), "/*.rs"));
        }
    )*};
}

mod every_mistake_has_its_message {
    every_mistake_has_its_message! {
        attribute crate_setup outcomes placement several signature template types warnings
    }
}
