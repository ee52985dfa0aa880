//! Whose cryptography TLS uses.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

use crate::config::ConfigError;

/// The provider that the program has installed for the process, or else the one that a feature brings.
///
/// An installed one comes first, as in reqwest: a program installs one so that every connection uses it, such as one that is
/// certified (FIPS) or has fewer algorithms. It is used as it is. None is ever installed here: that is for programs alone.
///
/// # Errors
///
/// [`ConfigError::NoCryptoProvider`], if there is neither.
pub(super) fn choose() -> Result<Arc<CryptoProvider>, ConfigError> {
    CryptoProvider::get_default()
        .cloned()
        .or_else(|| of_feature().map(Arc::new))
        .ok_or(ConfigError::NoCryptoProvider {})
}

/// With the post-quantum key exchange first. rustls has a feature for that order, which would change it for the whole program.
#[cfg(feature = "rustls-aws-lc-rs")]
#[expect(clippy::unnecessary_wraps, reason = "with `rustls-no-provider` alone there is none")]
fn of_feature() -> Option<CryptoProvider> {
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    provider.kx_groups.sort_by_key(|group| group.name() != rustls::NamedGroup::X25519MLKEM768);
    Some(provider)
}

#[cfg(all(feature = "rustls-ring", not(feature = "rustls-aws-lc-rs")))]
#[expect(clippy::unnecessary_wraps, reason = "with `rustls-no-provider` alone there is none")]
fn of_feature() -> Option<CryptoProvider> {
    Some(rustls::crypto::ring::default_provider())
}

#[cfg(not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs")))]
fn of_feature() -> Option<CryptoProvider> {
    None
}
