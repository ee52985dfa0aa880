//! Reads PEM texts ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)) as programs make them.

use rustls::pki_types::pem::{PemObject as _, SectionKind};

/// The sections of a text, which may be several files one after the other; an error for a line that isn't PEM, or a missing end.
///
/// A file may have no line break at its end, and the next one a byte order mark at its start. rustls would skip the section that
/// begins there, and the certificate or key would be missing without a word.
pub(super) fn sections(text: &[u8]) -> Result<Vec<(SectionKind, Vec<u8>)>, ()> {
    let text = String::from_utf8_lossy(text).replace('\u{feff}', "").replace("----------BEGIN", "-----\n-----BEGIN");
    <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes()).collect::<Result<_, _>>().map_err(|_| ())
}
