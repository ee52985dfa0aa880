//! The attribute on something that no trait has as a method.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Block, ImplItem, ImplItemFn, Item, TraitItem, TraitItemFn};

use crate::diagnostics::{Diagnostics, Message};
use crate::rules::{AUTOMOCK, PLACE};

/// What `#[automock]` makes of a trait: each of its methods, and what it adds to them, has the attribute too. `None` if this is not
/// that. One of them is reported, and the others are left alone.
pub(super) fn mocked(item: &TokenStream, diagnostics: &mut Diagnostics) -> Option<()> {
    fn names_mockall(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => word == "mockall" || word.to_string().starts_with("__mock_"),
            TokenTree::Group(group) => names_mockall(group.stream()),
            _ => false,
        })
    }
    let is_block = syn::parse2::<Block>(item.clone()).is_ok();
    if !is_block && !names_mockall(item.clone()) {
        return None;
    }
    let method = syn::parse2::<ImplItemFn>(item.clone()).ok();
    if let Some(ImplItemFn { sig, .. }) = method.filter(|method| !method.sig.ident.to_string().starts_with("expect_")) {
        let name = &sig.ident;
        let problem = format!("the trait of the method `{name}` is under `#[automock]`");
        let remedy =
            "remove `#[automock]`; in a test, a `MemoryTransport` plays the server, or `Call::ready` fakes one method";
        diagnostics.at(name.span(), &Message::new(problem, AUTOMOCK, remedy));
    }
    Some(())
}

/// A function with a body, in a trait or elsewhere.
pub(super) fn function(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let name = &item.sig.ident;
    let message = if item.sig.receiver().is_some() {
        Message::new(
            format!("the method `{name}` has a body"),
            PLACE,
            "in a trait, write `;` for the body; an `impl` block needs no `#[endpoint]`, since the trait has it",
        )
    } else {
        Message::new(
            format!("`{name}` is a function, not a method of a trait"),
            PLACE,
            format!("declare it in a trait: `trait Api: Transport {{ async fn {name}(&self, …) -> Result<…>; }}`"),
        )
    };
    diagnostics.on(name, &message);
}

/// Tells an item that is no function; `false` where it can't be read as one.
pub(super) fn item(item: &TokenStream, diagnostics: &mut Diagnostics) -> bool {
    let Some((kind, place)) = kind(item) else { return false };
    let remedy = match kind {
        "a trait" => "put it on each of the trait's methods; the trait itself needs no attribute",
        _ => "declare the call in a trait: `trait Api: Transport { … }`",
    };
    diagnostics.on(place, &Message::new(format!("`#[endpoint]` is on {kind}"), PLACE, remedy));
    true
}

fn kind(item: &TokenStream) -> Option<(&'static str, TokenStream)> {
    let found = match syn::parse2::<TraitItem>(item.clone()) {
        Ok(TraitItem::Const(item)) => ("a constant", item.ident.to_token_stream()),
        Ok(TraitItem::Type(item)) => ("a type", item.ident.to_token_stream()),
        Ok(TraitItem::Macro(item)) => ("the call of a macro", item.mac.path.to_token_stream()),
        _ => match syn::parse2::<Item>(item.clone()).ok()? {
            Item::Trait(item) => ("a trait", item.ident.to_token_stream()),
            Item::Struct(item) => ("a struct", item.ident.to_token_stream()),
            Item::Enum(item) => ("an enum", item.ident.to_token_stream()),
            Item::Impl(item) => ("an `impl` block", item.self_ty.to_token_stream()),
            Item::Mod(item) => ("a module", item.ident.to_token_stream()),
            Item::Const(item) => ("a constant", item.ident.to_token_stream()),
            Item::Static(item) => ("a static", item.ident.to_token_stream()),
            Item::Type(item) => ("a type", item.ident.to_token_stream()),
            Item::Verbatim(_) | Item::Fn(_) => match syn::parse2::<ImplItem>(item.clone()) {
                Ok(ImplItem::Const(item)) => ("a constant", item.ident.to_token_stream()),
                Ok(ImplItem::Type(item)) => ("a type", item.ident.to_token_stream()),
                _ => return None,
            },
            other => ("something that is not a method", other.into_token_stream()),
        },
    };
    Some(found)
}
