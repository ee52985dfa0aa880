//! The two signatures that are emitted, with a body of [`expand`](crate::expand) or of [`fallback`](crate::fallback).

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{FnArg, Lifetime, ReceiverKind, ReturnType, Safety, Signature, Token, Type};

use crate::parse::{Method, is_kind, is_shared};
use crate::runtime::at;

/// `async fn f(&self) -> R` as `fn f(&self) -> Call<'_, R>`; a method that blocks keeps its return type.
pub(crate) fn of_call(method: &Method, runtime: &TokenStream) -> Signature {
    let mut signature = method.item.sig.clone();
    let lifetime = lifetime(&signature);
    if !method.blocking {
        let unit = syn::parse_quote!(#runtime::Result<()>);
        // After errors the type that was written serves too: what is wrong with it has been told.
        let output = match &method.item.sig.output {
            ReturnType::Type(_, ty) if !matches!(**ty, Type::ImplTrait(_)) => ty,
            _ => &unit,
        };
        signature.output = call_type(&lifetime, output, runtime);
    }
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

/// `-> Call<'_, R>`, with the places of `R`'s first and last token: where the compiler speaks of the method it shows the
/// signature as it was written, and a `where` that it proposes stands behind it.
fn call_type(lifetime: &Lifetime, output: &Type, runtime: &TokenStream) -> ReturnType {
    let (first, last) = (output.span(), last_span(output.to_token_stream()).unwrap_or_else(|| output.span()));
    let runtime = at(first, runtime);
    let close = Token![>](last);
    let tokens = quote_spanned!(first=> -> #runtime::Call<#lifetime, #output #close);
    syn::parse2(tokens).expect("a return type")
}

fn last_span(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().last().map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            last_span(group.stream()).unwrap_or(group.span())
        }
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    })
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
