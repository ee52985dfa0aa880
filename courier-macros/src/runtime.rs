//! Under which name the user's crate knows `courier-core`.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::sync::LazyLock;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// The name of courier-core, unless its users rename it.
pub(crate) const USUAL: &str = "courier_core";

/// The absolute path of a crate. Its name has the place of the attribute: if the crate doesn't exist, the compiler reports it once
/// for each attribute, however often the expansion names it.
pub(crate) fn named(name: &str) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote!(::#name)
}

/// Another name that this crate gives to `courier-core`, from the compiler's own arguments. It is for a message only: without one,
/// the compiler reports the missing crate.
pub(crate) fn renamed() -> Option<&'static str> {
    static NAME: LazyLock<Option<String>> = LazyLock::new(|| in_arguments(std::env::args_os()));
    NAME.as_deref()
}

/// `post` for `--extern post=target/debug/deps/libcourier_core-0a1b2c3d.rmeta`, unless another one is called `courier_core`.
fn in_arguments(arguments: impl IntoIterator<Item = OsString>) -> Option<String> {
    let mut arguments = arguments.into_iter();
    let mut renamed = None;
    while let Some(argument) = arguments.next() {
        let argument = match argument.to_str() {
            Some("--extern") => arguments.next()?,
            Some(argument) if argument.starts_with("--extern=") => argument["--extern=".len()..].into(),
            _ => continue,
        };
        let Some(argument) = argument.to_str() else { continue };
        let (name, file) = argument.split_once('=').unwrap_or((argument, ""));
        // Options may precede the name: `priv,noprelude:post`.
        let name = name.rsplit(':').next().unwrap_or_default();
        if name == USUAL {
            return None;
        }
        let file = Path::new(file).file_name().and_then(OsStr::to_str).and_then(|file| file.strip_prefix("lib"));
        if file.and_then(|file| file.split(['-', '.']).next()) == Some(USUAL) {
            renamed = Some(name.to_owned());
        }
    }
    renamed
}

/// The path of `courier-core`, beginning at a place in the user's code: the compiler underlines that place if something is wrong with
/// what the path is used for. The rest of it keeps its own place, for mistakes in the path itself.
pub(crate) fn at(span: Span, runtime: &TokenStream) -> TokenStream {
    let mut tokens = runtime.clone().into_iter().peekable();
    let mut located = TokenStream::new();
    while let Some(mut token) = tokens.next() {
        token.set_span(span);
        let is_colon = matches!(token, TokenTree::Punct(_));
        located.extend([token]);
        // A path begins with a name, or with `::`, which is two tokens.
        if !is_colon || !matches!(tokens.peek(), Some(TokenTree::Punct(_))) {
            break;
        }
    }
    located.extend(tokens);
    located
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(arguments: &[&str]) -> Option<String> {
        in_arguments(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_renamed_courier_core_is_found_among_the_crates_of_the_compiler() {
        for arguments in [
            &["rustc", "--crate-name", "app", "--extern", "post=/deps/libcourier_core-0a1b.rmeta"][..],
            &["rustc", "--extern", "post=/deps/libcourier_core-0a1b.rlib", "--extern", "serde=/deps/libserde-1.rmeta"],
            &["rustc", "--extern", "priv,noprelude:post=/deps/libcourier_core.rlib"],
            &["rustc", "--extern=post=/deps/libcourier_core-0a1b.rmeta"],
            &["rustc", "--extern=priv:post=libcourier_core-0a1b.rmeta"],
        ] {
            assert_eq!(found(arguments).as_deref(), Some("post"), "{arguments:?}");
        }
    }

    #[test]
    fn no_other_name_is_reported_if_the_usual_one_is_there_or_none_is() {
        for arguments in [
            &[][..],
            &["rust-analyzer-proc-macro-srv"],
            &["rustc", "@arguments", "--cfg", "feature=\"courier_core\""],
            &["rustc", "--crate-name", "courier_core", "--extern", "http=/deps/libhttp-1.rmeta"],
            &["rustc", "--extern", "post=/deps/libcourier_core-0a1b.rmeta", "--extern", "courier_core"],
            &["rustc", "--extern", "courier_core=/deps/libcourier_core-0a1b.rmeta"],
            &[
                "rustc",
                "--extern",
                "post=/deps/libcourier_core-0a1b.rmeta",
                "--extern",
                "courier_core=/sdk/libcourier_core-1.rmeta",
            ],
            &[
                "rustc",
                "--extern",
                "sdk=/deps/libcourier_core_sdk-0a1b.rmeta",
                "--extern",
                "courier_macros=/deps/libcourier_macros-1.so",
            ],
        ] {
            assert_eq!(found(arguments), None, "{arguments:?}");
        }
    }
}
