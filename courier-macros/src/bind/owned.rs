//! A call's outcome owns what it was read as.

use syn::{GenericArgument, PathArguments, Type};

use crate::diagnostics::{Diagnostics, Message, written};
use crate::parse::{Method, bare, owner, success};
use crate::rules::OWNED;

/// Tells where the success type borrows, or has no size: the compiler would tell it in terms of the decoder's lifetimes.
pub(super) fn owned(method: &Method, diagnostics: &mut Diagnostics) {
    let Some(success) = method.output.as_ref().and_then(success) else { return };
    if let Type::Reference(borrowed) = &success {
        let culprit = format!("the method returns the reference `{}`", written(borrowed));
        return diagnostics.on(borrowed, &Message::new(culprit, OWNED, remedy(&borrowed.elem)));
    }
    if owner(&success).is_some() {
        let culprit = format!("the method returns `{}`, which is never owned by itself", written(&success));
        return diagnostics.on(&success, &Message::new(culprit, OWNED, remedy(&success)));
    }
    let mut references = Vec::new();
    references_in(&success, &mut references);
    for borrowed in references {
        let culprit = format!("`{}` holds the reference `{}`", written(&success), written(borrowed));
        let Type::Reference(reference) = borrowed else { continue };
        diagnostics.on(borrowed, &Message::new(culprit, OWNED, remedy(&reference.elem)));
    }
}

/// What owns a value of this type: itself, where it has a size.
fn remedy(ty: &Type) -> String {
    match bare(ty) {
        Type::TraitObject(_) => "write the type that the answer's body is read as".to_owned(),
        ty => format!("write `{}`", written(owner(ty).as_ref().unwrap_or(ty))),
    }
}

/// Those that a value of this type holds. A lifetime alone does not say so: a `Cow<'_, str>` is read as an owned one. Nor does
/// a function's type, or one that is only a marker.
fn references_in<'t>(ty: &'t Type, found: &mut Vec<&'t Type>) {
    match bare(ty) {
        Type::Reference(reference) if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") => {
            found.push(bare(ty));
        }
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| references_in(ty, found)),
        Type::Array(array) => references_in(&array.elem, found),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last().filter(|last| last.ident != "PhantomData") else { return };
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return };
            for argument in &arguments.args {
                if let GenericArgument::Type(ty) = argument {
                    references_in(ty, found);
                }
            }
        }
        _ => {}
    }
}
