//! The variants that outcomes build.

use std::convert::Infallible;
use std::marker::PhantomData;

use super::reader::{Decoder, Given, Reading};

/// A variant that an outcome can build: one with a single field, for the body, or without a field. The marker `M`
/// distinguishes them.
#[diagnostic::on_unimplemented(
    message = "`{S}` has no variant that this outcome can build",
    label = "an outcome builds the variant of its name: `not_found` builds `NotFound`",
    note = "a variant has no field, or one that is read from the response's body; put several fields into a struct",
    note = "with several outcomes, the success type is an enum with a variant for each: `enum Found {{ Ok(Message), NotFound }}`"
)]
pub trait Variant<S, M>: Sized {
    /// The type of the field.
    type Payload;

    /// Builds the variant from the body. The decoder is an argument instead of a bound, so that if a type has none, the
    /// compiler underlines the place where the expansion names it, and doesn't mention this trait.
    #[doc(hidden)]
    fn read(self, given: Given<'_>, decoder: Decoder<Self::Payload>) -> Reading<S>;
}

#[diagnostic::do_not_recommend]
impl<S, P, F: FnOnce(P) -> S> Variant<S, (P,)> for F {
    type Payload = P;

    fn read(self, given: Given<'_>, decoder: Decoder<P>) -> Reading<S> {
        decoder.read(given, self)
    }
}

#[diagnostic::do_not_recommend]
impl<S> Variant<S, ()> for S {
    type Payload = ();

    fn read(self, given: Given<'_>, decoder: Decoder<()>) -> Reading<S> {
        decoder.read(given, |()| self)
    }
}

/// No function matches this. Because of this second implementation for functions, the compiler doesn't choose the first,
/// and reports the trait's message instead of a wrong number of arguments.
#[diagnostic::do_not_recommend]
impl<S, F: FnOnce(Infallible, Infallible, Infallible) -> S> Variant<S, (Infallible, Infallible, Infallible)> for F {
    type Payload = Infallible;

    fn read(self, given: Given<'_>, decoder: Decoder<Infallible>) -> Reading<S> {
        decoder.read(given, |payload| match payload {})
    }
}

/// Replaces a variant that a success type lacks, so that the compiler reports that it isn't a [`Variant`].
#[derive(Debug)]
pub struct NoVariant<S>(PhantomData<fn() -> S>);

macro_rules! usual_outcomes {
    ($($variant:ident)*) => {
        /// Common outcome names, as constants of every type. An enum's own variant takes precedence. Without them, the
        /// compiler would report missing associated items if the success type is a struct.
        #[doc(hidden)]
        #[allow(non_upper_case_globals, reason = "named like variants")]
        pub trait UsualOutcomes: Sized {
            $(#[doc(hidden)] const $variant: NoVariant<Self> = NoVariant(PhantomData);)*
        }
        impl<T> UsualOutcomes for T {}
    };
}
usual_outcomes! {
    Ok Created Accepted NoContent NotModified BadRequest Invalid Unauthorized Forbidden NotFound Missing Conflict Gone
    TooManyRequests Throttled Found Done Ready Pending Failed Rejected Error Err Some None
}
