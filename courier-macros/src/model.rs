//! What was meant: an endpoint that is valid by construction, for only [`bind`](crate::bind) makes one.

use std::ops::RangeInclusive;

use proc_macro2::Ident;
use syn::{LitStr, Type};

use crate::parse::{Argument, FixedHeader, Kind, Style};

pub(crate) struct Endpoint<'m> {
    pub(crate) method: Ident,
    pub(crate) template: LitStr,
    /// The arguments that fill the path's placeholders, in the placeholders' order.
    pub(crate) path_values: Vec<&'m Argument>,
    pub(crate) query: Vec<Query<'m>>,
    pub(crate) headers: &'m [FixedHeader],
    /// The arguments with an attribute of their own.
    pub(crate) attributed: Vec<(&'m Argument, &'m Kind)>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) idempotent: bool,
    pub(crate) output: &'m Type,
}

/// A pair of the template's query.
pub(crate) enum Query<'m> {
    Fixed(&'m str),
    Value { key: &'m str, argument: &'m Argument, style: Style },
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
