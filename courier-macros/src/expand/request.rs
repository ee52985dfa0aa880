//! Declaration and request: the static `Endpoint`, and the values that fill its placeholders.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use crate::model::{Endpoint, Query};
use crate::parse::{Argument, FixedHeader, Kind, Style};
use crate::runtime::at;
use crate::types::{is_option, mentions};

/// `static DECLARATION: Endpoint = endpoint("cancel", Method::POST, "/messages/<message_id>/cancel", &[…], &[…], false)`, and a
/// reference to it. It remembers something, which a constant can't.
pub(super) fn declaration(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { http_method, template, outcomes, idempotent, method, runtime, .. } = endpoint;
    let name = method.plain_name();
    let path = path(&template.value(), runtime);
    let outcomes = outcomes.iter().map(|outcome| {
        let name = outcome.plain_name();
        let statuses = outcome.statuses.iter().map(|status| {
            let (first, last) = (status.range.start(), status.range.end());
            quote!(#first..=#last)
        });
        quote!(#runtime::__private::outcome(#name, const { &[#(#statuses),*] }))
    });
    // Only with `const` at each `&` are they `'static`.
    quote! {
        {
            static DECLARATION: #runtime::Endpoint = #runtime::__private::endpoint(
                #name,
                #runtime::__private::Method::#http_method,
                #template,
                &[#path],
                const { &[#(#outcomes),*] },
                #idempotent,
            );
            &DECLARATION
        }
    }
}

/// `PathPart::Fixed("/messages/"), PathPart::Segment("<message_id>", &[Placeholder { … }], ""), PathPart::Fixed("/cancel")`: the
/// path, split at compile time so that no call has to.
fn path(template: &str, runtime: &TokenStream) -> TokenStream {
    let path = template.split('?').next().unwrap_or_default();
    let (mut parts, mut fixed) = (TokenStream::new(), String::new());
    for segment in path.split('/').skip(1) {
        fixed.push('/');
        let Some((first, rest)) = segment.split_once('<') else {
            fixed.push_str(segment);
            continue;
        };
        let (mut before, mut rest, mut placeholders) = (first, rest, TokenStream::new());
        let end = loop {
            let (name, after) = rest.split_once('>').expect("the template was checked");
            let (name, several) = name.strip_suffix("..").map_or((name, false), |name| (name, true));
            placeholders
                .extend(quote!(#runtime::__private::Placeholder { before: #before, name: #name, several: #several },));
            match after.split_once('<') {
                Some(next) => (before, rest) = next,
                None => break after,
            }
        };
        parts.extend(quote! {
            #runtime::__private::PathPart::Fixed(#fixed),
            #runtime::__private::PathPart::Segment(#segment, &[#placeholders], #end),
        });
        fixed.clear();
    }
    if !fixed.is_empty() {
        parts.extend(quote!(#runtime::__private::PathPart::Fixed(#fixed),));
    }
    parts
}

/// `transport::as_dyn(self)`, so that a trait without `: Transport` is an error at its method's receiver.
pub(super) fn transport(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { method, runtime, .. } = endpoint;
    let receiver = method.item.sig.receiver().expect("an endpoint's method has `&self`");
    let this = &receiver.self_token;
    let runtime = at(this.span(), runtime);
    quote_spanned!(this.span()=> #runtime::transport::as_dyn(#this))
}

/// `request(declaration, &[path values]).query("cursor", &cursor).json("application/json", &body)`
pub(super) fn request(endpoint: &Endpoint<'_>, declaration: &TokenStream) -> TokenStream {
    let runtime = endpoint.runtime;
    let path_values = endpoint.path_values.iter().map(|argument| value(argument, "PathValue", "path_value", runtime));
    let query = endpoint.query.iter().map(|pair| query(pair, runtime));
    let headers = endpoint.headers.iter().map(|FixedHeader { name, value }| quote!(.header_fixed(#name, #value)));
    // Headers go last: they replace a body's media type, and an argument replaces a fixed header, which is its default.
    let is_header = |kind: &Kind| matches!(kind, Kind::Header(_));
    let (named, others): (Vec<_>, Vec<_>) = endpoint.attributed.iter().partition(|(_, kind)| is_header(kind));
    let [named, others] = [named, others].map(|arguments| {
        arguments.into_iter().map(|(argument, kind)| attributed(argument, kind, runtime)).collect::<TokenStream>()
    });
    quote! {
        #runtime::__private::request(#declaration, &[#(#path_values),*]) #(#query)* #others #(#headers)* #named
    }
}

fn query(pair: &Query<'_>, runtime: &TokenStream) -> TokenStream {
    match pair {
        Query::Fixed(pair) => quote!(.query_fixed(#pair)),
        Query::Value { key, argument, style } => {
            let value = |method| keyed_value(argument, "QueryValue", method, Some(key), runtime);
            match style {
                Style::Repeated => call("query", &value("query_value")),
                Style::Json => call("query", &value("query_json")),
                Style::Joined(delimiter) => {
                    let value = value("query_value");
                    quote!(.query_joined(#key, #delimiter, #value))
                }
            }
        }
    }
}

fn attributed(argument: &Argument, kind: &Kind, runtime: &TokenStream) -> TokenStream {
    let value = |asked, method| value(argument, asked, method, runtime);
    // For JSON, `None` and `null` are different, so the type as it is written decides.
    let optional = is_option(&argument.ty);
    match kind {
        Kind::Query => call("query", &value("QueryValue", "query_pairs")),
        Kind::Multipart => call("multipart", &moved(argument, "MultipartBody", "form", runtime)),
        Kind::Header(name) => {
            let value = value("HeaderText", "header_text");
            quote!(.header(#name, #value))
        }
        Kind::Body(media_type) => {
            let json = if optional { value("OptionalBody", "optional_json") } else { value("BodyValue", "json") };
            let media_type = media_type.as_ref().map_or_else(|| quote!("application/json"), ToTokens::to_token_stream);
            quote!(.body(#media_type, #json))
        }
        Kind::Form => {
            let form = if optional { value("OptionalBody", "optional_form") } else { value("BodyValue", "form") };
            quote!(.body("application/x-www-form-urlencoded", #form))
        }
        Kind::Raw(media_type) => {
            let body = moved(argument, "RawBody", "into_body", runtime);
            quote!(.raw(#media_type, #body))
        }
    }
}

fn call(method: &str, value: &TokenStream) -> TokenStream {
    let method = Ident::new(method, Span::call_site());
    quote!(.#method(#value))
}

fn value(argument: &Argument, asked: &str, method: &str, runtime: &TokenStream) -> TokenStream {
    keyed_value(argument, asked, method, None, runtime)
}

/// The same, by value: a stream can be read only once.
fn moved(argument: &Argument, asked: &str, method: &str, runtime: &TokenStream) -> TokenStream {
    let Argument { name, ty, .. } = argument;
    let called = called(ty, asked, method, runtime);
    quote_spanned!(ty.span()=> #called(#name))
}

fn keyed_value(
    argument: &Argument,
    asked: &str,
    method: &str,
    key: Option<&str>,
    runtime: &TokenStream,
) -> TokenStream {
    let Argument { name, ty, .. } = argument;
    let called = called(ty, asked, method, runtime);
    let key = key.map(|key| quote!(, #key));
    quote_spanned!(ty.span()=> #called(&#name #key))
}

/// `<&str as argument::QueryValue>::query_value`: the one place where the argument's type must have what is `asked` of it, so that
/// the compiler underlines it, once. A function with a bound would be shown as well. `impl Display` can't be named.
fn called(ty: &Type, asked: &str, method: &str, runtime: &TokenStream) -> TokenStream {
    let runtime = at(ty.span(), runtime);
    let [asked, method] = [asked, method].map(|name| Ident::new(name, ty.span()));
    // The marker that keeps its implementations apart is inferred.
    let marker = (asked == "HeaderText").then(|| quote!(::<_>));
    let asked = quote_spanned!(ty.span()=> #runtime::argument::#asked #marker);
    let asked = if mentions(ty, &["impl"]) { asked } else { quote_spanned!(ty.span()=> <#ty as #asked>) };
    quote_spanned!(ty.span()=> #asked::#method)
}
