//! Secrets: what a program marks as one, and what a header holds by its definition, is in no text, in whatever form a
//! server sends it back.

mod arguments;
mod builders;
mod credentials;
mod every_text;
