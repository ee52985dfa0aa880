//! The parts of the attribute, which commas separate.

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::diagnostics::{Diagnostics, Message, written};
use crate::rules::SHAPE;

pub(super) struct Part {
    pub(super) tokens: TokenStream,
    /// The comma behind it: where there is nothing between two, it is the place to tell.
    pub(super) comma: Option<Span>,
}

/// Each part is read by itself, so that a mistake in one hides none in another. Where a comma is missing, or is another
/// mark, it is told, and the parts are what they would be with it.
pub(super) fn parts(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Part> {
    let mut parts = vec![Part { tokens: TokenStream::new(), comma: None }];
    let mut told_of_semicolons = false;
    let mut tokens = tokens.into_iter().peekable();
    let mut before: Option<TokenTree> = None;
    while let Some(token) = tokens.next() {
        let part = parts.last_mut().expect("it starts with one");
        match &token {
            TokenTree::Punct(mark) if matches!(mark.as_char(), ',' | ';') => {
                if mark.as_char() == ';' && !told_of_semicolons {
                    told_of_semicolons = true;
                    let message =
                        Message::new("there is a `;` between two parts", SHAPE, "write `,`, here and after it");
                    diagnostics.at(mark.span(), &message);
                }
                part.comma = Some(mark.span());
                parts.push(Part { tokens: TokenStream::new(), comma: None });
            }
            _ => {
                if is_missing_a_comma(before.as_ref(), &token, tokens.peek()) {
                    let after = written(before.iter().cloned().collect::<TokenStream>());
                    let shown = written(TokenStream::from(token.clone()));
                    let culprit = format!("there is no comma between `{after}` and `{shown}`");
                    let message = Message::new(culprit, SHAPE, format!("write `{after}, {shown}`"));
                    diagnostics.at(token.span(), &message);
                    parts.push(Part { tokens: TokenStream::new(), comma: None });
                }
                parts.last_mut().expect("it starts with one").tokens.extend([token.clone()]);
            }
        }
        before = Some(token);
    }
    // A trailing comma, or nothing at all.
    if parts.last().is_some_and(|part| part.tokens.is_empty()) {
        parts.pop();
    }
    parts
}

/// Whether a part seems to begin right behind another: within one, no word or literal follows another.
fn is_missing_a_comma(before: Option<&TokenTree>, token: &TokenTree, next: Option<&TokenTree>) -> bool {
    if !matches!(before, Some(TokenTree::Ident(_) | TokenTree::Literal(_))) {
        return false;
    }
    match token {
        TokenTree::Literal(literal) => literal.to_string().starts_with("\"/"),
        TokenTree::Ident(word) => {
            word == "idempotent" || matches!(next, Some(TokenTree::Punct(mark)) if mark.as_char() == '=')
        }
        _ => false,
    }
}
