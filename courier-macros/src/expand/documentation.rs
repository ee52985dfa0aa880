//! The lines that the macro adds to a method's documentation.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Endpoint, Outcome};

/// Method and template, and a table of the outcomes.
pub(super) fn of_method(endpoint: &Endpoint<'_>) -> TokenStream {
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
        #[doc = " | any other | `Error::Status` |"]
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
