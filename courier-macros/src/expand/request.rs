//! Declaration and request: the static `Endpoint`, and the values that fill its placeholders.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{LitStr, Type};

use super::at;
use crate::model::{Endpoint, Query};
use crate::parse::{Argument, FixedHeader, Kind, Method, Style};

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
    let attributed = endpoint.attributed.iter().map(|(argument, kind)| attributed(argument, kind, runtime));
    quote! {
        #runtime::__private::request(#declaration, &[#(#path_values),*]) #(#query)* #(#headers)* #(#attributed)*
    }
}

fn query(pair: &Query<'_>, runtime: &TokenStream) -> TokenStream {
    match pair {
        Query::Fixed(pair) => quote!(.query_fixed(#pair)),
        Query::Value { key, argument, style } => {
            let value = value(argument, "query_value", runtime);
            match style {
                Style::Repeated => quote!(.query(#key, #value)),
                Style::Joined(delimiter) => quote!(.query_joined(#key, #delimiter, #value)),
                Style::Json => quote!(.query_json(#key, #value)),
            }
        }
    }
}

fn attributed(argument: &Argument, kind: &Kind, runtime: &TokenStream) -> TokenStream {
    let value = |function: &str| value(argument, function, runtime);
    match kind {
        Kind::Query => {
            let value = value("query_value");
            quote!(.query_pairs(#value))
        }
        Kind::Header(name) => {
            let value = value("header_value");
            quote!(.header(#name, #value))
        }
        Kind::Body(media_type) => {
            let json = LitStr::new("application/json", argument.name.span());
            let media_type = media_type.as_ref().unwrap_or(&json);
            let value = value("body_value");
            let method = if is_option(&argument.ty) { quote!(json_optional) } else { quote!(json) };
            quote!(.#method(#media_type, #value))
        }
        Kind::Form => {
            let value = value("body_value");
            quote!(.form(#value))
        }
        Kind::Raw(media_type) => {
            let value = value("raw_value");
            quote!(.raw(#media_type, #value))
        }
        Kind::Multipart => {
            let value = value("multipart_value");
            quote!(.multipart(#value))
        }
    }
}

/// `path_value::<&str>(&message_id)`: a function that only checks the type, so that the compiler underlines it where it does not
/// fit. `impl Display` can't be named.
fn value(argument: &Argument, function: &str, runtime: &TokenStream) -> TokenStream {
    let Argument { name, ty, .. } = argument;
    let runtime = at(ty.span(), runtime);
    let function = Ident::new(function, ty.span());
    // A header's function has a type of its own before the value's.
    let turbofish = match has_impl_trait(ty) {
        true => None,
        false if function == "header_value" => Some(quote!(::<_, #ty>)),
        false => Some(quote!(::<#ty>)),
    };
    quote_spanned!(ty.span()=> #runtime::__private::#function #turbofish(&#name))
}

/// `Option<T>`, behind a reference or not: for JSON, `None` must be told from `null` by the type as it is written.
fn is_option(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Option"),
        Type::Group(group) => is_option(&group.elem),
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
