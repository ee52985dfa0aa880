//! Placeholder meets argument, status meets outcome: every disagreement is collected.

mod arguments;
mod outcomes;
mod owned;

use proc_macro2::Ident;
use syn::LitStr;

use crate::diagnostics::{Diagnostics, Message, did_you_mean, list};
use crate::model::Endpoint;
use crate::parse::{Attribute, METHODS, Method};
use crate::rules::METHOD;

/// What was meant by what was written; `None`, and told, where that can't be said.
pub(crate) fn bind<'m>(
    attribute: &'m Attribute,
    method: &'m Method,
    diagnostics: &mut Diagnostics,
) -> Option<Endpoint<'m>> {
    let http_method = attribute.method.as_ref().and_then(|written| http_method(written, diagnostics));
    let arguments = arguments::by_name(method);
    let attributed = arguments::attributed(attribute, method, diagnostics);
    if let Some(template) = &attribute.template {
        arguments::agree(template, method, &arguments, diagnostics);
    }
    let outcomes = outcomes::outcomes(attribute, diagnostics);
    outcomes::agree(&outcomes, method, diagnostics);
    outcomes::no_body(attribute, &outcomes, method, diagnostics);
    owned::owned(method, diagnostics);

    let template = attribute.template.as_ref()?;
    Some(Endpoint {
        method: http_method?,
        template: LitStr::new(&template.text, template.span),
        path_values: arguments::path_values(template, &arguments),
        query: arguments::query(template, &arguments),
        headers: &attribute.headers,
        attributed,
        outcomes,
        idempotent: attribute.idempotent.is_some(),
        output: method.output.as_ref()?,
    })
}

fn http_method(written: &Ident, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let name = written.to_string();
    if METHODS.contains(&name.as_str()) {
        return Some(written.clone());
    }
    let remedy = match did_you_mean(&name.to_uppercase(), METHODS) {
        Some(method) if method.eq_ignore_ascii_case(&name) => format!("write `{method}`"),
        Some(method) => format!("did you mean `{method}`?"),
        None => format!("write one of {}", list(METHODS)),
    };
    diagnostics.at(written.span(), &Message::new(format!("`{name}` is not an endpoint's HTTP method"), METHOD, remedy));
    None
}
