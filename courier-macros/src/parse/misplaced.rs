//! The attribute on something that isn't a method of a trait.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Block, ImplItemFn, TraitItemFn};

use crate::diagnostics::Diagnostics;
use crate::rules::{AUTOMOCK, PLACE};

/// What `#[automock]` makes of a trait: its mock's methods, and what it adds to them, have the attribute too. One of them is
/// reported, and the others are left alone.
pub(super) fn is_mocked(item: &TokenStream, diagnostics: &mut Diagnostics) -> bool {
    fn names_mockall(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => word == "mockall" || word.to_string().starts_with("__mock_"),
            TokenTree::Group(group) => names_mockall(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    let method = syn::parse2::<ImplItemFn>(item.clone()).ok();
    let is_mocked = names_mockall(item.clone()) || syn::parse2::<Block>(item.clone()).is_ok();
    if let Some(ImplItemFn { sig, .. }) = method.filter(|_| is_mocked) {
        let name = &sig.ident;
        if !name.to_string().starts_with("expect_") {
            let problem = format!("the trait of the method `{name}` is under `#[automock]`");
            let fix =
                "remove it; in a test, a `MemoryTransport` plays the server, or `Call::ready` replaces one method";
            diagnostics.at(name.span(), AUTOMOCK, problem, fix);
        }
    }
    is_mocked
}

/// A function with a body, in a trait or elsewhere.
pub(super) fn function_with_a_body(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let name = &item.sig.ident;
    let (problem, fix) = if item.sig.receiver().is_some() {
        let fix = "in a trait, write `;` in place of the body; an `impl` block needs no `#[endpoint]`";
        (format!("the method `{name}` has a body"), fix.to_owned())
    } else {
        let fix =
            format!("declare it in a trait: `trait Api: Transport {{ async fn {name}(&self, …) -> Result<…>; }}`");
        (format!("`{name}` is a function, not a method of a trait"), fix)
    };
    diagnostics.on(name, PLACE, problem, fix);
}

/// The keyword and the name of an item that isn't a function.
pub(super) fn kind(item: &TokenStream) -> Option<(&'static str, TokenStream)> {
    const KINDS: [&str; 9] = ["trait", "struct", "enum", "union", "impl", "mod", "const", "static", "type"];
    let mut tokens = item.clone().into_iter();
    let kind = tokens.by_ref().find_map(|token| match token {
        TokenTree::Ident(word) if word == "fn" => Some(None),
        TokenTree::Ident(word) => KINDS.into_iter().find(|kind| word == kind).map(Some),
        _ => None,
    })??;
    let name = tokens.find(|token| matches!(token, TokenTree::Ident(word) if word != "mut"))?;
    let is_item = syn::parse2::<syn::Item>(item.clone()).is_ok() || syn::parse2::<syn::TraitItem>(item.clone()).is_ok();
    is_item.then(|| (kind, name.into()))
}
