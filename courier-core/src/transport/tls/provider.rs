//! Chooses the cryptography of TLS.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

use crate::config::ConfigError;

/// The provider that the program installed for the process, or else the one from a feature.
///
/// An installed provider comes first, as in reqwest. A program installs one for all its connections, for example
/// because it is certified (FIPS) or has fewer algorithms. It is used unchanged. This crate never installs one: that is
/// up to the program.
///
/// # Errors
///
/// Returns [`ConfigError::NoCryptoProvider`] if there is neither.
pub(super) fn choose() -> Result<Arc<CryptoProvider>, ConfigError> {
    CryptoProvider::get_default()
        .cloned()
        .or_else(|| of_feature().map(Arc::new))
        .ok_or(ConfigError::NoCryptoProvider {})
}

/// Puts the post-quantum key exchange first. rustls has a feature for that order, but it would change the whole
/// program.
#[cfg(feature = "rustls-aws-lc-rs")]
#[expect(clippy::unnecessary_wraps, reason = "`rustls-no-provider` alone has none")]
fn of_feature() -> Option<CryptoProvider> {
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    provider.kx_groups.sort_by_key(|group| group.name() != rustls::NamedGroup::X25519MLKEM768);
    Some(provider)
}

#[cfg(all(feature = "rustls-ring", not(feature = "rustls-aws-lc-rs")))]
#[expect(clippy::unnecessary_wraps, reason = "`rustls-no-provider` alone has none")]
fn of_feature() -> Option<CryptoProvider> {
    Some(rustls::crypto::ring::default_provider())
}

#[cfg(not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs")))]
fn of_feature() -> Option<CryptoProvider> {
    None
}
