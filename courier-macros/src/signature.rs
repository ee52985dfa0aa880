//! The two signatures that are emitted, with a body of [`expand`](crate::expand) or of [`fallback`](crate::fallback).

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{FnArg, Lifetime, ReceiverKind, Signature, Token, Type};

use crate::parse::{Method, is_emitted};
use crate::runtime::at;

/// `async fn f(&self) -> R` as `fn f(&self) -> Call<'_, R>`; a method that blocks keeps its return type.
pub(crate) fn of_call(method: &Method, output: &Type, runtime: &TokenStream) -> Signature {
    let mut signature = method.item.sig.clone();
    strip(&mut signature);
    if !method.is_blocking() {
        returns_a_call(&mut signature, output, runtime);
    }
    signature
}

/// Removes what only the attribute understands.
pub(crate) fn strip(signature: &mut Signature) {
    signature.asyncness = None;
    for argument in &mut signature.inputs {
        if let FnArg::Typed(argument) = argument {
            argument.attrs.retain(is_emitted);
        }
    }
}

/// `-> Call<'_, R>`, with the places of `R`'s first and last token: when the compiler speaks of the method, it shows the signature
/// as it was written, and a `where` that it proposes comes after it.
pub(crate) fn returns_a_call(signature: &mut Signature, output: &Type, runtime: &TokenStream) {
    let lifetime = lifetime(signature);
    let (first, last) = (output.span(), last_span(output.to_token_stream()).unwrap_or_else(|| output.span()));
    let runtime = at(first, runtime);
    let close = Token![>](last);
    let tokens = quote_spanned!(first=> -> #runtime::Call<#lifetime, #output #close);
    signature.output = syn::parse2(tokens).expect("a return type");
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

/// The lifetime of `&self`.
fn lifetime(signature: &Signature) -> Lifetime {
    let named = match signature.receiver().map(|receiver| &receiver.kind) {
        Some(ReceiverKind::Reference(_, lifetime, _)) => lifetime.clone(),
        Some(ReceiverKind::Typed(_, ty)) => match &**ty {
            Type::Reference(ty) => ty.lifetime.clone(),
            _ => None,
        },
        Some(_) | None => None,
    };
    named.unwrap_or_else(|| Lifetime::new("'_", signature.fn_token.span()))
}

/// The method's body, in place of its semicolon: the method ends where it ended, and what the compiler says of all of it
/// underlines what was written.
pub(crate) fn body(method: &Method, statements: TokenStream) -> TokenTree {
    let mut body = Group::new(Delimiter::Brace, statements);
    body.set_span(method.item.semi_token.map_or_else(Span::call_site, |semicolon| semicolon.span));
    body.into()
}

/// `fn f_endpoint() -> &'static Endpoint`. A constant would cost the trait its `dyn`.
pub(crate) fn of_declaration(
    method: &Method,
    documentation: &TokenStream,
    body: &TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    let (name, plain_name) = (&method.item.sig.ident, method.plain_name());
    // All of it is at the method's name: where it meets another function of its name, the compiler shows the two methods.
    let span = Span::call_site().located_at(name.span());
    let function = format_ident!("{plain_name}_endpoint", span = span);
    // An `#[allow]` for the method's name applies to this one too, and so does a `#[cfg]` after the attribute.
    let allowed = method.item.attrs.iter().filter(|attribute| attribute.path().is_ident("allow"));
    let conditions = method.conditions();
    let first_line =
        format!(" The declaration of [`{plain_name}`](Self::{name}): method, template, outcomes and flags.");
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
