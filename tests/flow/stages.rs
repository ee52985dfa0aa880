//! The journey over a real socket, with a file for each stage: declaration, request, transport, status, outcome.
//!
//! `server` plays scripted bytes, `wire` records whole requests, `echo` returns each request's target, `record` has Courier's
//! responses, and `key_search` looks for the key in everything that is printed. All other modules are tests.

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
mod reconnecting;
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
