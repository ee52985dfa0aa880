//! The `#[endpoint]` attribute of [`courier-core`](https://docs.rs/courier-core), which documents it.
//!
//! What was written (`parse`) → what was meant (`bind` makes a `model`) → what is emitted (`expand`, or `fallback` after errors).

mod bind;
mod diagnostics;
mod dialects;
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
mod types;

use proc_macro::TokenStream;

// The documentation is in courier-core, where its examples can run.
#[expect(missing_docs, reason = "re-exported and documented in courier-core")]
#[proc_macro_attribute]
pub fn endpoint(attribute: TokenStream, item: TokenStream) -> TokenStream {
    endpoint::endpoint(attribute.into(), item.into(), runtime::renamed()).into()
}
