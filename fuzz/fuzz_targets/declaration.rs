//! Given any declaration, valid, nearly valid or garbage, the macro quickly returns an expansion or compile errors. It
//! never panics.
#![no_main]

// A proc-macro crate can't be linked as a library, so this target compiles its modules, and imports them at its root.
#[path = "../../courier-macros/src"]
#[allow(dead_code, unreachable_pub)]
mod macros {
    pub(crate) mod bind;
    pub(crate) mod diagnostics;
    pub(crate) mod dialects;
    pub(crate) mod endpoint;
    pub(crate) mod expand;
    pub(crate) mod fallback;
    pub(crate) mod model;
    pub(crate) mod parse;
    pub(crate) mod rules;
    pub(crate) mod runtime;
    pub(crate) mod signature;
    pub(crate) mod types;
}
use macros::{bind, diagnostics, dialects, endpoint, expand, fallback, model, parse, rules, runtime, signature, types};

#[path = "declaration/fragments.rs"]
mod fragments;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, TraitItem};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    match declaration(&mut Unstructured::new(bytes)) {
        Ok((attribute, item)) => check(&attribute, &item),
        Err(_) => Corpus::Reject,
    }
});

/// The text of an attribute and of the item below it: the raw input, or a combination of fragments.
fn declaration(bytes: &mut Unstructured<'_>) -> Result<(String, String)> {
    if bytes.ratio(1, 4)? {
        let text = String::from_utf8_lossy(bytes.bytes(bytes.len())?).into_owned();
        let (attribute, item) = text.split_once('\n').unwrap_or((&text, fragments::ITEM));
        return Ok((attribute.to_owned(), item.to_owned()));
    }
    Ok((fragments::attribute(bytes)?, fragments::item(bytes)?))
}

fn check(attribute: &str, item: &str) -> Corpus {
    // Text that doesn't lex never reaches a macro.
    let (Ok(attribute_tokens), Ok(item_tokens)) = (attribute.parse::<TokenStream>(), item.parse::<TokenStream>())
    else {
        return Corpus::Reject;
    };
    let output = endpoint::endpoint(attribute_tokens, item_tokens, None);
    let items = items.parse2(output.clone());
    let Ok(items) = items else {
        // An item that can't be parsed is emitted unchanged, next to the errors.
        assert!(
            output.to_string().contains("compile_error"),
            "neither valid Rust nor an error: #[endpoint({attribute})] {item}"
        );
        return Corpus::Keep;
    };
    for item in &items {
        if let TraitItem::Macro(call) = item
            && call.mac.path.segments.last().is_some_and(|name| name.ident == "compile_error")
        {
            let message = call.mac.parse_body::<LitStr>().expect("a message").value();
            check_message(&message);
        }
    }
    Corpus::Keep
}

fn items(input: ParseStream<'_>) -> syn::Result<Vec<TraitItem>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(input.parse()?);
    }
    Ok(items)
}

/// A message has the problem, the rule and the help, or points to the other end of the previous problem.
fn check_message(message: &str) {
    let lines: Vec<&str> = message.lines().collect();
    let problem = lines.first().copied().unwrap_or_default();
    assert!(problem.chars().count() < 120, "the first line is too long: {message}");
    if !problem.starts_with("same mistake, other end: ") {
        let is_whole = lines.len() == 3 && lines[1].starts_with("rule: ") && lines[2].starts_with("help: ");
        assert!(is_whole, "not problem, rule and help: {message}");
    }
}
