//! Not solvable here: with the default features of the library, a program that uses ring gets a second provider, and rustls refuses to choose.
//! The program must install one.

#[path = "../../own_client/rustls.rs"]
mod own_client;

use own_client::own_client;
#[cfg(feature = "guest")]
use rustls::ClientConfig;

fn main() {
    #[cfg(feature = "guest")]
    {
        guest::check_plain();
        guest::check_tls();
        let builder = std::panic::catch_unwind(ClientConfig::builder);
        assert!(builder.is_err(), "this now works: remove the sentence from the feature tables in README and lib.rs");
    }
    rustls::crypto::ring::default_provider().install_default().expect("the first one");
    own_client();
    #[cfg(feature = "guest")]
    guest::check_tls();
    own_client();
}
