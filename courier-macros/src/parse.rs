//! Syntax only, no judgement: what was written, each value with its span.

mod attribute;
mod signature;
mod template;

pub(crate) use self::attribute::{Attribute, FixedHeader, METHODS, OutcomeSyntax, StatusSyntax, attribute};
pub(crate) use self::signature::{
    Argument, Kind, Method, bare, common_name, has_impl_trait, is_emitted, is_plain_data, is_shared, method, owner,
    success,
};
pub(crate) use self::template::{Placeholder, QueryPair, Style, Template, template};
