//! The lines that the macro adds to a method's documentation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Meta};

use crate::diagnostics::written;
use crate::model::{Endpoint, Outcome};
use crate::parse::Method;

/// Method and template, a table of the outcomes, and a section on errors where the user wrote none: for the method, or,
/// without that section, for its declaration where the method has no documentation. Of such a method the compiler warns as
/// of one written by hand.
pub(super) fn lines(endpoint: &Endpoint<'_>, method: &Method) -> (TokenStream, TokenStream) {
    let Some(written_first) = method.item.attrs.iter().find(|attribute| documentation(attribute).is_some()) else {
        return (TokenStream::new(), table(endpoint));
    };
    let table = table(endpoint);
    // At the place of what the user wrote: clippy looks for the section in no documentation of a macro's.
    let errors = (!has_errors_section(&method.item.attrs)).then(|| {
        quote_spanned! {written_first.span()=>
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " A request that can't be built, no complete answer in time, a status that is not in the table, or a body"]
            #[doc = " that can't be read: `courier_core::Error`."]
        }
    });
    (quote!(#table #errors), TokenStream::new())
}

fn table(endpoint: &Endpoint<'_>) -> TokenStream {
    let request = format!(" `{} {}`", endpoint.method, endpoint.template.value());
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
    let statuses = outcome.statuses.iter().map(|range| match (range.start(), range.end()) {
        (first, last) if first == last => first.to_string(),
        (first, _) => format!("{}xx", first / 100),
    });
    statuses.collect::<Vec<_>>().join(", ")
}
