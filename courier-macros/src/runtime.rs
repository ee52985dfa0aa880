//! Under which name the user's crate knows `courier-core`.

use proc_macro_crate::{Error, FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The absolute path of `courier-core`, renamed or not; `None` in a crate that doesn't depend on it. One that gets it through
/// another crate writes `crate = "other::courier_core"`.
pub(crate) fn find() -> Option<TokenStream> {
    by_the_manifest(crate_name("courier-core"))
}

fn by_the_manifest(found: Result<FoundCrate, Error>) -> Option<TokenStream> {
    let name = match found {
        Ok(FoundCrate::Name(name)) => name,
        Err(Error::CrateNotFound { .. }) => return None,
        // Its own tests and examples name it too, and the library has an `extern crate self`. If the manifest can't be read,
        // because the build tool isn't Cargo, it has its usual name.
        Ok(FoundCrate::Itself) | Err(_) => "courier_core".to_owned(),
    };
    let name = Ident::new(&name, Span::call_site());
    Some(quote!(::#name))
}

/// The path of `courier-core` at a place in the user's code, so that the compiler underlines that place, and reports one mistake
/// there even if the expansion names it twice. An absolute path means the same everywhere.
pub(crate) fn at(span: Span, runtime: &TokenStream) -> TokenStream {
    let located = runtime.clone().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    located.collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_crate_without_courier_core_differs_from_one_without_a_manifest() {
        let missing = Error::CrateNotFound { crate_name: "courier-core".to_owned(), path: PathBuf::new() };
        assert!(by_the_manifest(Err(missing)).is_none());
        let unread = by_the_manifest(Err(Error::CargoManifestDirNotSet));
        assert_eq!(unread.expect("the usual name").to_string(), ":: courier_core");
        let renamed = by_the_manifest(Ok(FoundCrate::Name("post".to_owned())));
        assert_eq!(renamed.expect("its name there").to_string(), ":: post");
    }
}
