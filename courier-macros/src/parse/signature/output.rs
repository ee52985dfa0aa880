//! `Result<Cancellation>`: the return type.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, PathArguments, PathSegment, ReturnType, Token, TraitItemFn, Type,
    TypeParamBound, TypePath, parse_quote,
};

use crate::diagnostics::{self, Diagnostics, Message};
use crate::rules::RESULT;

/// The return type, where it can be that of an endpoint's method.
pub(super) fn output(item: &TraitItemFn, diagnostics: &mut Diagnostics) -> Option<Type> {
    let name = &item.sig.ident;
    let Some(ty) = written(item) else {
        let message = Message::new(
            format!("the method `{name}` has no return type"),
            RESULT,
            "write `-> Result<Message>` with the type of the answer's body, or `-> Result<()>` for none",
        );
        diagnostics.on(name, &message);
        return None;
    };
    let shown = diagnostics::written(&ty);
    let (culprit, remedy) = if let Some(output) = future(item) {
        let output = diagnostics::written(&output);
        let output = if output.contains("Result") { output } else { format!("Result<{output}>") };
        let remedy = format!("write `async fn {name}(…) -> {output}`; the call that it returns is a future");
        (format!("the method `{name}` returns a future, `{shown}`"), remedy)
    } else if is_stream(&ty) {
        let remedy =
            "return one page, `Result<Page>`, and make a stream of all pages with `courier_core::paging::items`";
        (format!("the method `{name}` returns a stream, `{shown}`"), remedy.to_owned())
    } else if has_impl_trait(&ty) {
        let remedy = "name the type that the response's body is read as: `Result<Message>`".to_owned();
        (format!("the method `{name}` returns an unnamed type, `{shown}`"), remedy)
    } else if is_surely_no_result(&ty) {
        let remedy = format!("write `-> courier_core::Result<{shown}>`");
        (format!("the method `{name}` returns `{shown}`, which is not a `Result`"), remedy)
    } else {
        return Some(ty);
    };
    diagnostics.on(&ty, &Message::new(culprit, RESULT, remedy));
    None
}

/// `impl Stream<Item = T>`, boxed or in a `Result`, or a `BoxStream`.
fn is_stream(ty: &Type) -> bool {
    contains(ty.to_token_stream(), &["Stream", "TryStream", "BoxStream", "LocalBoxStream"])
}

pub(crate) fn has_impl_trait(ty: &Type) -> bool {
    contains(ty.to_token_stream(), &["impl"])
}

fn contains(tokens: TokenStream, words: &[&str]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => words.iter().any(|known| word == known),
        TokenTree::Group(group) => contains(group.stream(), words),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The return type as it was written.
pub(super) fn written(item: &TraitItemFn) -> Option<Type> {
    match &item.sig.output {
        ReturnType::Type(_, ty) => Some((**ty).clone()),
        ReturnType::Default => None,
    }
}

/// What the future gives, where one is returned: `impl Future<Output = …>`, boxed, or a `BoxFuture`.
pub(super) fn future(item: &TraitItemFn) -> Option<Type> {
    future_of(&written(item)?)
}

fn future_of(ty: &Type) -> Option<Type> {
    match ty {
        Type::ImplTrait(ty) => output_among(&ty.bounds),
        Type::TraitObject(ty) => output_among(&ty.bounds),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            match (&*last.ident.to_string(), types(last).as_slice()) {
                ("Pin" | "Box", [inner]) => future_of(inner),
                ("BoxFuture" | "LocalBoxFuture", [output]) => Some(output.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn output_among(bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<Type> {
    let future = bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().filter(|name| name.ident == "Future"),
        _ => None,
    })?;
    arguments(future)?.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(output) if output.ident == "Output" => Some(output.ty.clone()),
        _ => None,
    })
}

fn arguments(segment: &PathSegment) -> Option<&AngleBracketedGenericArguments> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    }
}

pub(super) fn types(segment: &PathSegment) -> Vec<Type> {
    let types =
        arguments(segment).into_iter().flat_map(|arguments| &arguments.args).filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        });
    types.collect()
}

/// The success type where it is written out: the first argument of a `Result`.
pub(crate) fn success(output: &Type) -> Option<Type> {
    let Type::Path(output) = output else { return None };
    let result = output.path.segments.last().filter(|result| result.ident == "Result")?;
    types(result).into_iter().next().map(|success| bare(&success).clone())
}

/// What owns a value of a type that has no size.
pub(crate) fn owner(ty: &Type) -> Option<Type> {
    match bare(ty) {
        Type::Slice(slice) => {
            let elem = &slice.elem;
            Some(parse_quote!(Vec<#elem>))
        }
        Type::Path(path) if path.path.is_ident("str") => Some(parse_quote!(String)),
        Type::TraitObject(object) => Some(parse_quote!(Box<#object>)),
        _ => None,
    }
}

/// Mends a success type without a size, which the compiler would tell of too.
pub(super) fn own(item: &mut TraitItemFn) {
    let ReturnType::Type(_, output) = &mut item.sig.output else { return };
    let Some(owner) = success(output).as_ref().and_then(owner) else { return };
    let Type::Path(output) = &mut **output else { return };
    let Some(PathArguments::AngleBracketed(arguments)) =
        output.path.segments.last_mut().map(|result| &mut result.arguments)
    else {
        return;
    };
    let success = arguments.args.iter_mut().find(|argument| matches!(argument, GenericArgument::Type(_)));
    if let Some(success) = success {
        *success = GenericArgument::Type(owner);
    }
}

/// Without the invisible brackets of a `macro_rules!`, and visible ones.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(ty) => bare(&ty.elem),
        Type::Paren(ty) => bare(&ty.elem),
        ty => ty,
    }
}

/// The type's name, where it can be one that everybody knows: a path by way of a module of the user's own can be any type.
pub(crate) fn common_name(ty: &Type) -> Option<String> {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return None };
    let (first, last) = (path.segments.first()?, path.segments.last()?);
    let is_common =
        path.segments.len() == 1 || ["std", "core", "alloc", "courier_core"].iter().any(|name| first.ident == name);
    is_common.then(|| last.ident.to_string())
}

/// Types of the standard library, by the names that they have unless somebody hides them.
pub(crate) fn is_plain_data(ty: &Type) -> bool {
    const NAMES: [&str; 14] = [
        "Option", "Vec", "String", "bool", "u8", "u16", "i32", "i64", "u32", "u64", "f32", "f64", "HashMap", "BTreeMap",
    ];
    common_name(ty).is_some_and(|name| NAMES.contains(&&*name))
}

/// What can be told from the name alone. An alias of `Result` can have any other: there the compiler tells.
fn is_surely_no_result(ty: &Type) -> bool {
    match bare(ty) {
        ty @ Type::Path(_) => is_plain_data(ty),
        Type::Macro(_) | Type::Infer(_) | Type::Verbatim(_) => false,
        _ => true,
    }
}
