//! The vocabulary of types: what can be known of one from its tokens alone.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{GenericArgument, PathArguments, PathSegment, Token, Type, TypeParamBound, TypePath, parse_quote};

/// Without brackets, visible ones or those of a `macro_rules!`.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(ty) => bare(&ty.elem),
        Type::Paren(ty) => bare(&ty.elem),
        ty => ty,
    }
}

/// The name of a type that everyone knows. A path through another module can be any type.
pub(crate) fn common_name(ty: &Type) -> Option<String> {
    let Type::Path(TypePath { qself: None, path, .. }) = bare(ty) else { return None };
    let (first, last) = (path.segments.first()?, path.segments.last()?);
    let known = ["std", "core", "alloc", "courier_core"];
    (path.segments.len() == 1 || known.iter().any(|name| first.ident == name)).then(|| last.ident.to_string())
}

/// A type of the standard library that is read from JSON, by the name that it has unless someone hides it.
pub(crate) fn is_plain_data(ty: &Type) -> bool {
    const NAMES: [&str; 14] = [
        "Option", "Vec", "String", "bool", "u8", "u16", "i32", "i64", "u32", "u64", "f32", "f64", "HashMap", "BTreeMap",
    ];
    common_name(ty).is_some_and(|name| NAMES.contains(&&*name))
}

pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(bare(ty), Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// `Option<T>`, or a reference to one.
pub(crate) fn is_option(ty: &Type) -> bool {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Option"),
        Type::Reference(reference) => is_option(&reference.elem),
        _ => false,
    }
}

/// Whether the tokens of a type, at any depth, have one of these words: `impl`, or the name of a trait.
pub(crate) fn mentions(ty: impl ToTokens, words: &[&str]) -> bool {
    fn among(tokens: TokenStream, words: &[&str]) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => words.iter().any(|known| word == known),
            TokenTree::Group(group) => among(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    among(ty.into_token_stream(), words)
}

/// The types in the angle brackets of a segment.
pub(crate) fn arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// The success type of a `Result` that is written out: its first argument.
pub(crate) fn success(output: &Type) -> Option<&Type> {
    let Type::Path(output) = output else { return None };
    let result = output.path.segments.last().filter(|result| result.ident == "Result")?;
    arguments(result).into_iter().next().map(bare)
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

/// The references that a value of this type holds. A lifetime alone doesn't say so: `Cow<'_, str>` is read as an owned one.
/// A function pointer and a `PhantomData` hold none.
pub(crate) fn references(ty: &Type) -> Vec<&Type> {
    match bare(ty) {
        Type::Reference(reference) if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") => {
            vec![bare(ty)]
        }
        Type::Tuple(tuple) => tuple.elems.iter().flat_map(references).collect(),
        Type::Array(array) => references(&array.elem),
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident != "PhantomData" => arguments(last).into_iter().flat_map(references).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The output of a future: `impl Future<Output = …>`, boxed or not, or a `BoxFuture`.
pub(crate) fn output_of_future(ty: &Type) -> Option<&Type> {
    match ty {
        Type::ImplTrait(ty) => output_among(&ty.bounds),
        Type::TraitObject(ty) => output_among(&ty.bounds),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            match (&*last.ident.to_string(), &arguments(last)[..]) {
                ("Pin" | "Box", [inner]) => output_of_future(inner),
                ("BoxFuture" | "LocalBoxFuture", [output]) => Some(output),
                _ => None,
            }
        }
        _ => None,
    }
}

fn output_among(bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<&Type> {
    let future = bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().filter(|name| name.ident == "Future"),
        _ => None,
    })?;
    let PathArguments::AngleBracketed(arguments) = &future.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
        _ => None,
    })
}
