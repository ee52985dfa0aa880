//! The same measurement, made several times.

use std::fmt;

/// The order in which so many candidates take turns in a round: each begins as often as the others.
pub fn turns(candidates: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..candidates).map(move |turn| (turn + round) % candidates)
}

/// Measurements of the same thing, of which at least one was made.
#[derive(Clone, Debug, Default)]
pub struct Series(Vec<f64>);

impl Series {
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
        self.0.sort_by(f64::total_cmp);
    }

    /// The value in the middle, of an even number the larger of two.
    ///
    /// # Panics
    ///
    /// Panics if nothing was measured.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    /// The largest value.
    ///
    /// # Panics
    ///
    /// Panics if nothing was measured.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

/// The median and, if the values differ, the range: `2.50 (2.41–2.66)`, with two decimals or as many as the format says.
impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = f.precision().unwrap_or(2);
        let (least, most) = (self.0[0], self.max());
        write!(f, "{:.decimals$}", self.median())?;
        if least < most { write!(f, " ({least:.decimals$}–{most:.decimals$})") } else { Ok(()) }
    }
}
