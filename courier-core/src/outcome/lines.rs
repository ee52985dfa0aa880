//! JSON Lines.

mod splitter;
