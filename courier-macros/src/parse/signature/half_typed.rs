//! A method that its writer has not finished: what an editor needs of it to complete calls, and the rest of it.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser as _;
use syn::{Attribute, FnArg, Generics, Pat, TraitItemFn, Type, parse_quote};

use super::{Argument, Method, typed};

/// The name, and of the arguments and the return type what can be read.
pub(super) fn method(item: TokenStream) -> Option<Method> {
    let mut tokens = item.into_iter().peekable();
    let mut before = TokenStream::new();
    let mut is_async = false;
    loop {
        match tokens.next()? {
            TokenTree::Ident(word) if word == "fn" => break,
            TokenTree::Ident(word) if word == "async" => is_async = true,
            TokenTree::Ident(_) => {}
            token => before.extend([token]),
        }
    }
    let Some(TokenTree::Ident(name)) = tokens.next() else { return None };
    let name = syn::parse2::<Ident>(TokenTree::Ident(name).into()).ok()?;
    let is_list =
        |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
    let mut generics = TokenStream::new();
    while tokens.peek().is_some_and(|token| !is_list(token)) {
        generics.extend(tokens.next());
    }
    let generics = syn::parse2::<Generics>(generics).unwrap_or_default();
    let inputs = match tokens.next() {
        Some(TokenTree::Group(group)) => inputs(group.stream()),
        _ => vec![parse_quote!(&self)],
    };
    let attributes = Attribute::parse_outer.parse2(before).unwrap_or_default();
    let asyncness = is_async.then(|| quote!(async));
    let output = return_type(tokens.collect()).map(|ty| quote!(-> #ty));
    let method = quote!(#(#attributes)* #asyncness fn #name #generics (#(#inputs),*) #output;);
    let item: TraitItemFn = syn::parse2(method).ok()?;

    let argument = |typed: &syn::PatType| match &*typed.pat {
        Pat::Ident(pattern) => Some(Argument { name: pattern.ident.clone(), ty: (*typed.ty).clone(), kind: None }),
        _ => None,
    };
    let arguments = typed(&item).filter_map(argument).collect();
    let returned = super::output::written(&item);
    Some(Method {
        item,
        arguments,
        unread_argument: true,
        output: None,
        returned,
        blocking: !is_async,
        half_typed: true,
    })
}

/// Each argument that can be read. One that has only a name so far takes everything.
fn inputs(list: TokenStream) -> Vec<FnArg> {
    let mut inputs: Vec<FnArg> = Vec::new();
    for piece in pieces(list) {
        let is_first = inputs.is_empty();
        let word = piece.clone().into_iter().find_map(|token| match token {
            TokenTree::Ident(word) => Some(word),
            _ => None,
        });
        match syn::parse2::<FnArg>(piece) {
            Ok(argument @ FnArg::Typed(_)) => inputs.push(argument),
            Ok(receiver @ FnArg::Receiver(_)) if is_first => inputs.push(receiver),
            Ok(FnArg::Receiver(_)) => {}
            Err(_) if is_first => inputs.push(parse_quote!(&self)),
            Err(_) => {
                let named = word.and_then(|word| syn::parse2(quote!(#word: impl ::core::marker::Sized)).ok());
                inputs.extend(named);
            }
        }
    }
    inputs
}

/// What stands between the commas that no angle bracket encloses.
fn pieces(list: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    let mut depth = 0_usize;
    for token in list {
        if let TokenTree::Punct(mark) = &token {
            match mark.as_char() {
                '<' => depth += 1,
                '>' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    pieces.push(TokenStream::new());
                    continue;
                }
                _ => {}
            }
        }
        pieces.last_mut().expect("it starts with one").extend([token]);
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Behind the arrow, up to the semicolon; `None` where it is missing or half typed.
fn return_type(rest: TokenStream) -> Option<Type> {
    let mut rest = rest.into_iter();
    let is_mark = |token: &TokenTree, mark: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
    let arrow = [rest.next()?, rest.next()?];
    let tokens: TokenStream = rest.take_while(|token| !is_mark(token, ';')).collect();
    (is_mark(&arrow[0], '-') && is_mark(&arrow[1], '>')).then(|| syn::parse2(tokens).ok()).flatten()
}
