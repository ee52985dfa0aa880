//! Secrets as arguments in the path or a header. Queries and bodies use `Serialize` instead.

use std::fmt::Display;

use super::{HeaderText, PathValue};
use crate::secret::Secret;

#[diagnostic::do_not_recommend]
impl PathValue for Secret {
    fn path_value(&self) -> &dyn Display {
        self.display()
    }
}

#[diagnostic::do_not_recommend]
impl PathValue for &Secret {
    fn path_value(&self) -> &dyn Display {
        self.display()
    }
}

#[diagnostic::do_not_recommend]
impl HeaderText<()> for Secret {
    fn header_text(&self) -> Option<&dyn Display> {
        Some(self.display())
    }
}

#[diagnostic::do_not_recommend]
impl HeaderText<()> for &Secret {
    fn header_text(&self) -> Option<&dyn Display> {
        Some(self.display())
    }
}

/// Uses the same markers as an `Option` of any other type.
macro_rules! optional_headers {
    ($($secret:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl HeaderText<($secret,)> for Option<$secret> {
            fn header_text(&self) -> Option<&dyn Display> {
                self.as_ref().map(|secret| secret.display())
            }
        }
    )*};
}
optional_headers!(Secret, &Secret);

#[diagnostic::do_not_recommend]
impl HeaderText<(Secret, ())> for &Option<Secret> {
    fn header_text(&self) -> Option<&dyn Display> {
        self.as_ref().map(Secret::display)
    }
}
