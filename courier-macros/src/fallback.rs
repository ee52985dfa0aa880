//! After errors: still a method of that name, with its arguments and return type, so that one mistake gives one message
//! and an editor keeps its completion. It is the method that the messages' remedies would make of it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::parse::Method;
use crate::signature;

/// `runtime` is `None` in a crate that does not know `courier-core`.
pub(crate) fn fallback(method: &Method, runtime: Option<&TokenStream>) -> TokenStream {
    let attributes = &method.item.attrs;
    let call = match runtime {
        Some(runtime) => signature::of_call(method, runtime),
        None => signature::without_a_call(method),
    };
    let body = signature::body(method, quote!(::core::unimplemented!()));
    // A function without `&self` may not be in a trait at all, and then it has no `Self`.
    let declaration = runtime.filter(|_| method.item.sig.receiver().is_some()).map(|runtime| {
        signature::of_declaration(method, &TokenStream::new(), &quote!(::core::unimplemented!()), runtime)
    });
    quote! {
        #(#attributes)*
        #[allow(async_fn_in_trait, unused_mut, unused_variables, clippy::unimplemented)]
        #call #body
        #declaration
    }
}
