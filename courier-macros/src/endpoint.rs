//! The whole pipeline on one screen.

use proc_macro2::{Ident, TokenStream};

use crate::diagnostics::Diagnostics;
use crate::rules::RENAMED;
use crate::{bind, expand, fallback, parse, runtime};

/// Expands the attribute. `renamed` is the name of courier-core in a crate that gives it another one.
pub(crate) fn endpoint(attribute: TokenStream, item: TokenStream, renamed: Option<&str>) -> TokenStream {
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
        None => Ok(match renamed {
            Some(name) => {
                is_renamed(name, &method.item.sig.ident, &mut diagnostics);
                runtime::named(name)
            }
            None => runtime::named(runtime::USUAL),
        }),
    };
    match bind::bind(&attribute, &method, runtime.as_ref().map_err(Into::into), diagnostics) {
        Ok(endpoint) => expand::expand(&endpoint),
        Err(diagnostics) => diagnostics.and(fallback::fallback(&method, runtime.as_ref().ok())),
    }
}

fn is_renamed(name: &str, method: &Ident, diagnostics: &mut Diagnostics) {
    let problem = format!("courier-core is called `{name}` in this crate");
    diagnostics.at(method.span(), RENAMED, problem, format!("add `crate = \"{name}\"` to the attribute"));
}
