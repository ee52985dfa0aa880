//! The lines that the macro adds to a method's documentation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Meta};

use crate::diagnostics::written;
use crate::model::Endpoint;
use crate::parse::Outcome;

/// Method and template, a table of the outcomes, and a section on errors unless the user wrote one: for the method, or for its
/// declaration (without the section) if the method has no documentation. `missing_docs` warns of such a method as of any other.
pub(super) fn lines(endpoint: &Endpoint<'_>) -> (TokenStream, TokenStream) {
    let method = endpoint.method;
    let Some(written_first) = method.item.attrs.iter().find(|attribute| documentation(attribute).is_some()) else {
        return (TokenStream::new(), table(endpoint));
    };
    let table = table(endpoint);
    // At the place of what the user wrote: clippy ignores documentation that comes from a macro.
    let errors = (!has_errors_section(&method.item.attrs)).then(|| {
        quote_spanned! {written_first.span()=>
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " `courier_core::Error`: the request can't be built, no complete response arrives in time, its status is not in"]
            #[doc = " the table, or its body can't be read."]
        }
    });
    (quote!(#table #errors), TokenStream::new())
}

fn table(endpoint: &Endpoint<'_>) -> TokenStream {
    let request = format!(" `{} {}`", endpoint.http_method, endpoint.template.value());
    let outcomes = endpoint.outcomes.iter().map(|outcome| {
        let built = if endpoint.has_variants() { format!("`{}`", outcome.variant) } else { "the body".to_owned() };
        format!(" | {} | {built} |", statuses(outcome))
    });
    quote! {
        #[doc = ""]
        #[doc = #request]
        #[doc = ""]
        #[doc = " | status | outcome |"]
        #[doc = " |---|---|"]
        #(#[doc = #outcomes])*
        #[doc = " | any other | an error |"]
    }
}

fn has_errors_section(attributes: &[Attribute]) -> bool {
    attributes.iter().filter_map(documentation).any(|line| written(line).contains("# Errors"))
}

fn documentation(attribute: &Attribute) -> Option<&Expr> {
    match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => Some(&doc.value),
        _ => None,
    }
}

/// `200, 202` or `2xx`: a `|` would end the table's cell.
fn statuses(outcome: &Outcome) -> String {
    outcome.statuses().replace(" | ", ", ")
}
