//! `ClientConfig::builder()` finds the only provider in the program, because the library uses ring as well.

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
