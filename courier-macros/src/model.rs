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

    /// Whether a response with this outcome may have no body. A class such as `2xx` does not say that there is a 204.
    pub(crate) fn has_no_body(&self, outcome: &Outcome) -> bool {
        self.method == "HEAD" || outcome.statuses.iter().any(has_no_body)
    }
}

/// A status whose responses have no body, whatever their headers say:
/// [RFC 9110, 6.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1) and
/// [15.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.6).
pub(crate) fn has_no_body(range: &RangeInclusive<u16>) -> bool {
    range.start() == range.end() && matches!(range.start(), 204 | 205 | 304)
}
