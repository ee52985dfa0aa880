//! Outcome: what reads a response as the method's return type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use crate::model::Endpoint;
use crate::runtime::at;
use crate::types::{is_unit, success};

/// Whether a response without a body can be read as the one outcome's type: the compiler checks it here.
pub(super) fn check(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { output, runtime, .. } = endpoint;
    match &endpoint.outcomes[..] {
        [outcome] if endpoint.has_no_body(outcome) && !success(output).is_some_and(is_unit) => {}
        _ => return TokenStream::new(),
    }
    let runtime = at(output.span(), runtime);
    let success = quote_spanned!(output.span()=> <#output as #runtime::outcome::ReturnType>::Success);
    quote_spanned!(output.span()=> let _ = <#success as #runtime::outcome::NoBody<_>>::DECODER_WITHOUT_BODY;)
}

/// `<R as outcome::OneOutcome<_>>::body`, or a closure that captures nothing and names each variant once.
pub(super) fn reader(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { output, runtime, .. } = endpoint;
    let runtime_here = at(output.span(), runtime);
    if !endpoint.has_variants() {
        return quote_spanned!(output.span()=> <#output as #runtime_here::outcome::OneOutcome<_>>::body);
    }
    // Hygiene keeps locals apart, but a constant in scope with such a name would become a pattern.
    let [step, result, outcome, response] =
        ["__courier_step", "__courier_result", "__courier_outcome", "__courier_response"]
            .map(|name| Ident::new(name, Span::mixed_site()));
    // The last one takes the rest: the status belongs to one of the outcomes.
    let last = endpoint.outcomes.len() - 1;
    let variants = endpoint.outcomes.iter().enumerate().map(|(position, outcome)| {
        let (variant, span) = (&outcome.variant, outcome.name.span());
        let pattern = if position == last { quote!(_) } else { quote!(#position) };
        let success = quote_spanned!(output.span()=> #runtime_here::outcome::Success::<#output>);
        let runtime = at(span, runtime);
        let decoder = if endpoint.has_no_body(outcome) {
            quote_spanned!(span=> <_ as #runtime::outcome::NoBody<_>>::DECODER_WITHOUT_BODY)
        } else {
            quote_spanned!(span=> <_ as #runtime::outcome::Payload<_>>::DECODER)
        };
        quote_spanned!(span=> #pattern => #runtime::outcome::Variant::<#success, _>::read(<#success>::#variant, #response, #decoder),)
    });
    let variants: TokenStream = variants.collect();
    let several = quote_spanned!(output.span()=> <#output as #runtime_here::outcome::ReturnType>::several);
    let failure = quote_spanned!(output.span()=> <#output as #runtime_here::outcome::ReturnType>::Failure);
    let failure = quote_spanned!(output.span()=> <#failure as #runtime_here::outcome::Failure>::from_error);
    quote_spanned! {Span::mixed_site()=>
        |#step, #result| {
            #[allow(unused_imports)]
            use #runtime::outcome::UsualOutcomes as _;
            #several(#step, #result, #failure, |#outcome, #response| match #outcome { #variants })
        }
    }
}
