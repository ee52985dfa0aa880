//! After errors: still a method of that name, with its arguments and return type, so that one mistake gives one message
//! and an editor keeps its completion.

use proc_macro2::TokenStream;
use quote::quote;

use crate::parse::Method;
use crate::signature;

pub(crate) fn fallback(method: &Method, runtime: &TokenStream) -> TokenStream {
    let attributes = &method.item.attrs;
    let call = signature::of_call(method, runtime);
    let declaration = signature::of_declaration(method, runtime);
    quote! {
        #(#attributes)*
        #[allow(unused_mut, unused_variables)]
        #call {
            ::core::unimplemented!()
        }
        #declaration {
            ::core::unimplemented!()
        }
    }
}
