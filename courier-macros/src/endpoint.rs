//! The whole pipeline on one screen.

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::{bind, expand, fallback, parse};

/// Expands the attribute. `runtime` finds the path of `courier-core`, where the attribute does not give it.
pub(crate) fn endpoint(
    attribute: TokenStream,
    item: TokenStream,
    runtime: impl FnOnce() -> TokenStream,
) -> TokenStream {
    let mut diagnostics = Diagnostics::default();

    let Some(method) = parse::method(item.clone(), &mut diagnostics) else {
        // No method to save: the item stays as it is.
        return diagnostics.beside(item);
    };
    let attribute = parse::attribute(attribute, &mut diagnostics);
    let runtime = attribute.runtime.clone().unwrap_or_else(runtime);

    match bind::bind(&attribute, &method, &mut diagnostics) {
        Some(endpoint) if diagnostics.is_empty() => expand::expand(&endpoint, &method, &runtime),
        _ => diagnostics.beside(fallback::fallback(&method, &runtime)),
    }
}
