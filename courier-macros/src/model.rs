//! What was meant: an endpoint that is valid by construction, since only [`bind`](crate::bind) makes one, out of parts that
//! could all be read.

use proc_macro2::{Ident, TokenStream};
use syn::{LitStr, Type};

use crate::parse::{Argument, FixedHeader, Kind, Method, Outcome, Style, has_no_body};

pub(crate) struct Endpoint<'m> {
    pub(crate) http_method: &'m Ident,
    pub(crate) template: &'m LitStr,
    /// The arguments that fill the placeholders of the path, in the placeholders' order.
    pub(crate) path_values: Vec<&'m Argument>,
    pub(crate) query: Vec<Query<'m>>,
    pub(crate) headers: Vec<&'m FixedHeader>,
    /// The arguments with an attribute.
    pub(crate) attributed: Vec<(&'m Argument, &'m Kind)>,
    pub(crate) outcomes: Vec<&'m Outcome>,
    pub(crate) idempotent: bool,
    pub(crate) output: &'m Type,
    pub(crate) method: &'m Method,
    /// The path of courier-core.
    pub(crate) runtime: &'m TokenStream,
}

/// A pair of the template's query.
pub(crate) enum Query<'m> {
    Fixed(&'m str),
    Value { key: &'m str, argument: &'m Argument, style: Style },
}

impl Endpoint<'_> {
    /// One outcome is the body itself; several are the variants of an enum.
    pub(crate) fn has_variants(&self) -> bool {
        self.outcomes.len() > 1
    }

    /// Whether a response with this outcome may have no body.
    pub(crate) fn has_no_body(&self, outcome: &Outcome) -> bool {
        self.http_method == "HEAD" || outcome.statuses.iter().any(|status| has_no_body(&status.range))
    }
}
