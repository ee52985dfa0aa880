//! What is emitted: the method, which builds a `Call`, and a function that returns the declaration.

mod documentation;
mod outcome;
mod request;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Meta};

use crate::model::Endpoint;
use crate::parse::Method;
use crate::signature;

pub(crate) fn expand(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { method, runtime, .. } = endpoint;
    let attributes = method.item.attrs.iter().filter(|attribute| !is_said_already(attribute, method));
    let (documentation, of_declaration) = documentation::lines(endpoint);
    let signature = signature::of_call(method, endpoint.output, runtime);

    let declaration = request::declaration(endpoint);
    let transport = request::transport(endpoint);
    let request = request::request(endpoint, &declaration);
    let call = if method.is_blocking() { quote!(call_blocking) } else { quote!(call) };
    let reader = outcome::reader(endpoint);

    let check = outcome::check(endpoint);

    let body = signature::body(method, quote!(#check #runtime::__private::#call(#transport, #request, #reader)));
    let function = signature::of_declaration(method, &of_declaration, &declaration, runtime);
    quote! {
        #(#attributes)*
        #documentation
        #signature #body
        #function
    }
}

/// Whether it is a `#[must_use]` without a reason, which `Call` has already: clippy would warn.
fn is_said_already(attribute: &Attribute, method: &Method) -> bool {
    !method.is_blocking() && matches!(&attribute.meta, Meta::Path(path) if path.is_ident("must_use"))
}
