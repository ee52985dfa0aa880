//! Syntax only, no judgement: what was written, each value with its span.

mod attribute;
mod signature;
mod template;

pub(crate) use self::attribute::{Attribute, OutcomeSyntax, StatusSyntax, attribute};
pub(crate) use self::signature::{Argument, Method, is_argument_kind, is_shared, method};
pub(crate) use self::template::{Template, template};
