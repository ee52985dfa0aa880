//! What can be chosen for TLS, in every build.

/// Whose root certificates are trusted, in addition to those of
/// [`root_certificate_pem`](crate::transport::TransportBuilder::root_certificate_pem).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsRoots {
    /// The platform's, which its administrator can change. The default.
    #[default]
    Platform,
    /// Mozilla's, built into the program, for a machine or container without any. They are as old as the `webpki-roots`
    /// crate in the program's lock file. Needs the feature `webpki-roots`.
    #[cfg(feature = "webpki-roots")]
    Webpki,
    /// None: only the added ones are trusted.
    Added,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2 ([RFC 5246](https://www.rfc-editor.org/rfc/rfc5246)). The default minimum.
    #[default]
    Tls12,
    /// TLS 1.3 ([RFC 8446](https://www.rfc-editor.org/rfc/rfc8446)).
    Tls13,
}
