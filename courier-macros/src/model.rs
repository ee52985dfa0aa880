//! What was meant: an endpoint that is valid by construction, for only [`bind`](crate::bind) makes one.

use std::ops::RangeInclusive;

use proc_macro2::Ident;
use syn::{LitStr, Type};

use crate::parse::Argument;

pub(crate) struct Endpoint<'m> {
    pub(crate) method: Ident,
    pub(crate) template: LitStr,
    /// The arguments that fill the placeholders, in the placeholders' order.
    pub(crate) path_values: Vec<&'m Argument>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) idempotent: bool,
    pub(crate) output: &'m Type,
}

pub(crate) struct Outcome {
    /// As it was written, with its span: `conflict`.
    pub(crate) name: Ident,
    /// The variant that it builds, at the same place: `Conflict`.
    pub(crate) variant: Ident,
    pub(crate) statuses: Vec<RangeInclusive<u16>>,
}

impl Endpoint<'_> {
    /// One outcome is the body itself; several are the variants of an enum.
    pub(crate) fn has_variants(&self) -> bool {
        self.outcomes.len() > 1
    }
}
