//! A `multipart/form-data` body. Without a stream in it, it is built completely before it is sent, so its length is known and a
//! retry costs nothing. With one, its parts are sent one after the other.

use std::collections::BTreeSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;

use bytes::Bytes;
use http::HeaderValue;

use super::{InvalidRequest, header};
use crate::body::Body;
use crate::secret::Secret;

/// A `multipart/form-data` body ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)), made of named parts: text and
/// files.
///
/// ```
/// use courier_core::Multipart;
///
/// let report = Multipart::new()
///     .text("title", "Figures of May")
///     .part("tags", "application/json", r#"["finance"]"#)
///     .file("attachment", "report.pdf", "application/pdf", b"%PDF-1.7 \x00\xff".as_slice());
/// ```
///
/// The content of a part is anything that becomes a [`Body`]: bytes, text, a file ([`Body::from_file`]), or a stream. Files and
/// streams are read while the form is sent, and never held whole. The form has a length if each of its parts has one; otherwise,
/// it is sent in chunks. A request with it can be retried if each part can be produced again, as all but a
/// [`from_stream`](Body::from_stream) can.
///
/// ```no_run
/// # fn example() -> std::io::Result<()> {
/// use courier_core::{Body, Multipart};
///
/// let backup = Multipart::new()
///     .text("host", "db-1")
///     .file("backup", "monday.tar.zst", "application/zstd", Body::from_file("monday.tar.zst")?);
/// # Ok(())
/// # }
/// ```
///
/// Parts are sent in the order in which they were added; several may have the same name. Values and files are sent byte
/// for byte. Names are escaped as browsers do, according to the [HTML standard][html]: `"`, CR and LF become `%22`,
/// `%0D` and `%0A`; everything else is sent as UTF-8.
///
/// An invalid media type, or another control character in a name, fails the call with
/// [`Error::Invalid`](crate::Error::Invalid) before anything is sent. So does a form that is passed by reference and has a stream
/// that can be read only once.
///
/// [html]: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
#[derive(Default)]
#[must_use = "a form does nothing until it is passed to an endpoint"]
pub struct Multipart {
    parts: Vec<Part>,
    secrets: Vec<Secret>,
    /// The first mistake, which is the one to fix first.
    invalid: Option<InvalidRequest>,
}

struct Part {
    /// The header lines, each with its CRLF.
    head: String,
    content: Body,
}

/// A form as it is sent.
#[derive(Debug)]
pub struct Form {
    /// It names the boundary.
    pub(crate) content_type: HeaderValue,
    pub(crate) body: Body,
}

impl Multipart {
    /// Creates a form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. It has no `content-type`, so its media type is `text/plain`
    /// ([RFC 7578, 4.4](https://www.rfc-editor.org/rfc/rfc7578#section-4.4)).
    pub fn text(self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        self.add(name.as_ref(), None, None, value.into().into())
    }

    /// Adds a text that must not be shown: see [`Secret`].
    pub fn secret(mut self, name: impl AsRef<str>, value: &Secret) -> Self {
        self.secrets.push(value.clone());
        self.text(name, value.expose())
    }

    /// Adds a part with a media type and no file name, for example a JSON document.
    pub fn part(self, name: impl AsRef<str>, content_type: impl AsRef<str>, content: impl Into<Body>) -> Self {
        self.add(name.as_ref(), None, Some(content_type.as_ref()), content.into())
    }

    /// Adds a file. If you don't know the media type, pass `application/octet-stream`.
    ///
    /// `file_name` is the name that the server sees, without a directory; `content` is what is in the file. To read it from a file
    /// of this machine, pass [`Body::from_file`].
    pub fn file(
        self,
        name: impl AsRef<str>,
        file_name: impl AsRef<str>,
        content_type: impl AsRef<str>,
        content: impl Into<Body>,
    ) -> Self {
        self.add(name.as_ref(), Some(file_name.as_ref()), Some(content_type.as_ref()), content.into())
    }

    fn add(mut self, name: &str, file_name: Option<&str>, content_type: Option<&str>, content: Body) -> Self {
        match head(name, file_name, content_type) {
            Ok(head) => self.parts.push(Part { head, content }),
            Err(rule) if self.invalid.is_none() => {
                self.invalid = Some(InvalidRequest::Part { name: name.to_owned(), rule });
            }
            Err(_) => {}
        }
        self
    }

    /// The same form, to send it again; `None` if one of its parts is a stream that can be read only once.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        self.again().ok()
    }

    /// The same form, or the error of the first part that can be read only once.
    fn again(&self) -> Result<Self, InvalidRequest> {
        let part = |Part { head, content }: &Part| {
            let content = content.try_clone().ok_or_else(|| InvalidRequest::Part {
                name: name_in(head).to_owned(),
                rule: "it is a stream that can be read only once, and the form is passed by reference; pass the form by value, \
                       or make the stream with `Body::from_fn`",
            })?;
            Ok(Part { head: head.clone(), content })
        };
        let parts = self.parts.iter().map(part).collect::<Result<_, _>>()?;
        Ok(Self { parts, secrets: self.secrets.clone(), invalid: self.invalid.clone() })
    }

    /// Returns the form as it is sent.
    ///
    /// # Errors
    ///
    /// Returns the first mistake made while adding parts.
    pub(crate) fn into_form(self) -> Result<Form, InvalidRequest> {
        match self.to_whole()? {
            Some(whole) => Ok(whole),
            None => Ok(self.into_stream()),
        }
    }

    /// Returns the form as it is sent. This one stays as it is, so none of its parts may be a stream that can be read only once.
    ///
    /// # Errors
    ///
    /// Returns the first mistake made while adding parts, or the first such stream.
    pub(crate) fn to_form(&self) -> Result<Form, InvalidRequest> {
        match self.to_whole()? {
            Some(whole) => Ok(whole),
            None => Ok(self.again()?.into_stream()),
        }
    }

    /// The form in one piece; `None` if a part is a stream.
    fn to_whole(&self) -> Result<Option<Form>, InvalidRequest> {
        if let Some(invalid) = &self.invalid {
            return Err(invalid.clone());
        }
        self.secrets.iter().for_each(Secret::note);
        if self.parts.iter().any(|part| part.content.as_bytes().is_none()) {
            return Ok(None);
        }
        let boundary = self.boundary();
        Ok(Some(Form { content_type: content_type(&boundary), body: self.body(&boundary).into() }))
    }

    /// Writes the parts between boundaries ([RFC 2046, 5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1)).
    fn body(&self, boundary: &str) -> Bytes {
        let sizes = self.parts.iter().map(|part| boundary.len() + part.head.len() + part.bytes().len() + 8);
        let mut body = Vec::with_capacity(sizes.sum::<usize>() + boundary.len() + 6);
        for part in &self.parts {
            for piece in [b"--", boundary.as_bytes(), b"\r\n", part.head.as_bytes(), b"\r\n", part.bytes(), b"\r\n"] {
                body.extend_from_slice(piece);
            }
        }
        for piece in ["--", boundary, "--\r\n"] {
            body.extend_from_slice(piece.as_bytes());
        }
        Bytes::from(body)
    }

    /// The parts between boundaries, each read when it is sent.
    fn into_stream(self) -> Form {
        let boundary = random_boundary();
        let mut pieces = Vec::with_capacity(2 * self.parts.len() + 1);
        for Part { head, content } in self.parts {
            let line_break = if pieces.is_empty() { "" } else { "\r\n" };
            pieces.push(format!("{line_break}--{boundary}\r\n{head}\r\n").into());
            pieces.push(content);
        }
        pieces.push(format!("\r\n--{boundary}--\r\n").into());
        Form { content_type: content_type(&boundary), body: Body::chain(pieces) }
    }

    /// A boundary that occurs in no part: [`BOUNDARY`] with the lowest number that never follows it.
    ///
    /// It isn't random, so the same call makes the same request. One pass finds all numbers in use: with one search per
    /// candidate, a file that holds many of them could keep the caller busy for hours.
    fn boundary(&self) -> String {
        let texts = self.parts.iter().flat_map(|part| [part.head.as_bytes(), part.bytes()]);
        let used: BTreeSet<u64> = texts.flat_map(numbers).collect();
        let free = (0..=u64::MAX).find(|number| !used.contains(number)).expect("memory can't hold all the others");
        format!("{BOUNDARY}{free:0NUMBER$x}")
    }
}

impl Part {
    /// The content, which is whole.
    fn bytes(&self) -> &[u8] {
        self.content.as_bytes().expect("a form with a stream is sent in pieces")
    }
}

fn content_type(boundary: &str) -> HeaderValue {
    HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
        .expect("a boundary consists of letters, digits and hyphens")
}

/// A boundary for content that can't be searched, because it is read later. Its 128 bits come from `SipHash` with a random key, so
/// the author of the content can't guess it.
fn random_boundary() -> String {
    let random = RandomState::new();
    let [first, second] = [0_u8, 1].map(|half| random.hash_one(half));
    format!("{BOUNDARY}{first:0NUMBER$x}{second:0NUMBER$x}")
}

/// What boundaries begin with. No suffix of it is also a prefix, so two occurrences can't overlap.
const BOUNDARY: &str = "courier-core-";
/// The number of hexadecimal digits that a boundary ends with.
const NUMBER: usize = 16;

/// The numbers of all boundaries in this text.
fn numbers(text: &[u8]) -> impl Iterator<Item = u64> {
    text.windows(BOUNDARY.len() + NUMBER).filter_map(|window| {
        let digits = std::str::from_utf8(window.strip_prefix(BOUNDARY.as_bytes())?).ok()?;
        u64::from_str_radix(digits, 16).ok()
    })
}

/// The header lines of a part, or the rule that one of them breaks.
fn head(name: &str, file_name: Option<&str>, content_type: Option<&str>) -> Result<String, &'static str> {
    let mut head = format!("Content-Disposition: form-data; name=\"{}\"", escape(name)?);
    if let Some(file_name) = file_name {
        head = head + "; filename=\"" + &escape(file_name)? + "\"";
    }
    head += "\r\n";
    if let Some(content_type) = content_type {
        if !is_media_type(content_type) {
            return Err("its media type is invalid; write it like `application/pdf` or `text/csv; charset=utf-8`");
        }
        head = head + "Content-Type: " + content_type + "\r\n";
    }
    Ok(head)
}

/// The name in a part's header lines, as it is sent.
fn name_in(head: &str) -> &str {
    let name = head.split_once("name=\"").map_or(head, |(_, name)| name);
    name.split_once('"').map_or(name, |(name, _)| name)
}

/// Escapes what the HTML standard escapes. That leaves the other control characters, which a header can't hold.
fn escape(name: &str) -> Result<String, &'static str> {
    let escaped = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    if escaped.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
        return Err("its name or file name has a control character; remove it");
    }
    Ok(escaped)
}

/// `type/subtype`, then parameters ([RFC 9110, 8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1)).
/// Parameters are sent as is, so they only need to be valid in a header.
fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or(text);
    let is_token = |text: &str| !text.is_empty() && text.bytes().all(is_token_byte);
    let (kind, subtype) = essence.trim_end_matches(' ').split_once('/').unwrap_or_default();
    is_token(kind) && is_token(subtype) && header::check_value(text).is_ok()
}

/// A `tchar` of [RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Shows the headers and sizes of the parts. Contents may be long or confidential.
impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts.iter().map(|Part { head, content }| (head, content.length()));
        f.debug_struct("Multipart")
            .field("parts", &parts.collect::<Vec<_>>())
            .field("invalid", &self.invalid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
