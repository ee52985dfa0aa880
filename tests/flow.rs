//! The journey over a real socket, a file for each stage: declaration, request, transport, status, outcome.
//!
//! `server` plays scripted bytes where the exact wire matters, `record` is what Courier answers, `key_search` reads what all
//! of them let out; everything else is tests.

mod flow {
    mod blocking;
    mod calls;
    mod declaration;
    mod echo;
    mod hygiene;
    mod key_search;
    mod messages;
    mod outcome;
    mod paging;
    mod path_values;
    mod record;
    mod request;
    mod sandbox;
    mod secrets;
    mod server;
    mod status;
    mod transport;
    mod wire;
    mod without_sending;
    mod without_the_macro;
}
