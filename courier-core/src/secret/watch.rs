//! Records which secrets are written while a request is built.
//!
//! `Display` and `Serialize` pass on only text, and `serde_json` ignores a type's name. So a secret reports here that
//! it is written, on the thread that builds the request.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::rc::Rc;

use super::Secret;

#[derive(Clone, Copy)]
struct State {
    /// How many requests are being built on this thread. A value's own `Serialize` may build another.
    depth: usize,
    written: usize,
}

thread_local! {
    // Separate from the texts and without a destructor, so that a request without secrets costs only a few
    // instructions.
    static STATE: Cell<State> = const { Cell::new(State { depth: 0, written: 0 }) };
    static WRITTEN: RefCell<Vec<(usize, Secret)>> = const { RefCell::new(Vec::new()) };
}

/// Records that a secret is written, if a request is being built.
pub(super) fn note(secret: &Secret) {
    let State { depth, written } = STATE.get();
    if depth > 0 && WRITTEN.try_with(|list| list.borrow_mut().push((depth, secret.clone()))).is_ok() {
        STATE.set(State { depth, written: written + 1 });
    }
}

/// While it exists, a request is being built on this thread.
#[derive(Debug)]
pub(crate) struct Watch {
    depth: usize,
    /// Makes it `!Send`: it belongs to its thread.
    _thread: PhantomData<Rc<()>>,
}

impl Watch {
    pub(crate) fn begin() -> Self {
        let State { depth, written } = STATE.get();
        STATE.set(State { depth: depth + 1, written });
        Self { depth: depth + 1, _thread: PhantomData }
    }

    /// How many secrets were written on this thread so far. If the count grows while a value is written, the value
    /// holds a secret.
    pub(crate) fn count() -> usize {
        STATE.get().written
    }

    /// Returns the secrets written since `begin`.
    pub(crate) fn end(self) -> Vec<Secret> {
        if Self::count() == 0 { Vec::new() } else { self.take() }
    }

    /// Takes the secrets from the list, which is sorted by depth.
    fn take(&self) -> Vec<Secret> {
        let take = |list: &RefCell<Vec<(usize, Secret)>>| {
            let mut list = list.borrow_mut();
            let first = list.iter().position(|(depth, _)| *depth >= self.depth).unwrap_or(list.len());
            list.split_off(first)
        };
        let taken = WRITTEN.try_with(take).unwrap_or_default();
        let state = STATE.get();
        STATE.set(State { written: state.written - taken.len(), ..state });
        taken.into_iter().map(|(_, secret)| secret).collect()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if Self::count() > 0 {
            // The secrets of an abandoned request, for example after a panic in a value's own code.
            drop(self.take());
        }
        STATE.set(State { depth: self.depth - 1, ..STATE.get() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &str) {
        note(&Secret::from(text));
    }

    fn texts(watch: Watch) -> Vec<String> {
        watch.end().iter().map(|secret| secret.expose().to_owned()).collect()
    }

    #[test]
    fn a_secret_belongs_to_the_innermost_request_being_built() {
        write("before");
        let outer = Watch::begin();
        write("outer");
        let inner = Watch::begin();
        write("inner");
        assert_eq!(texts(inner), ["inner"]);
        write("outer again");
        assert_eq!(Watch::count(), 2);
        assert_eq!(texts(outer), ["outer", "outer again"]);
        write("after");
        assert_eq!(texts(Watch::begin()), [""; 0]);
    }

    #[test]
    fn the_secrets_of_an_abandoned_request_are_forgotten() {
        let outer = Watch::begin();
        write("outer");
        std::panic::catch_unwind(|| {
            let _inner = Watch::begin();
            write("inner");
            std::panic::resume_unwind(Box::new("on purpose"));
        })
        .expect_err("it panics");
        assert_eq!(texts(outer), ["outer"]);
        assert_eq!((STATE.get().depth, STATE.get().written), (0, 0));
        WRITTEN.with_borrow(|list| assert!(list.is_empty()));
    }
}
