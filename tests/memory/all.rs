//! How much memory a client uses.

mod hostile;
mod packed;
mod transfers;
