//! The mistakes of one declaration, collected, so that all are told in one go.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Attribute;

/// What the compiler shows: the culprit, the rule and the remedy, a line each.
pub(crate) struct Message {
    culprit: String,
    rule: &'static str,
    remedy: String,
}

impl Message {
    /// The first line is what an editor shows, and a name can be as long as its writer likes.
    const LONGEST: usize = 110;

    pub(crate) fn new(culprit: impl Into<String>, rule: &'static str, remedy: impl Into<String>) -> Self {
        Self { culprit: culprit.into(), rule, remedy: remedy.into() }
    }

    fn text(&self) -> String {
        let Self { culprit, rule, remedy } = self;
        let (culprit, remedy) = (shortened(culprit, Self::LONGEST), one_line(remedy));
        format!("{culprit}\nrule: {rule}\nhelp: {remedy}")
    }
}

#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    /// The builds that the method is in.
    conditions: Vec<Attribute>,
}

impl Diagnostics {
    /// An error at a place. It is better one of the user's tokens than the whole attribute: there the compiler adds that
    /// the error originates in a macro.
    pub(crate) fn at(&mut self, span: Span, message: &Message) {
        self.errors.push(syn::Error::new(span, message.text()));
    }

    /// An error that underlines all of `tokens`.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: &Message) {
        self.errors.push(syn::Error::new_spanned(tokens, message.text()));
    }

    /// The other place of a mistake that has two, right after its message: an error of a macro has only one.
    pub(crate) fn other_end(&mut self, span: Span, what_is_there: &str) {
        let what_is_there = shortened(what_is_there, Message::LONGEST - 25);
        self.errors.push(syn::Error::new(span, format!("same mistake, other end: {what_is_there}")));
    }

    /// Tells the mistakes of a method under `#[cfg(…)]` in those builds only that have it.
    pub(crate) fn only_under<'a>(&mut self, conditions: impl IntoIterator<Item = &'a Attribute>) {
        self.conditions.extend(conditions.into_iter().cloned());
    }

    /// Those of another part of the declaration, which stands behind.
    pub(crate) fn followed_by(&mut self, other: Self) {
        self.errors.extend(other.errors);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors as tokens, with what is emitted all the same.
    pub(crate) fn beside(self, tokens: TokenStream) -> TokenStream {
        let Self { errors, conditions } = self;
        let errors = errors.iter().map(syn::Error::to_compile_error);
        let errors = errors.map(|error| quote!(#(#conditions)* #error));
        errors.chain([tokens]).collect()
    }
}

/// The candidate that `written` was probably meant to be.
pub(crate) fn did_you_mean<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(written, candidate), candidate))
        .filter(|&(similarity, _)| similarity > 0.5)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// Tokens as a person writes them, and not too many: their own `Display` puts a space between any two.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    let spaced = tokens.into_token_stream().to_string();
    let spacing = [
        (" :: ", "::"),
        (":: ", "::"),
        (" : ", ": "),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        ("! (", "!("),
        (" ..= ", "..="),
        (" .. ", ".."),
        ("= >", "=>"),
        (" - ", "-"),
    ];
    let text = spacing.into_iter().fold(spaced, |text, (from, to)| text.replace(from, to));
    quoted(&text)
}

/// A quotation that leaves a message's line readable.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    shortened(text, LONGEST)
}

/// A quoted line's end would end the message's line.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn shortened(text: &str, longest: usize) -> String {
    let line = one_line(text);
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
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

/// `NotFound`, `notFound` and `NOT_FOUND` → `not_found`
pub(crate) fn snake_case(name: &str) -> String {
    if !name.chars().any(char::is_lowercase) {
        return name.to_lowercase();
    }
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}
