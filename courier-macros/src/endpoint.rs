//! The whole pipeline on one screen.

use proc_macro2::{Ident, TokenStream};

use crate::diagnostics::{Diagnostics, Message};
use crate::rules::DEPENDENCY;
use crate::{bind, expand, fallback, parse};

/// Expands the attribute. `runtime` finds the path of `courier-core`, where the attribute does not give it.
pub(crate) fn endpoint(
    attribute: TokenStream,
    item: TokenStream,
    runtime: impl FnOnce() -> Option<TokenStream>,
) -> TokenStream {
    // The compiler shows them in their order: first the attribute's, which stands first.
    let (mut diagnostics, mut of_method) = (Diagnostics::default(), Diagnostics::default());
    let first = attribute.clone().into_iter().next().map(|token| token.span());
    let method = match parse::method(item, first, &mut of_method) {
        Ok(method) => method,
        // No method to save: the item stays as it is.
        Err(item) => return of_method.beside(item),
    };
    diagnostics.only_under(method.conditions());
    let attribute = parse::attribute(attribute, &method.item.sig.ident, &mut diagnostics);
    diagnostics.followed_by(of_method);

    let runtime = attribute.runtime.clone().or_else(runtime);
    if runtime.is_none() && attribute.runtime_place.is_none() {
        no_runtime(&method.item.sig.ident, &mut diagnostics);
    }
    let endpoint = if method.half_typed { None } else { bind::bind(&attribute, &method, &mut diagnostics) };
    match (endpoint, &runtime) {
        (Some(endpoint), Some(runtime)) if diagnostics.is_empty() => expand::expand(&endpoint, &method, runtime),
        _ => diagnostics.beside(fallback::fallback(&method, runtime.as_ref())),
    }
}

fn no_runtime(name: &Ident, diagnostics: &mut Diagnostics) {
    let message = Message::new(
        "this crate does not depend on courier-core",
        DEPENDENCY,
        "run `cargo add courier-core`, or say where it is found: `crate = \"my_sdk::courier_core\"`",
    );
    diagnostics.at(name.span(), &message);
}
