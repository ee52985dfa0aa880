//! Declaration and request: the static `Endpoint`, and the values that fill its placeholders.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::at;
use crate::model::Endpoint;
use crate::parse::{Argument, Method};

/// `::courier_core::__private::endpoint("cancel", Method::POST, "/messages/<message_id>/cancel", &[…], false)`
pub(super) fn declaration(endpoint: &Endpoint<'_>, method: &Method, runtime: &TokenStream) -> TokenStream {
    let Endpoint { method: http_method, template, outcomes, idempotent, .. } = endpoint;
    let name = method.item.sig.ident.unraw().to_string();
    let outcomes = outcomes.iter().map(|outcome| {
        let name = outcome.name.unraw().to_string();
        let statuses = outcome.statuses.iter().map(|range| {
            let (first, last) = (range.start(), range.end());
            quote!(#first..=#last)
        });
        quote!(#runtime::__private::outcome(#name, const { &[#(#statuses),*] }))
    });
    // `const` at each `&`: only so are they `'static`.
    quote! {
        const {
            &#runtime::__private::endpoint(
                #name,
                #runtime::__private::Method::#http_method,
                #template,
                const { &[#(#outcomes),*] },
                #idempotent,
            )
        }
    }
}

/// `transport(self)`, so that a trait without `: Transport` is told at its method's receiver.
pub(super) fn transport(method: &Method, runtime: &TokenStream) -> TokenStream {
    let receiver = method.item.sig.receiver().expect("an endpoint's method has `&self`");
    let this = &receiver.self_token;
    let runtime = at(this.span(), runtime);
    quote_spanned!(this.span()=> #runtime::__private::transport(#this))
}

/// The values of the placeholders, in their order.
pub(super) fn path_values(endpoint: &Endpoint<'_>, runtime: &TokenStream) -> TokenStream {
    let values = endpoint.path_values.iter().map(|Argument { name, ty, .. }| {
        // Naming the type makes the compiler underline it where it can't be written; `impl Display` can't be named.
        let turbofish = (!has_impl_trait(ty)).then(|| quote!(::<#ty>));
        let runtime = at(ty.span(), runtime);
        quote_spanned!(ty.span()=> #runtime::__private::path_value #turbofish(&#name))
    });
    quote!(&[#(#values),*])
}

fn has_impl_trait(ty: &Type) -> bool {
    fn among(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => word == "impl",
            TokenTree::Group(group) => among(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    among(ty.to_token_stream())
}
