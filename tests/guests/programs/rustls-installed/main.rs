//! The installed provider, here with a single cipher suite, is used by the program's own clients and by the library.

#[path = "../../own_client/rustls.rs"]
mod own_client;

use own_client::own_client;

fn main() {
    #[cfg(feature = "guest")]
    {
        let error = guest::over_tls().build().expect_err("nothing is installed yet");
        assert!(error.to_string().contains("install_default()"), "{error}");
    }
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites = vec![rustls::crypto::ring::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256];
    provider.install_default().expect("the first one");
    own_client();
    #[cfg(feature = "guest")]
    {
        guest::check_plain();
        let hello = guest::check_tls();
        assert!(hello.contains("suites: [TLS13_CHACHA20_POLY1305_SHA256]"), "{hello}");
    }
    own_client();
}
