//! What is emitted: the method, which builds a `Call`, and a function beside it, which gives the declaration.

mod documentation;
mod outcome;
mod request;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Meta};

use crate::model::Endpoint;
use crate::parse::Method;
use crate::signature;

pub(crate) fn expand(endpoint: &Endpoint<'_>, method: &Method, runtime: &TokenStream) -> TokenStream {
    let attributes = method.item.attrs.iter().filter(|attribute| !is_said_already(attribute, method));
    let (documentation, of_declaration) = documentation::lines(endpoint, method);
    let signature = signature::of_call(method, runtime);

    let declaration = request::declaration(endpoint, method, runtime);
    let transport = request::transport(method, runtime);
    let request = request::request(endpoint, &declaration, runtime);
    let call = if method.blocking { quote!(call_blocking) } else { quote!(call) };
    let reader = outcome::reader(endpoint, runtime);

    let check = outcome::check(endpoint, runtime);

    let body = signature::body(method, quote!(#check #runtime::__private::#call(#transport, #request, #reader)));
    let function = signature::of_declaration(method, &of_declaration, &declaration, runtime);
    quote! {
        #(#attributes)*
        #documentation
        #signature #body
        #function
    }
}

/// Whether it is a `#[must_use]` that says no more than `Call` has it, which clippy would tell.
fn is_said_already(attribute: &Attribute, method: &Method) -> bool {
    !method.blocking && matches!(&attribute.meta, Meta::Path(path) if path.is_ident("must_use"))
}
