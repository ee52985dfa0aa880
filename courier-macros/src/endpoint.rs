//! The whole pipeline on one screen.

use proc_macro2::{Ident, TokenStream};

use crate::diagnostics::{Diagnostics, Reported};
use crate::rules::DEPENDENCY;
use crate::{bind, expand, fallback, parse};

/// Expands the attribute. `find_runtime` finds the path of courier-core, unless the attribute gives it.
pub(crate) fn endpoint(
    attribute: TokenStream,
    item: TokenStream,
    find_runtime: impl FnOnce() -> Option<TokenStream>,
) -> TokenStream {
    // The compiler shows the mistakes in this order: those of the attribute first, as in the source.
    let (mut diagnostics, mut of_method) = (Diagnostics::default(), Diagnostics::default());
    let first = attribute.clone().into_iter().next().map(|token| token.span());
    let method = match parse::method(item, first, &mut of_method) {
        Ok(method) => method,
        Err(item) => return of_method.and(item),
    };
    diagnostics.only_under(method.conditions());
    let attribute = parse::attribute(attribute, &method.item.sig.ident, &mut diagnostics);
    diagnostics.followed_by(of_method);

    let runtime = match attribute.runtime.clone() {
        Some(written) => written,
        None => find_runtime().ok_or_else(|| no_runtime(&method.item.sig.ident, &mut diagnostics)),
    };
    match bind::bind(&attribute, &method, runtime.as_ref().map_err(Into::into), diagnostics) {
        Ok(endpoint) => expand::expand(&endpoint),
        Err(diagnostics) => diagnostics.and(fallback::fallback(&method, runtime.as_ref().ok())),
    }
}

fn no_runtime(name: &Ident, diagnostics: &mut Diagnostics) -> Reported {
    let fix = "run `cargo add courier-core`, or name its path: `crate = \"my_sdk::courier_core\"`";
    diagnostics.at(name.span(), DEPENDENCY, "this crate does not depend on courier-core", fix)
}
