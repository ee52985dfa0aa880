//! The mistakes of one declaration, collected, so that all are told in one go.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// What the compiler shows: the culprit, the rule and the remedy, a line each.
pub(crate) struct Message {
    culprit: String,
    rule: &'static str,
    remedy: String,
}

impl Message {
    pub(crate) fn new(culprit: impl Into<String>, rule: &'static str, remedy: impl Into<String>) -> Self {
        Self { culprit: culprit.into(), rule, remedy: remedy.into() }
    }

    fn text(&self) -> String {
        let Self { culprit, rule, remedy } = self;
        format!("{culprit}\nrule: {rule}\nhelp: {remedy}")
    }
}

#[derive(Default)]
pub(crate) struct Diagnostics(Vec<syn::Error>);

impl Diagnostics {
    /// An error at a place.
    pub(crate) fn at(&mut self, span: Span, message: &Message) {
        self.0.push(syn::Error::new(span, message.text()));
    }

    /// An error that underlines all of `tokens`.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: &Message) {
        self.0.push(syn::Error::new_spanned(tokens, message.text()));
    }

    /// The other end of a mismatch: one line, at its place.
    pub(crate) fn note(&mut self, span: Span, note: &str) {
        self.0.push(syn::Error::new(span, note));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors as tokens, with what is emitted all the same.
    pub(crate) fn beside(self, tokens: TokenStream) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).chain([tokens]).collect()
    }
}

/// The candidate that `written` was probably meant to be.
pub(crate) fn did_you_mean<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(written, candidate), candidate))
        .filter(|&(similarity, _)| similarity >= 0.5)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// Tokens as a person writes them: their own `Display` puts a space between any two.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    let spaced = tokens.into_token_stream().to_string();
    [(" :: ", "::"), (":: ", "::"), (" <", "<"), ("< ", "<"), (" >", ">"), ("& ", "&"), (" ,", ",")]
        .into_iter()
        .fold(spaced, |text, (from, to)| text.replace(from, to))
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// `NotFound` → `not_found`
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}
