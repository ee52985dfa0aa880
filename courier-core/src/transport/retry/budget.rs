//! The retry budget: keeps retries from tripling the load on a service that is down.

use std::sync::atomic::{AtomicU32, Ordering};

/// A bucket of tokens, counted in tenths and shared by all clones of a transport.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

/// 100 tokens: the number of retries that a service gets before it must succeed at something.
const FULL: u32 = 100 * TOKEN;
/// What a retry takes, and returns if it succeeds.
const TOKEN: u32 = 10;
/// What a call returns if it succeeds without a token. In the long run, one request in eleven may be a retry with one.
const EARNED: u32 = 1;

impl Budget {
    pub(super) fn full() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Takes a token for a retry; `false` if none is left.
    pub(super) fn take(&self) -> bool {
        self.update(|tenths| tenths.checked_sub(TOKEN))
    }

    /// Returns the token of a successful attempt, or what one without a token earns.
    pub(super) fn give_back(&self, has_token: bool) {
        let earned = if has_token { TOKEN } else { EARNED };
        self.update(|tenths| (tenths < FULL).then(|| (tenths + earned).min(FULL)));
    }

    /// Relaxed ordering suffices: no other memory depends on the count.
    fn update(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(budget: &Budget) -> usize {
        std::iter::from_fn(|| budget.take().then_some(())).count()
    }

    #[test]
    fn a_budget_has_a_hundred_retries() {
        let budget = Budget::full();
        assert_eq!(left(&budget), 100);
        assert!(!budget.take());
    }

    #[test]
    fn a_successful_retry_returns_its_token_and_a_call_without_one_a_tenth() {
        let budget = Budget::full();
        assert_eq!(left(&budget), 100);
        budget.give_back(true);
        budget.give_back(true);
        assert_eq!(left(&budget), 2);
        (0..9).for_each(|_| budget.give_back(false));
        assert!(!budget.take());
        budget.give_back(false);
        assert_eq!(left(&budget), 1);
    }

    #[test]
    fn a_full_budget_does_not_grow() {
        let budget = Budget::full();
        (0..1000).for_each(|attempt| budget.give_back(attempt % 2 == 0));
        assert_eq!(left(&budget), 100);
        (0..1000).for_each(|_| budget.give_back(true));
        assert_eq!(left(&budget), 100);
    }

    #[test]
    fn what_does_not_fit_into_a_budget_is_lost() {
        let budget = Budget::full();
        assert!(budget.take());
        (0..9).for_each(|_| budget.give_back(false));
        budget.give_back(true);
        assert_eq!(left(&budget), 100);
        (0..9).for_each(|_| budget.give_back(false));
        assert!(!budget.take(), "nothing is left over");
    }

    #[test]
    fn concurrent_threads_take_no_more_than_there_is() {
        let budget = Budget::full();
        let taken: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| left(&budget))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        assert_eq!(taken, 100);
    }
}
