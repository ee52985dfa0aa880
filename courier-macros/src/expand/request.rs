//! Declaration and request: the static `Endpoint`, and the values that fill its placeholders.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use crate::model::{Endpoint, Query};
use crate::parse::{Argument, FixedHeader, Kind, Method, Style};
use crate::runtime::at;

/// `::courier_core::__private::endpoint("cancel", Method::POST, "/messages/<message_id>/cancel", &[…], false)`
pub(super) fn declaration(endpoint: &Endpoint<'_>, method: &Method, runtime: &TokenStream) -> TokenStream {
    let Endpoint { method: http_method, template, outcomes, idempotent, .. } = endpoint;
    let name = method.item.sig.ident.unraw().to_string();
    let outcomes = outcomes.iter().map(|outcome| {
        let name = outcome.name.unraw().to_string();
        let statuses = outcome.statuses.iter().map(|range| {
            let (first, last) = (range.start(), range.end());
            quote!(#first..=#last)
        });
        quote!(#runtime::__private::outcome(#name, const { &[#(#statuses),*] }))
    });
    // `const` at each `&`: only so are they `'static`.
    quote! {
        const {
            &#runtime::__private::endpoint(
                #name,
                #runtime::__private::Method::#http_method,
                #template,
                const { &[#(#outcomes),*] },
                #idempotent,
            )
        }
    }
}

/// `transport(self)`, so that a trait without `: Transport` is told at its method's receiver.
pub(super) fn transport(method: &Method, runtime: &TokenStream) -> TokenStream {
    let receiver = method.item.sig.receiver().expect("an endpoint's method has `&self`");
    let this = &receiver.self_token;
    let runtime = at(this.span(), runtime);
    let function = Ident::new(if method.blocking { "transport_blocking" } else { "transport" }, this.span());
    quote_spanned!(this.span()=> #runtime::__private::#function(#this))
}

/// `request(declaration, &[path values]).query("cursor", &cursor).json("application/json", &body)`
pub(super) fn request(endpoint: &Endpoint<'_>, declaration: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let path_values = endpoint.path_values.iter().map(|argument| value(argument, "path_value", runtime));
    let query = endpoint.query.iter().map(|pair| query(pair, runtime));
    let headers = endpoint.headers.iter().map(|FixedHeader { name, value }| quote!(.header_fixed(#name, #value)));
    // What is said of a header in particular goes last: it has its way over a body's media type, and an argument over a fixed
    // header, which is its default.
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
            let value = |function| keyed_value(argument, function, Some(key), runtime);
            match style {
                Style::Repeated => call("query", &value("query_value")),
                Style::Json => call("query", &value("query_json_value")),
                Style::Joined(delimiter) => {
                    let value = value("query_value");
                    quote!(.query_joined(#key, #delimiter, #value))
                }
            }
        }
    }
}

fn attributed(argument: &Argument, kind: &Kind, runtime: &TokenStream) -> TokenStream {
    let value = |function| value(argument, function, runtime);
    match kind {
        Kind::Query => call("query", &value("query_pairs_value")),
        Kind::Multipart => call("multipart", &value("multipart_value")),
        Kind::Header(name) => {
            let value = value("header_value");
            quote!(.header(#name, #value))
        }
        Kind::Body(media_type) => {
            let function = if is_option(&argument.ty) { "json_optional_value" } else { "json_value" };
            let media_type = media_type.as_ref().map_or_else(|| quote!("application/json"), ToTokens::to_token_stream);
            body(&media_type, &value(function))
        }
        Kind::Form => {
            let function = if is_option(&argument.ty) { "form_optional_value" } else { "form_value" };
            body(&quote!("application/x-www-form-urlencoded"), &value(function))
        }
        Kind::Raw(media_type) => body(&media_type.to_token_stream(), &value("raw_value")),
    }
}

fn call(method: &str, value: &TokenStream) -> TokenStream {
    let method = Ident::new(method, Span::call_site());
    quote!(.#method(#value))
}

fn body(media_type: &TokenStream, value: &TokenStream) -> TokenStream {
    quote!(.body(#media_type, #value))
}

fn value(argument: &Argument, function: &str, runtime: &TokenStream) -> TokenStream {
    keyed_value(argument, function, None, runtime)
}

/// `query_value::<Option<&str>>("cursor", &cursor)`: the one place where the argument's type must fit, so that the compiler
/// underlines it, once. `impl Display` can't be named.
fn keyed_value(argument: &Argument, function: &str, key: Option<&str>, runtime: &TokenStream) -> TokenStream {
    let Argument { name, ty, .. } = argument;
    let runtime = at(ty.span(), runtime);
    let function = Ident::new(function, ty.span());
    let key = key.map(|key| quote!(#key,));
    let turbofish = if has_impl_trait(ty) {
        None
    } else if function == "header_value" {
        // Before the value's type stands the marker that is inferred.
        Some(quote!(::<_, #ty>))
    } else {
        Some(quote!(::<#ty>))
    };
    quote_spanned!(ty.span()=> #runtime::__private::#function #turbofish(#key &#name))
}

/// `Option<T>`, behind a reference or not: for JSON, `None` must be told from `null` by the type as it is written.
fn is_option(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Option"),
        Type::Group(group) => is_option(&group.elem),
        Type::Paren(paren) => is_option(&paren.elem),
        Type::Reference(reference) => is_option(&reference.elem),
        _ => false,
    }
}

fn has_impl_trait(ty: &Type) -> bool {
    fn among(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => word == "impl",
            TokenTree::Group(group) => among(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    among(ty.to_token_stream())
}
