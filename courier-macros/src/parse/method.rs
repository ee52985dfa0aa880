//! `async fn cancel(&self, message_id: &str) -> Result<Cancellation>;`

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, FnArg, Receiver, ReceiverKind, ReturnType, Safety, TraitItemFn, Type, Visibility};

use super::argument::{Argument, argument};
use super::{half_typed, misplaced};
use crate::diagnostics::{Diagnostics, Reported, written};
use crate::rules::{ASYNC_TRAIT, ONE_ENDPOINT, OWN_NAME, OWNED, PLACE, QUALIFIERS, RECEIVER, RESULT, VISIBILITY};
use crate::types::{bare, is_plain_data, mentions, output_of_future, owner, references, success};

/// A method under the attribute.
pub(crate) struct Method {
    /// As it was written, without its visibility.
    pub(crate) item: TraitItemFn,
    pub(crate) arguments: Vec<Result<Argument, Reported>>,
    pub(crate) output: Result<Type, Reported>,
}

impl Method {
    /// Whether it isn't an `async fn`.
    pub(crate) fn is_blocking(&self) -> bool {
        self.item.sig.asyncness.is_none()
    }

    /// The name without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.item.sig.ident.unraw().to_string()
    }

    /// The builds that the method is in, if the attribute comes before the `#[cfg(…)]`.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// The return type as it was written.
    pub(crate) fn written_output(&self) -> Option<&Type> {
        written_output(&self.item)
    }
}

fn written_output(item: &TraitItemFn) -> Option<&Type> {
    match &item.sig.output {
        ReturnType::Type(_, ty) => Some(ty),
        ReturnType::Default => None,
    }
}

/// Reads the item under the attribute whose first token is at `first`. If it isn't a method, what to emit in its place.
pub(crate) fn method(
    item: TokenStream,
    first: Option<Span>,
    diagnostics: &mut Diagnostics,
) -> Result<Method, TokenStream> {
    if misplaced::is_mocked(&item, diagnostics) {
        return Err(item);
    }
    match visible_method.parse2(item.clone()) {
        Ok((_, item)) if item.default.is_some() => {
            misplaced::function_with_a_body(&item, diagnostics);
            // In a public trait, the compiler warns of `async fn`.
            Err(quote!(#[allow(async_fn_in_trait)] #item))
        }
        Ok((visibility, item)) => {
            if !matches!(visibility, Visibility::Inherited) {
                let shown = written(&visibility);
                let fix = format!("remove `{shown}`; if this is an `impl` block, move the method into a trait");
                diagnostics.on(&visibility, VISIBILITY, format!("the method is `{shown}`"), fix);
            }
            Ok(signature(item, first, diagnostics))
        }
        Err(error) => {
            if let Some((kind, name)) = misplaced::kind(&item) {
                let fix = match kind {
                    "trait" => "put it on each of the trait's methods; the trait itself needs no attribute",
                    _ => "declare the call in a trait: `trait Api: Transport { … }`",
                };
                diagnostics.on(&name, PLACE, format!("`#[endpoint]` is on `{kind} {}`", written(&name)), fix);
                return Err(item);
            }
            // What the parser found, without the list of what it would have taken.
            let found = error.to_string();
            let found = found.split(", expected one of").next().unwrap_or_default();
            // At the end there isn't a token, and the parser's place is the whole attribute.
            let end = item.clone().into_iter().last().filter(|_| found.starts_with("unexpected end of input"));
            let place = match &end {
                Some(TokenTree::Group(group)) => group.span_close(),
                Some(token) => token.span(),
                None => error.span(),
            };
            let fix = "complete the signature: `async fn name(&self, …) -> Result<…>;`";
            let reported = diagnostics.at(place, PLACE, format!("this method can't be read: {found}"), fix);
            half_typed::method(item.clone(), reported).ok_or(item)
        }
    }
}

/// The compiler accepts `pub` on a method of a trait here, and refuses it after the attribute was called.
fn visible_method(input: ParseStream<'_>) -> syn::Result<(Visibility, TraitItemFn)> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    let mut item: TraitItemFn = input.parse()?;
    item.attrs = attributes;
    Ok((visibility, item))
}

fn signature(item: TraitItemFn, first: Option<Span>, diagnostics: &mut Diagnostics) -> Method {
    let name = &item.sig.ident;
    if let Some(second) = item.attrs.iter().find(|attribute| is_endpoint(attribute)) {
        let problem = format!("the method `{name}` has a second `#[endpoint]`");
        diagnostics.on(second, ONE_ENDPOINT, problem, "declare a method for each of them");
        if let Some(first) = first {
            diagnostics.other_end(first, "the first `#[endpoint]` is here");
        }
    }
    // `#[async_trait]` gives all arguments lifetimes of their own.
    if item.sig.generics.lifetimes().any(|parameter| parameter.lifetime.ident == "async_trait") {
        let problem = format!("the trait of the method `{name}` is under `#[async_trait]`");
        let fix = "remove `#[async_trait]`: the trait is dyn-compatible without it";
        let reported = diagnostics.at(name.span(), ASYNC_TRAIT, problem, fix);
        return Method { item, arguments: vec![Err(reported)], output: Err(reported) };
    }
    own_name(&item, diagnostics);
    qualifiers(&item, diagnostics);
    receiver(&item, diagnostics);
    let typed = item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    let arguments = typed.map(|typed| argument(typed, diagnostics)).collect();
    let output = output(&item, diagnostics);
    Method { item, arguments, output }
}

pub(crate) fn is_endpoint(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|name| name.ident == "endpoint")
}

/// With both traits in scope, and on any `T: Api` or `dyn Api`, a call would be ambiguous (E0034).
fn own_name(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let name = &item.sig.ident;
    let fix = match &*name.to_string() {
        "send" => "name it after what it sends: `send_message`",
        "base_url" => "name it after the resource: `get_base_url`",
        "inner" => "name it after the resource: `get_inner`",
        _ => return,
    };
    diagnostics.at(name.span(), OWN_NAME, format!("`Transport` has a method called `{name}` too"), fix);
}

fn qualifiers(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let signature = &item.sig;
    let unsafety = match &signature.safety {
        Safety::Unsafe(token) => Some(token.to_token_stream()),
        Safety::Safe(token) => Some(token.to_token_stream()),
        Safety::Default => None,
    };
    let constness = signature.constness.as_ref().map(ToTokens::to_token_stream);
    let abi = signature.abi.as_ref().map(ToTokens::to_token_stream);
    for qualifier in [constness, unsafety, abi].into_iter().flatten() {
        let (problem, fix) = (format!("the method is `{qualifier}`"), format!("remove `{qualifier}`"));
        diagnostics.on(qualifier, QUALIFIERS, problem, fix);
    }
    if let Some(variadic) = &signature.variadic {
        diagnostics.on(variadic, QUALIFIERS, "the method is variadic", "give each argument a name and a type");
    }
}

fn receiver(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let name = &item.sig.ident;
    match item.sig.receiver() {
        None => {
            let fix = format!("write `fn {name}(&self, …)` in a trait: `trait Api: Transport {{ … }}`");
            diagnostics.on(name, RECEIVER, format!("the method `{name}` has no `&self`"), fix);
        }
        Some(receiver) if !is_shared(receiver) => {
            let problem = format!("the method `{name}` takes `{}`", written(receiver));
            diagnostics.on(receiver, RECEIVER, problem, "write `&self`");
        }
        Some(_) => {}
    }
}

/// `&self`, `&'a self` or `self: &Self`
pub(crate) fn is_shared(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
        ReceiverKind::Typed(_, ty) => matches!(&**ty, Type::Reference(ty) if ty.mutability.is_none()),
        _ => false,
    }
}

/// The return type, if it can be that of an endpoint. An alias of `Result` can have any name: the compiler checks that.
fn output(item: &TraitItemFn, diagnostics: &mut Diagnostics) -> Result<Type, Reported> {
    let name = &item.sig.ident;
    let Some(ty) = written_output(item) else {
        let fix = "write `-> Result<Message>` with the type of the response's body, or `-> Result<()>` without one";
        return Err(diagnostics.on(name, RESULT, format!("the method `{name}` has no return type"), fix));
    };
    let shown = written(ty);
    let is_path = matches!(bare(ty), Type::Path(_) | Type::Macro(_) | Type::Infer(_) | Type::Verbatim(_));
    let (problem, fix) = if let Some(output) = output_of_future(ty) {
        let output = written(output);
        let output = if output.contains("Result") { output } else { format!("Result<{output}>") };
        let fix = format!("write `async fn {name}(…) -> {output}`; the call that it returns is a future");
        (format!("the method `{name}` returns a future, `{shown}`"), fix)
    } else if mentions(ty, &["Stream", "TryStream", "BoxStream", "LocalBoxStream"]) {
        let fix = "return one page, `Result<Page>`, and make a stream of all pages with `courier_core::paging::items`";
        (format!("the method `{name}` returns a stream, `{shown}`"), fix.to_owned())
    } else if mentions(ty, &["impl"]) {
        let fix = "name the type that the response's body is read as: `Result<Message>`";
        (format!("the method `{name}` returns an unnamed type, `{shown}`"), fix.to_owned())
    } else if !is_path || is_plain_data(ty) {
        let fix = format!("write `-> courier_core::Result<{shown}>`");
        (format!("the method `{name}` returns `{shown}`, which is not a `Result`"), fix)
    } else {
        return match success(ty).and_then(|success| borrowed(success, diagnostics)) {
            Some(reported) => Err(reported),
            None => Ok(ty.clone()),
        };
    };
    Err(diagnostics.on(ty, RESULT, problem, fix))
}

/// The success type borrows, or has no size. The compiler would report it in terms of the decoder's lifetimes.
fn borrowed(success: &Type, diagnostics: &mut Diagnostics) -> Option<Reported> {
    let fix = |ty: &Type| match bare(ty) {
        Type::TraitObject(_) => "name the type that the response's body is read as".to_owned(),
        ty => format!("write `{}`", written(owner(ty).as_ref().unwrap_or(ty))),
    };
    let shown = written(success);
    if let Type::Reference(reference) = success {
        let problem = format!("the method returns the reference `{shown}`");
        return Some(diagnostics.on(success, OWNED, problem, fix(&reference.elem)));
    }
    if owner(success).is_some() {
        let problem = format!("the method returns `{shown}`, which has no size");
        return Some(diagnostics.on(success, OWNED, problem, fix(success)));
    }
    let report = |borrowed: &Type| {
        let Type::Reference(reference) = borrowed else { return None };
        let problem = format!("`{shown}` holds the reference `{}`", written(borrowed));
        Some(diagnostics.on(borrowed, OWNED, problem, fix(&reference.elem)))
    };
    references(success).into_iter().filter_map(report).last()
}
