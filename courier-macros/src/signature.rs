//! The two signatures that are emitted, with a body of [`expand`](crate::expand) or of [`fallback`](crate::fallback).

use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{FnArg, Lifetime, ReceiverKind, Safety, Signature, Type, parse_quote_spanned};

use crate::parse::{Method, is_kind, is_shared};
use crate::runtime::at;

/// `async fn f(&self) -> R` as `fn f(&self) -> Call<'_, R>`; a method that blocks keeps its return type.
pub(crate) fn of_call(method: &Method, runtime: &TokenStream) -> Signature {
    let mut signature = method.item.sig.clone();
    let lifetime = lifetime(&signature);
    let unit: Type = syn::parse_quote!(#runtime::Result<()>);
    let output = method.output.as_ref().unwrap_or(&unit);
    // All at places of the user's, so that the compiler shows the signature where it speaks of the method.
    let span = output.span();
    let runtime = at(span, runtime);
    signature.output = if method.blocking {
        parse_quote_spanned!(span=> -> #output)
    } else {
        parse_quote_spanned!(span=> -> #runtime::Call<#lifetime, #output>)
    };
    // What an endpoint's method can't be has been told; left here, the compiler would tell it again.
    (signature.constness, signature.asyncness, signature.abi, signature.variadic) = (None, None, None, None);
    signature.safety = Safety::Default;
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Typed(argument) => argument.attrs.retain(|attribute| !is_kind(attribute)),
            FnArg::Receiver(receiver) if !is_shared(receiver) => {
                let this = receiver.self_token;
                *receiver = syn::parse_quote!(&#this);
            }
            FnArg::Receiver(_) => {}
        }
    }
    signature
}

/// That of `&self`, by its name where it has one.
fn lifetime(signature: &Signature) -> Lifetime {
    let elided = || Lifetime::new("'_", signature.fn_token.span());
    match signature.receiver().map(|receiver| &receiver.kind) {
        Some(ReceiverKind::Reference(_, Some(lifetime), _)) => lifetime.clone(),
        Some(ReceiverKind::Typed(_, ty)) => match &**ty {
            Type::Reference(ty) => ty.lifetime.clone().unwrap_or_else(elided),
            _ => elided(),
        },
        Some(_) => elided(),
        // Told already: an endpoint's method has a `&self`.
        None => Lifetime::new("'static", signature.fn_token.span()),
    }
}

/// `fn f_endpoint() -> &'static Endpoint`, beside the method: a constant would cost the trait its `dyn`.
pub(crate) fn of_declaration(method: &Method, runtime: &TokenStream) -> TokenStream {
    let name = &method.item.sig.ident;
    let plain_name = name.unraw();
    let function = format_ident!("{plain_name}_endpoint", span = name.span());
    // What a lint is told of the method's name holds for this one too. (`cfg` was seen to before the attribute was called.)
    let allowed = method.item.attrs.iter().filter(|attribute| attribute.path().is_ident("allow"));
    let documentation =
        format!(" The declaration of [`{plain_name}`](Self::{name}): method, template, outcomes and flags.");
    let runtime = at(name.span(), runtime);
    quote_spanned! {name.span()=>
        #(#allowed)*
        #[doc = #documentation]
        #[allow(dead_code)]
        #[must_use]
        fn #function() -> &'static #runtime::Endpoint
        where
            Self: ::core::marker::Sized
    }
}
