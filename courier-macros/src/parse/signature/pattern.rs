//! `Path(id): Path<u64>`, `(id, part): (&str, &str)`: an argument that is taken apart, and the plain one that was meant.

use syn::ext::IdentExt as _;
use syn::{Pat, Type};

use super::output::{bare, types};
use crate::diagnostics::{list, written};

/// What axum's extractors are for a call.
const EXTRACTORS: [(&str, &str); 4] =
    [("Path", ""), ("Query", "#[query] "), ("Json", "#[body] "), ("Form", "#[form] ")];

pub(super) fn remedy(pattern: &Pat, ty: &Type) -> String {
    let Some((extractor, inner, ty)) = extracted(pattern, ty) else {
        let arguments = plain(pattern, ty).into_iter().map(|(name, ty)| format!("{name}: {}", written(ty)));
        return format!("write `{}`", arguments.collect::<Vec<_>>().join(", "));
    };
    let plain = if extractor.is_empty() { plain(inner, &ty) } else { vec![(first_name(inner), &ty)] };
    let arguments = plain.iter().map(|(name, ty)| format!("{extractor}{name}: {}", written(ty)));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    if extractor.is_empty() {
        let placeholders: Vec<String> = plain.iter().map(|(name, _)| format!("<{name}>")).collect();
        let placeholders = list(placeholders.iter().map(String::as_str));
        return format!("write `{arguments}`, and {placeholders} in the template");
    }
    format!("write `{arguments}`")
}

/// The attribute that does what the extractor does, and what is in its brackets.
fn extracted<'p>(pattern: &'p Pat, ty: &Type) -> Option<(&'static str, &'p Pat, Type)> {
    let (Pat::TupleStruct(pattern), Type::Path(ty)) = (pattern, bare(ty)) else { return None };
    let name = &pattern.path.segments.last()?.ident;
    let (_, attribute) = EXTRACTORS.iter().find(|(extractor, _)| name == extractor)?;
    let (last, inner) = (ty.path.segments.last()?, pattern.elems.first()?);
    let ty = types(last).into_iter().next().filter(|_| last.ident == *name)?;
    Some((attribute, inner, ty))
}

/// An argument for each part of a tuple whose parts are names; else one.
fn plain<'t>(pattern: &Pat, ty: &'t Type) -> Vec<(String, &'t Type)> {
    match (pattern, ty) {
        (Pat::Tuple(names), Type::Tuple(types))
            if !types.elems.is_empty()
                && names.elems.len() == types.elems.len()
                && names.elems.iter().all(|name| matches!(name, Pat::Ident(_))) =>
        {
            names.elems.iter().map(first_name).zip(&types.elems).collect()
        }
        _ => vec![(first_name(pattern), ty)],
    }
}

fn first_name(pattern: &Pat) -> String {
    name(pattern).unwrap_or_else(|| "id".to_owned())
}

fn name(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Ident(pattern) => Some(pattern.ident.unraw().to_string()),
        Pat::Paren(pattern) => name(&pattern.pat),
        Pat::Reference(pattern) => name(&pattern.pat),
        Pat::Slice(pattern) => pattern.elems.iter().find_map(name),
        Pat::Struct(pattern) => pattern.fields.iter().find_map(|field| name(&field.pat)),
        Pat::Tuple(pattern) => pattern.elems.iter().find_map(name),
        Pat::TupleStruct(pattern) => pattern.elems.iter().find_map(name),
        _ => None,
    }
}
