//! Under which name the user's crate knows `courier-core`.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The absolute path of `courier-core`, renamed or not. A crate that gets it by way of another one says
/// `crate = "other::courier_core"`.
pub(crate) fn find() -> TokenStream {
    let name = match crate_name("courier-core") {
        Ok(FoundCrate::Name(name)) => name,
        // Its own tests and examples name it too, and the library has an `extern crate self`.
        Ok(FoundCrate::Itself) | Err(_) => "courier_core".to_owned(),
    };
    let name = Ident::new(&name, Span::call_site());
    quote!(::#name)
}

/// The path of `courier-core` at a place of the user's, so that the compiler underlines that place, and sees one mistake there
/// where the expansion names the place twice. An absolute path means the same everywhere.
pub(crate) fn at(span: Span, runtime: &TokenStream) -> TokenStream {
    let located = runtime.clone().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    located.collect()
}
