//! Tokens keep their places in the user's code, so that an editor finds what was written from the expansion, and back.

use std::ops::Range;

use proc_macro2::{Ident, TokenStream, TokenTree};

const ATTRIBUTE: &str = "POST, \"/messages/<message_id>/cancel?<reason>\", ok = 200, conflict = 409";
const METHOD: &str =
    "async fn cancel(&self, message_id: &str, reason: &str, #[body] note: &Note) -> Result<Cancellation>;";

fn expanded(attribute: &str, method: &str) -> (TokenStream, TokenStream, TokenStream) {
    let [attribute, method] = [attribute, method].map(|text| text.parse::<TokenStream>().expect(text));
    let expanded = crate::endpoint::endpoint(attribute.clone(), method.clone(), None);
    (attribute, method, expanded)
}

/// The places of all words of this name, each once.
fn places(tokens: TokenStream, name: &str) -> Vec<Range<usize>> {
    let mut places: Vec<_> = words(tokens).iter().filter(|word| *word == name).map(place).collect();
    places.dedup();
    places
}

fn place(word: &Ident) -> Range<usize> {
    word.span().byte_range()
}

fn words(tokens: TokenStream) -> Vec<Ident> {
    let words = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Ident(word) => vec![word],
        TokenTree::Group(group) => words(group.stream()),
        _ => Vec::new(),
    });
    words.collect()
}

#[test]
fn an_argument_is_used_at_the_place_where_it_is_declared() {
    let (_, method, expanded) = expanded(ATTRIBUTE, METHOD);
    for argument in ["message_id", "reason", "note"] {
        let uses = words(expanded.clone()).iter().filter(|word| *word == argument).count();
        assert!(uses >= 2, "declared and used: {argument} is there {uses} times");
        assert_eq!(places(expanded.clone(), argument), places(method.clone(), argument), "{argument}");
    }
}

#[test]
fn a_variant_is_named_at_the_place_of_its_outcome() {
    let (attribute, _, expanded) = expanded(ATTRIBUTE, METHOD);
    for (outcome, variant) in [("ok", "Ok"), ("conflict", "Conflict")] {
        let of_variant = places(expanded.clone(), variant);
        assert!(!of_variant.is_empty());
        assert_eq!(of_variant, places(attribute.clone(), outcome), "{outcome}");
    }
}

#[test]
fn the_method_and_its_types_are_where_they_were_written() {
    for attribute in [ATTRIBUTE, "POST, \"/<nothing>\""] {
        let (_, method, expanded) = expanded(attribute, METHOD);
        for word in ["cancel", "Note", "Cancellation"] {
            assert_eq!(places(expanded.clone(), word), places(method.clone(), word), "{word}");
        }
    }
}
