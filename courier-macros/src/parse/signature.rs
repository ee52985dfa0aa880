//! `async fn cancel(&self, message_id: &str) -> Result<Cancellation>;`

mod half_typed;
mod kind;
mod misplaced;
mod output;
mod pattern;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, Lifetime, Pat, PatType, Receiver, ReceiverKind, Safety, TraitItemFn, Type, Visibility};

pub(crate) use self::kind::{Kind, header_name, is_emitted, is_header_value, unquoted_header};
pub(crate) use self::output::{bare, common_name, has_impl_trait, is_plain_data, owner, success};
use crate::diagnostics::{Diagnostics, Message, written};
use crate::rules::{
    ASYNC_TRAIT, EVERY_BUILD, FILLED, ONE_ENDPOINT, OWN_NAME, PLACE, PLAIN_NAME, QUALIFIERS, RECEIVER, VISIBILITY,
};

/// A method that an endpoint can be. What it lacks has been told, and is `None`.
pub(crate) struct Method {
    /// As it was written, without what a method of a trait can't have.
    pub(crate) item: TraitItemFn,
    pub(crate) arguments: Vec<Argument>,
    /// Where an argument could not be read: a placeholder may have been meant for it.
    pub(crate) unread_argument: bool,
    pub(crate) output: Option<Type>,
    /// What a call gives, after errors too: there, what is inside of a future that was written out.
    pub(crate) returned: Option<Type>,
    /// Whether it is no `async fn`.
    pub(crate) blocking: bool,
    /// Whether its name, its arguments and its return type are all that could be read.
    pub(crate) half_typed: bool,
}

impl Method {
    /// The builds that it is in, where the attribute was called before the compiler saw to them.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }
}

/// `message_id: &str`
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    /// How it is sent, where an attribute of its own says so.
    pub(crate) kind: Option<Kind>,
}

impl Argument {
    /// The name as a template writes it, without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.name.unraw().to_string()
    }
}

/// Reads the item under the attribute; `Err`, and told, with what to emit, if it is no method.
/// `first` is the place of the attribute that it stands under.
pub(crate) fn method(
    item: TokenStream,
    first: Option<Span>,
    diagnostics: &mut Diagnostics,
) -> Result<Method, TokenStream> {
    if misplaced::mocked(&item, diagnostics).is_some() {
        return Err(item);
    }
    match visible_method.parse2(item.clone()) {
        Ok((_, item)) if item.default.is_some() => {
            misplaced::function(&item, diagnostics);
            // Outside of a trait too, it is best left alone. In a public trait the compiler warns of `async fn`.
            Err(quote::quote!(#[allow(async_fn_in_trait)] #item))
        }
        Ok((visibility, item)) => {
            if !matches!(visibility, Visibility::Inherited) {
                let culprit = format!("the method is `{}`", written(&visibility));
                let remedy = format!(
                    "remove `{}`, and if this is an `impl` block, move the method into a trait",
                    written(&visibility)
                );
                diagnostics.on(&visibility, &Message::new(culprit, VISIBILITY, remedy));
            }
            Ok(signature(item, first, diagnostics))
        }
        Err(error) => {
            if misplaced::item(&item, diagnostics) {
                return Err(item);
            }
            // What the parser found, without the list of what it would have taken.
            let found = error.to_string();
            let found = found.split(", expected one of").next().unwrap_or_default();
            let message = Message::new(
                format!("this method can't be read: {found}"),
                PLACE,
                "complete the signature: `async fn name(&self, …) -> Result<…>;`",
            );
            // Where it ends too soon there is no token, and the parser would have the whole attribute.
            let end = item.clone().into_iter().last().filter(|_| found.starts_with("unexpected end of input"));
            let place = match &end {
                Some(TokenTree::Group(group)) => group.span_close(),
                Some(token) => token.span(),
                None => error.span(),
            };
            diagnostics.at(place, &message);
            half_typed::method(item.clone()).ok_or(item)
        }
    }
}

/// The compiler reads `pub` on a method of a trait, and tells of it after the attribute was called.
fn visible_method(input: ParseStream<'_>) -> syn::Result<(Visibility, TraitItemFn)> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    let mut item: TraitItemFn = input.parse()?;
    item.attrs = attributes;
    Ok((visibility, item))
}

fn signature(mut item: TraitItemFn, first: Option<Span>, diagnostics: &mut Diagnostics) -> Method {
    second_endpoint(&mut item, first, diagnostics);
    if let Some(method) = rewritten(&item, diagnostics) {
        return method;
    }
    own_name(&item, diagnostics);
    qualifiers(&item, diagnostics);
    receiver(&item, diagnostics);
    let arguments: Vec<_> = typed(&item).map(|typed| argument(typed, diagnostics)).collect();
    let unread_argument = arguments.iter().any(Option::is_none);
    let arguments = arguments.into_iter().flatten().collect();
    same_names(&mut item, diagnostics);
    let output = output::output(&item, diagnostics);
    output::own(&mut item);
    let future = output.is_none().then(|| output::future(&item)).flatten();
    let blocking = item.sig.asyncness.is_none() && future.is_none();
    let returned = future.or_else(|| output::written(&item));
    Method { item, arguments, unread_argument, output, returned, blocking, half_typed: false }
}

fn typed(item: &TraitItemFn) -> impl Iterator<Item = &PatType> {
    item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    })
}

/// Arguments of one name: the first keeps it, so that the compiler does not tell it again.
fn same_names(item: &mut TraitItemFn, diagnostics: &mut Diagnostics) {
    let mut names: HashMap<String, Ident> = HashMap::new();
    for input in &mut item.sig.inputs {
        let FnArg::Typed(argument) = input else { continue };
        let Pat::Ident(pattern) = &*argument.pat else { continue };
        let name = pattern.ident.clone();
        let first = match names.entry(name.unraw().to_string()) {
            Entry::Occupied(first) => first.into_mut(),
            Entry::Vacant(place) => {
                place.insert(name);
                continue;
            }
        };
        let message =
            Message::new(format!("a second argument is called `{name}`"), FILLED, "give it a name of its own");
        diagnostics.at(name.span(), &message);
        diagnostics.other_end(first.span(), &format!("the first `{first}` is here"));
        *argument.pat = syn::parse_quote!(_);
    }
}

/// The other `#[endpoint]`, which would find a method that has a body already.
fn second_endpoint(item: &mut TraitItemFn, first: Option<Span>, diagnostics: &mut Diagnostics) {
    let is_endpoint =
        |attribute: &Attribute| attribute.path().segments.last().is_some_and(|name| name.ident == "endpoint");
    let name = &item.sig.ident;
    if let Some(second) = item.attrs.iter().find(|attribute| is_endpoint(attribute)) {
        let culprit = format!("the method `{name}` has a second `#[endpoint]`");
        diagnostics.on(second, &Message::new(culprit, ONE_ENDPOINT, "declare a method for each of them"));
        if let Some(first) = first {
            diagnostics.other_end(first, "the first `#[endpoint]` is here");
        }
    }
    item.attrs.retain(|attribute| !is_endpoint(attribute));
}

/// What `#[async_trait]` on the trait made of an `async fn`, with all its arguments in lifetimes of their own.
fn rewritten(item: &TraitItemFn, diagnostics: &mut Diagnostics) -> Option<Method> {
    let is_marker = |lifetime: &Lifetime| lifetime.ident == "async_trait";
    item.sig.generics.lifetimes().find(|parameter| is_marker(&parameter.lifetime))?;
    let name = &item.sig.ident;
    let culprit = format!("the trait of the method `{name}` is under `#[async_trait]`");
    let remedy = "remove `#[async_trait]`: the trait is dyn-compatible without it";
    diagnostics.at(name.span(), &Message::new(culprit, ASYNC_TRAIT, remedy));
    Some(Method {
        item: item.clone(),
        arguments: Vec::new(),
        unread_argument: true,
        output: None,
        returned: output::written(item),
        blocking: true,
        half_typed: false,
    })
}

/// With both traits in scope, and on every `T: Api` or `dyn Api`, a call would be ambiguous (E0034).
fn own_name(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let name = &item.sig.ident;
    let remedy = match &*name.to_string() {
        "send" => "name it after what it sends: `send_message`",
        "base_url" => "name it after the resource: `get_base_url`",
        _ => return,
    };
    diagnostics
        .at(name.span(), &Message::new(format!("`Transport` has a method called `{name}` too"), OWN_NAME, remedy));
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
        let message = Message::new(format!("the method is `{qualifier}`"), QUALIFIERS, format!("remove `{qualifier}`"));
        diagnostics.on(qualifier, &message);
    }
    if let Some(variadic) = &signature.variadic {
        let message = Message::new("the method is variadic", QUALIFIERS, "give each argument a name and a type");
        diagnostics.on(variadic, &message);
    }
}

fn receiver(item: &TraitItemFn, diagnostics: &mut Diagnostics) {
    let name = &item.sig.ident;
    let (place, culprit, remedy) = match item.sig.receiver() {
        None => (
            name.to_token_stream(),
            format!("the method `{name}` has no `&self`"),
            format!("write `fn {name}(&self, …)` in a trait: `trait Api: Transport {{ … }}`"),
        ),
        Some(receiver) if is_shared(receiver) => return,
        Some(receiver) => (
            receiver.to_token_stream(),
            format!("the method `{name}` takes `{}`", written(receiver)),
            "write `&self`".to_owned(),
        ),
    };
    diagnostics.on(place, &Message::new(culprit, RECEIVER, remedy));
}

/// `&self`, `&'a self` or `self: &Self`
pub(crate) fn is_shared(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
        ReceiverKind::Typed(_, ty) => matches!(&**ty, Type::Reference(ty) if ty.mutability.is_none()),
        _ => false,
    }
}

fn argument(argument: &PatType, diagnostics: &mut Diagnostics) -> Option<Argument> {
    let kind = kind::kind(&argument.attrs, &argument.pat, diagnostics);
    let condition = argument.attrs.iter().find(|attribute| kind::is_condition(attribute));
    if let Some(condition) = condition {
        let culprit = format!("the argument `{}` is under `#[cfg]`", written(&argument.pat));
        let remedy = "put the `#[cfg]` on the method, and declare one for each case";
        diagnostics.at(condition.path().span(), &Message::new(culprit, EVERY_BUILD, remedy));
    }
    match &*argument.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.mutability.is_none() && pattern.subpat.is_none() => {
            let argument = Argument { name: pattern.ident.clone(), ty: (*argument.ty).clone(), kind: kind.ok()? };
            condition.is_none().then_some(argument)
        }
        pattern => {
            let message = Message::new(
                format!("the argument `{}` is a pattern", written(pattern)),
                PLAIN_NAME,
                pattern::remedy(pattern, &argument.ty),
            );
            diagnostics.on(pattern, &message);
            None
        }
    }
}
