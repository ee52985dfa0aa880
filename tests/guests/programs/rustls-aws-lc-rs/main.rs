//! `ClientConfig::builder()` finds the only provider in the program: the default of rustls and of the library.

#[path = "../../own_client/rustls.rs"]
mod own_client;

use own_client::own_client;

fn main() {
    own_client();
    #[cfg(feature = "guest")]
    {
        guest::check_plain();
        guest::check_tls();
    }
    own_client();
}
