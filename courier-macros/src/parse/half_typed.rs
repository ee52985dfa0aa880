//! A method that is still being typed: what an editor needs of it to complete calls, and the rest of the declaration.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser as _;
use syn::{Attribute, FnArg, Generics, TraitItemFn, Type, parse_quote};

use super::method::Method;
use crate::diagnostics::Reported;

/// The name, and as much of the arguments and the return type as can be read.
pub(super) fn method(item: TokenStream, reported: Reported) -> Option<Method> {
    let mut tokens = item.into_iter().peekable();
    let (mut before, mut asyncness) = (TokenStream::new(), None);
    loop {
        match tokens.next()? {
            TokenTree::Ident(word) if word == "fn" => break,
            TokenTree::Ident(word) if word == "async" => asyncness = Some(word),
            TokenTree::Ident(_) => {}
            token => before.extend([token]),
        }
    }
    let name = syn::parse2::<Ident>(tokens.next()?.into()).ok()?;
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
    let output = return_type(tokens.collect()).map(|ty| quote!(-> #ty));
    let method = quote!(#(#attributes)* #asyncness fn #name #generics (#(#inputs),*) #output;);
    let item: TraitItemFn = syn::parse2(method).ok()?;
    Some(Method { item, arguments: vec![Err(reported)], output: Err(reported) })
}

/// Each argument that can be read. One that has only a name so far accepts everything.
fn inputs(list: TokenStream) -> Vec<FnArg> {
    let mut inputs: Vec<FnArg> = Vec::new();
    for piece in pieces(list) {
        let is_first = inputs.is_empty();
        let word = piece.clone().into_iter().find(|token| matches!(token, TokenTree::Ident(_)));
        match syn::parse2::<FnArg>(piece) {
            Ok(FnArg::Receiver(_)) if !is_first => {}
            Ok(argument) => inputs.push(argument),
            Err(_) if is_first => inputs.push(parse_quote!(&self)),
            Err(_) => inputs.extend(syn::parse2::<FnArg>(quote!(#word: impl ::core::marker::Sized))),
        }
    }
    inputs
}

/// What is between the commas that no angle bracket encloses.
fn pieces(list: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    let mut depth = 0_usize;
    for token in list {
        match &token {
            TokenTree::Punct(mark) if mark.as_char() == '<' => depth += 1,
            TokenTree::Punct(mark) if mark.as_char() == '>' => depth = depth.saturating_sub(1),
            TokenTree::Punct(mark) if mark.as_char() == ',' && depth == 0 => {
                pieces.push(TokenStream::new());
                continue;
            }
            _ => {}
        }
        pieces.last_mut().expect("it starts with one").extend([token]);
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// What is between the arrow and the semicolon, if it is a type.
fn return_type(rest: TokenStream) -> Option<Type> {
    let is_mark = |token: &TokenTree, mark: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
    let mut rest = rest.into_iter();
    let is_arrow = is_mark(&rest.next()?, '-') && is_mark(&rest.next()?, '>');
    let tokens = rest.take_while(|token| !is_mark(token, ';')).collect();
    is_arrow.then(|| syn::parse2(tokens).ok()).flatten()
}
