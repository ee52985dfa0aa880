//! Status and outcome: the closure that reads an answer as the method's return type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use crate::model::Endpoint;
use crate::runtime::at;

pub(super) fn reader(endpoint: &Endpoint<'_>, runtime: &TokenStream) -> TokenStream {
    let output = endpoint.output;
    let runtime = at(output.span(), runtime);
    if !endpoint.has_variants() {
        return quote_spanned!(output.span()=> #runtime::__private::body::<#output>);
    }
    // Hygiene keeps locals apart, but a constant of the user's with such a name would become a pattern.
    let [question, outcome, reader] = ["__courier_question", "__courier_outcome", "__courier_reader"]
        .map(|name| Ident::new(name, Span::mixed_site()));
    let success = quote_spanned!(output.span()=> <#output as #runtime::__private::Returned>::Success);
    // The last one takes what is left, which is nothing: a status was found in one of the outcomes.
    let last = endpoint.outcomes.len() - 1;
    let variants = endpoint.outcomes.iter().enumerate().map(|(position, outcome)| {
        let variant = &outcome.variant;
        let pattern = if position == last { quote!(_) } else { quote!(#position) };
        quote_spanned!(outcome.name.span()=> #pattern => #reader.variant(<#success>::#variant),)
    });
    let variants: TokenStream = variants.collect();
    let function = quote_spanned!(output.span()=> #runtime::__private::variants::<#output>);
    quote_spanned! {Span::mixed_site()=>
        |#question| #function(#question, |#outcome, #reader| match #outcome { #variants })
    }
}
