//! Judges what two parts of a declaration have to agree on: placeholders and arguments, statuses and outcomes, outcomes and
//! the return type.

mod arguments;
mod outcomes;

use proc_macro2::TokenStream;

use self::arguments::Filled;
use crate::diagnostics::{Diagnostics, Reported};
use crate::model::Endpoint;
use crate::parse::{Attribute, Method};

/// The endpoint that was meant, or else the mistakes: `diagnostics` so far, and those that are found here.
pub(crate) fn bind<'m>(
    attribute: &'m Attribute,
    method: &'m Method,
    runtime: Result<&'m TokenStream, Reported>,
    mut diagnostics: Diagnostics,
) -> Result<Endpoint<'m>, Diagnostics> {
    let filled = arguments::agree(attribute, method, &mut diagnostics);
    outcomes::agree(attribute, method, &mut diagnostics);
    match endpoint(attribute, method, runtime, &filled) {
        Ok(endpoint) if diagnostics.is_empty() => Ok(endpoint),
        Ok(_) | Err(_) => Err(diagnostics),
    }
}

fn endpoint<'m>(
    attribute: &'m Attribute,
    method: &'m Method,
    runtime: Result<&'m TokenStream, Reported>,
    filled: &Filled<'m>,
) -> Result<Endpoint<'m>, Reported> {
    let template = attribute.template.as_ref()?;
    Ok(Endpoint {
        http_method: attribute.method.as_ref()?,
        template: template.text.as_ref()?,
        path_values: arguments::path_values(template, filled)?,
        query: arguments::query(template, filled)?,
        headers: attribute.headers.iter().map(Result::as_ref).collect::<Result<_, _>>()?,
        attributed: arguments::attributed(method)?,
        outcomes: attribute.outcomes.iter().map(Result::as_ref).collect::<Result<_, _>>()?,
        idempotent: attribute.idempotent,
        output: method.output.as_ref()?,
        method,
        runtime: runtime?,
    })
}
