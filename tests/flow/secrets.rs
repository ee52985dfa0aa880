//! Secrets: nothing printed contains a value that the program marks as secret, or one in a header that always holds a
//! secret, in whatever form a server echoes it.

mod any_credential;
mod arguments;
mod builders;
mod credentials;
