//! The `#[endpoint]` attribute of [`courier-core`](https://docs.rs/courier-core), where its documentation stands.
//!
//! What is written (`parse`) → what is meant (`model`, by way of `bind`) → what is emitted (`expand`, or `fallback` after
//! errors).

mod bind;
mod diagnostics;
mod endpoint;
mod expand;
#[cfg(test)]
#[path = "../tests/expansion.rs"]
mod expansion;
mod fallback;
#[cfg(test)]
#[path = "../tests/half_typed.rs"]
mod half_typed;
mod model;
mod parse;
mod rules;
#[cfg(test)]
#[path = "../tests/rules.rs"]
mod rules_in_the_reference;
mod runtime;
mod signature;
#[cfg(test)]
#[path = "../tests/spans.rs"]
mod spans;

use proc_macro::TokenStream;

// The documentation stands in courier-core, where its examples can run.
#[expect(missing_docs, reason = "re-exported and documented in courier-core")]
#[proc_macro_attribute]
pub fn endpoint(attribute: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::endpoint(attribute.into(), item.into(), runtime::find).into()
}
