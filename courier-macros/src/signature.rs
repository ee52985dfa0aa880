//! The two signatures that are emitted, with a body of [`expand`](crate::expand) or of [`fallback`](crate::fallback).

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{FnArg, Lifetime, ReceiverKind, ReturnType, Safety, Signature, Token, Type};

use crate::parse::{Method, has_impl_trait, is_emitted, is_shared};
use crate::runtime::at;

/// `async fn f(&self) -> R` as `fn f(&self) -> Call<'_, R>`; a method that blocks keeps its return type.
pub(crate) fn of_call(method: &Method, runtime: &TokenStream) -> Signature {
    let mut signature = method.item.sig.clone();
    let lifetime = lifetime(&signature);
    if !method.blocking {
        let unit = syn::parse_quote!(#runtime::Result<()>);
        // After errors the type that was written serves too: what is wrong with it has been told.
        let output = match &method.returned {
            Some(ty) if !has_impl_trait(ty) => ty,
            _ => &unit,
        };
        signature.output = call_type(&lifetime, output, runtime);
    }
    as_it_should_be(&mut signature);
    signature
}

/// The method as it was written, for a crate that does not know `courier-core`.
pub(crate) fn without_a_call(method: &Method) -> Signature {
    let mut signature = method.item.sig.clone();
    as_it_should_be(&mut signature);
    signature.asyncness = method.item.sig.asyncness;
    signature
}

/// The method's body, in place of its semicolon: with it the method ends where it ended, and what the compiler says of all
/// of it underlines what was written.
pub(crate) fn body(method: &Method, statements: TokenStream) -> TokenTree {
    let mut body = Group::new(Delimiter::Brace, statements);
    body.set_span(method.item.semi_token.map_or_else(Span::call_site, |semicolon| semicolon.span));
    body.into()
}

/// Mends what has been told: left here, the compiler would tell it again, of the method or where it is called.
fn as_it_should_be(signature: &mut Signature) {
    (signature.constness, signature.asyncness, signature.abi, signature.variadic) = (None, None, None, None);
    signature.safety = Safety::Default;
    if signature.receiver().is_none() {
        let this = quote_spanned!(signature.ident.span()=> &self);
        signature.inputs.insert(0, syn::parse_quote!(#this));
    }
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Typed(argument) => argument.attrs.retain(is_emitted),
            FnArg::Receiver(receiver) if !is_shared(receiver) => {
                let this = receiver.self_token;
                *receiver = syn::parse_quote!(&#this);
            }
            FnArg::Receiver(_) => {}
        }
    }
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
        // Without one, it has been told, and mended.
        Some(_) | None => elided(),
    }
}

/// `fn f_endpoint() -> &'static Endpoint`, beside the method: a constant would cost the trait its `dyn`.
pub(crate) fn of_declaration(
    method: &Method,
    documentation: &TokenStream,
    body: &TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    let name = &method.item.sig.ident;
    let plain_name = name.unraw();
    let function = format_ident!("{plain_name}_endpoint", span = Span::call_site().located_at(name.span()));
    // What a lint is told of the method's name holds for this one too, and so does a `cfg` below the attribute, which the
    // compiler has not yet seen to.
    let allowed = method.item.attrs.iter().filter(|attribute| attribute.path().is_ident("allow"));
    let conditions = method.conditions();
    let first_line =
        format!(" The declaration of [`{plain_name}`](Self::{name}): method, template, outcomes and flags.");
    // All of it at the name, and so its body's braces: where it meets another function of its name, the compiler shows the two methods.
    let span = Span::call_site().located_at(name.span());
    let runtime = at(name.span(), runtime);
    quote_spanned! {span=>
        #(#conditions)*
        #(#allowed)*
        #[doc = #first_line]
        #documentation
        #[allow(dead_code)]
        #[must_use]
        fn #function() -> &'static #runtime::Endpoint
        where
            Self: ::core::marker::Sized
        {
            #body
        }
    }
}
