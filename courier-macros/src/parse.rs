//! Reads what was written, part by part, and reports what is wrong with a part on its own. A part that can't be read is an
//! `Err` of [`Reported`](crate::diagnostics::Reported); what two parts have to agree on is left to [`bind`](crate::bind).

mod argument;
mod attribute;
mod half_typed;
mod header;
mod method;
mod misplaced;
mod outcome;
mod template;

pub(crate) use self::argument::{Argument, Kind, is_emitted};
pub(crate) use self::attribute::{Attribute, attribute};
pub(crate) use self::header::FixedHeader;
pub(crate) use self::method::{Method, is_endpoint, is_shared, method};
pub(crate) use self::outcome::{Outcome, Status, has_no_body};
pub(crate) use self::template::{Pair, Placeholder, Style, Template};
