//! The mistakes of one declaration, collected so that the compiler reports all of them at once. The rules that messages cite are in
//! `rules`; the problem and the fix are worded where the mistake is found.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Attribute;

/// Proof that a mistake has been reported. What was written but can't be read is an `Err` of it.
#[derive(Clone, Copy)]
pub(crate) struct Reported(());

impl From<&Self> for Reported {
    fn from(reported: &Self) -> Self {
        *reported
    }
}

#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    /// The `#[cfg(…)]` of the method: its mistakes are reported only in builds that have it.
    conditions: Vec<Attribute>,
}

impl Diagnostics {
    /// The first line is what an editor shows, and a name can be as long as its author likes.
    const LONGEST: usize = 110;

    /// Reports a mistake at `span`: the problem, the [rule](crate::rules) and the fix, one line each. Prefer the span of a token
    /// to that of the whole attribute, for which the compiler adds that the error originates in a macro.
    pub(crate) fn at(&mut self, span: Span, rule: &str, problem: impl AsRef<str>, fix: impl AsRef<str>) -> Reported {
        self.errors.push(syn::Error::new(span, message(rule, problem.as_ref(), fix.as_ref())));
        Reported(())
    }

    /// The same, with all of `tokens` underlined.
    pub(crate) fn on(
        &mut self,
        tokens: impl ToTokens,
        rule: &str,
        problem: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) -> Reported {
        self.errors.push(syn::Error::new_spanned(tokens, message(rule, problem.as_ref(), fix.as_ref())));
        Reported(())
    }

    /// The other place of a mistake that has two. It follows the mistake, since a macro's error has only one place.
    pub(crate) fn other_end(&mut self, span: Span, what_is_there: &str) {
        let what_is_there = shortened(what_is_there, Self::LONGEST - 25);
        self.errors.push(syn::Error::new(span, format!("same mistake, other end: {what_is_there}")));
    }

    pub(crate) fn only_under<'a>(&mut self, conditions: impl IntoIterator<Item = &'a Attribute>) {
        self.conditions.extend(conditions.into_iter().cloned());
    }

    /// Appends the mistakes of a part of the declaration that comes later in the source.
    pub(crate) fn followed_by(&mut self, other: Self) {
        self.errors.extend(other.errors);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors as tokens, and `tokens` after them.
    pub(crate) fn and(self, tokens: TokenStream) -> TokenStream {
        let Self { errors, conditions } = self;
        let errors = errors.iter().map(syn::Error::to_compile_error);
        let errors = errors.map(|error| quote!(#(#conditions)* #error));
        errors.chain([tokens]).collect()
    }
}

fn message(rule: &str, problem: &str, fix: &str) -> String {
    format!("{}\nrule: {rule}\nhelp: {}", shortened(problem, Diagnostics::LONGEST), one_line(fix))
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

/// Tokens as a person writes them, shortened: their own `Display` has a space between any two.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    const SPACING: [(&str, &str); 15] = [
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
        ("# [", "#["),
        (" (", "("),
    ];
    let spaced = tokens.into_token_stream().to_string();
    quoted(&SPACING.into_iter().fold(spaced, |text, (from, to)| text.replace(from, to)))
}

/// A quotation that leaves the message's line readable.
pub(crate) fn quoted(text: &str) -> String {
    shortened(text, 60)
}

/// The end of a quoted line would end the message's line.
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
