//! A `multipart/form-data` body. It is built completely before it is sent, so its length is known and a retry costs
//! nothing.

use std::collections::BTreeSet;
use std::fmt;

use bytes::Bytes;
use http::HeaderValue;

use super::{InvalidRequest, header};
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
/// Parts are sent in the order in which they were added; several may have the same name. Values and files are sent byte
/// for byte. Names are escaped as browsers do, according to the [HTML standard][html]: `"`, CR and LF become `%22`,
/// `%0D` and `%0A`; everything else is sent as UTF-8.
///
/// An invalid media type, or another control character in a name, fails the call with
/// [`Error::Invalid`](crate::Error::Invalid) before anything is sent.
///
/// [html]: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
#[derive(Clone, Default)]
#[must_use = "a form does nothing until it is passed to an endpoint"]
pub struct Multipart {
    parts: Vec<Part>,
    secrets: Vec<Secret>,
    /// The first mistake, which is the one to fix first.
    invalid: Option<InvalidRequest>,
}

#[derive(Clone)]
struct Part {
    /// The header lines, each with its CRLF.
    head: String,
    content: Bytes,
}

impl Multipart {
    /// Creates a form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. It has no `content-type`, so its media type is `text/plain`
    /// ([RFC 7578, 4.4](https://www.rfc-editor.org/rfc/rfc7578#section-4.4)).
    pub fn text(self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        self.add(name.as_ref(), None, None, Bytes::from(value.into()))
    }

    /// Adds a text that must not be shown: see [`Secret`].
    pub fn secret(mut self, name: impl AsRef<str>, value: &Secret) -> Self {
        self.secrets.push(value.clone());
        self.text(name, value.expose())
    }

    /// Adds a part with a media type and no file name, for example a JSON document.
    pub fn part(self, name: impl AsRef<str>, content_type: impl AsRef<str>, content: impl Into<Bytes>) -> Self {
        self.add(name.as_ref(), None, Some(content_type.as_ref()), content.into())
    }

    /// Adds a file. If you don't know the media type, pass `application/octet-stream`.
    ///
    /// `file_name` is the name that the server sees, without a directory; `content` holds the file's bytes.
    pub fn file(
        self,
        name: impl AsRef<str>,
        file_name: impl AsRef<str>,
        content_type: impl AsRef<str>,
        content: impl Into<Bytes>,
    ) -> Self {
        self.add(name.as_ref(), Some(file_name.as_ref()), Some(content_type.as_ref()), content.into())
    }

    fn add(mut self, name: &str, file_name: Option<&str>, content_type: Option<&str>, content: Bytes) -> Self {
        match head(name, file_name, content_type) {
            Ok(head) => self.parts.push(Part { head, content }),
            Err(rule) if self.invalid.is_none() => {
                self.invalid = Some(InvalidRequest::Part { name: name.to_owned(), rule });
            }
            Err(_) => {}
        }
        self
    }

    /// Returns the `content-type`, which names the boundary, and the body.
    ///
    /// # Errors
    ///
    /// Returns the first mistake made while adding parts.
    pub(crate) fn encode(&self) -> Result<(HeaderValue, Bytes), InvalidRequest> {
        if let Some(invalid) = &self.invalid {
            return Err(invalid.clone());
        }
        self.secrets.iter().for_each(Secret::note);
        let boundary = self.boundary();
        let content_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
            .expect("a boundary consists of letters, digits and hyphens");
        Ok((content_type, self.body(&boundary)))
    }

    /// Writes the parts between boundaries ([RFC 2046, 5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1)).
    fn body(&self, boundary: &str) -> Bytes {
        let sizes = self.parts.iter().map(|part| boundary.len() + part.head.len() + part.content.len() + 8);
        let mut body = Vec::with_capacity(sizes.sum::<usize>() + boundary.len() + 6);
        for Part { head, content } in &self.parts {
            for piece in [b"--", boundary.as_bytes(), b"\r\n", head.as_bytes(), b"\r\n", content, b"\r\n"] {
                body.extend_from_slice(piece);
            }
        }
        for piece in ["--", boundary, "--\r\n"] {
            body.extend_from_slice(piece.as_bytes());
        }
        Bytes::from(body)
    }

    /// A boundary that occurs in no part: [`BOUNDARY`] with the lowest number that never follows it.
    ///
    /// It isn't random, so the same call makes the same request. One pass finds all numbers in use: with one search per
    /// candidate, a file that holds many of them could keep the caller busy for hours.
    fn boundary(&self) -> String {
        let texts = self.parts.iter().flat_map(|part| [part.head.as_bytes(), &part.content]);
        let used: BTreeSet<u64> = texts.flat_map(numbers).collect();
        let free = (0..=u64::MAX).find(|number| !used.contains(number)).expect("memory can't hold all the others");
        format!("{BOUNDARY}{free:0NUMBER$x}")
    }
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
        let parts = self.parts.iter().map(|Part { head, content }| (head, content.len()));
        f.debug_struct("Multipart")
            .field("parts", &parts.collect::<Vec<_>>())
            .field("invalid", &self.invalid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// A part as the server sees it: name, file name, media type, content.
    type Received = (String, Option<String>, Option<String>, Bytes);

    async fn receive(form: &Multipart) -> Vec<Received> {
        let (content_type, body) = form.encode().expect("a form that can be sent");
        let boundary = multer::parse_boundary(content_type.to_str().expect("ASCII")).expect("a boundary");
        let body = futures_util::stream::once(async { Ok::<_, Infallible>(body) });
        let mut form = multer::Multipart::new(body, boundary);
        let mut received = Vec::new();
        while let Some(field) = form.next_field().await.expect("a part or the end") {
            let text = |text: Option<&str>| text.map(str::to_owned);
            let name = text(field.name()).expect("a name");
            let (file_name, content_type) = (text(field.file_name()), text(field.content_type().map(AsRef::as_ref)));
            received.push((name, file_name, content_type, field.bytes().await.expect("the content")));
        }
        received
    }

    fn invalid(form: &Multipart) -> String {
        form.encode().expect_err("a form that can't be sent").to_string()
    }

    #[test]
    fn a_form_is_written_as_rfc_7578_says() {
        let form = Multipart::new().text("title", "Mai").file("file", "a.bin", "application/x; v=1", vec![0, 0xff]);
        let (content_type, body) = form.encode().expect("a form");
        assert_eq!(content_type, "multipart/form-data; boundary=courier-core-0000000000000000");
        let expected = b"--courier-core-0000000000000000\r\n\
            Content-Disposition: form-data; name=\"title\"\r\n\
            \r\n\
            Mai\r\n\
            --courier-core-0000000000000000\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\
            Content-Type: application/x; v=1\r\n\
            \r\n\
            \x00\xff\r\n\
            --courier-core-0000000000000000--\r\n";
        assert_eq!(body, expected[..]);
        assert_eq!(form.encode().expect("a form").1, body, "the same form is the same body");
    }

    #[tokio::test]
    async fn parts_arrive_in_order_with_all_their_headers() {
        let form = Multipart::new().text("tag", "a").text("tag", "b").part("meta", "application/json", "{}").file(
            "file",
            "a.txt",
            "text/plain",
            "",
        );
        let some = |text: &str| Some(text.to_owned());
        let expected = [
            ("tag".to_owned(), None, None, Bytes::from("a")),
            ("tag".to_owned(), None, None, Bytes::from("b")),
            ("meta".to_owned(), None, some("application/json"), Bytes::from("{}")),
            ("file".to_owned(), some("a.txt"), some("text/plain"), Bytes::new()),
        ];
        assert_eq!(receive(&form).await, expected);
    }

    #[tokio::test]
    async fn any_content_arrives_byte_for_byte() {
        let all_bytes: Vec<u8> = (0..=255).collect();
        let first = "courier-core-0000000000000000";
        for content in [
            &b""[..],
            b"\r\n",
            b"\r\n--",
            b"\r\n\r\n--\r\n",
            b"--courier-core-",
            &all_bytes,
            first.as_bytes(),
            format!("\r\n--{first}\r\n").as_bytes(),
            format!("\r\n--{first}--\r\n\r\n--courier-core-0000000000000001--\r\n").as_bytes(),
            format!("courier-core-{first}").as_bytes(),
        ] {
            let content = Bytes::copy_from_slice(content);
            let form = Multipart::new().file("a", "b", "c/d", content.clone()).part("e", "f/g", content.clone());
            let received: Vec<_> = receive(&form).await.into_iter().map(|(.., content)| content).collect();
            assert_eq!(received, [content.clone(), content]);
        }
    }

    #[tokio::test]
    async fn a_name_stays_one_name_even_with_special_characters() {
        for (name, sent) in [
            ("", ""),
            ("übung 日本", "übung 日本"),
            ("a\"; name=\"b", "a%22; name=%22b"),
            ("a\r\nContent-Type: text/html\r\n\r\nb", "a%0D%0AContent-Type: text/html%0D%0A%0D%0Ab"),
            ("a;b=c,d:e", "a;b=c,d:e"),
            ("a%22\tb", "a%22\tb"),
            ("C:\\docs\\a.txt", "C:\\docs\\a.txt"),
            ("courier-core-0000000000000000", "courier-core-0000000000000000"),
        ] {
            let received = receive(&Multipart::new().file(name, name, "text/plain", "x").text("last", "y")).await;
            let text = |text: &str| Some(text.to_owned());
            let file = (sent.to_owned(), text(sent), text("text/plain"), Bytes::from("x"));
            assert_eq!(received, [file, ("last".to_owned(), None, None, Bytes::from("y"))]);
        }
    }

    #[test]
    fn the_boundary_occurs_in_no_part() {
        let taken = |number: u64| format!("{BOUNDARY}{number:016x}");
        let form = Multipart::new()
            .text("a", taken(0) + &taken(2))
            .text(taken(1), "")
            .file("b", taken(4), "c/d", taken(5).to_uppercase())
            .part("e", format!("text/plain; a={}", taken(3)), "");
        assert_eq!(form.boundary(), taken(5));
    }

    #[test]
    fn a_file_full_of_boundaries_is_scanned_once() {
        let full = (0..50_000).fold(String::new(), |full, number| full + BOUNDARY + &format!("{number:016x}"));
        assert_eq!(Multipart::new().text("a", full).boundary(), format!("{BOUNDARY}{:016x}", 50_000));
    }

    #[test]
    fn the_body_is_allocated_once() {
        for form in [Multipart::new(), Multipart::new().text("a", "b").file("c", "d", "e/f", "g")] {
            let (_, body) = form.encode().expect("a form");
            let size = body.len();
            assert_eq!(Vec::from(body).capacity(), size);
        }
    }

    #[test]
    fn a_form_without_parts_is_only_the_closing_line() {
        let (_, body) = Multipart::new().encode().expect("a form");
        assert_eq!(body, "--courier-core-0000000000000000--\r\n");
    }

    #[test]
    fn an_invalid_media_type_is_refused() {
        for content_type in [
            "",
            "text",
            "/",
            "text/",
            "/plain",
            " text/plain",
            "text /plain",
            "text/plain\r\nX-Evil: 1",
            "text/plain; a=b\r\n\r\nevil",
            "text/plain; a=\0",
            "text/plain; a=ü",
            "te\"xt/plain",
            "text/plain, text/html",
        ] {
            let form = Multipart::new().part("a", content_type, "");
            let expected = "the part \"a\" of the form can't be sent: its media type is invalid; write it like \
                            `application/pdf` or `text/csv; charset=utf-8`";
            assert_eq!(invalid(&form), expected, "{content_type:?}");
        }
        for content_type in ["a/b", "text/csv; charset=utf-8", "text/csv ;charset=\"utf-8\"", "application/vnd.a+json"]
        {
            Multipart::new().part("a", content_type, "").encode().expect(content_type);
        }
    }

    #[test]
    fn a_control_character_in_a_name_is_refused() {
        for name in ["a\0b", "\x1b[31m", "\x7f"] {
            let message = invalid(&Multipart::new().text(name, ""));
            assert!(message.ends_with("its name or file name has a control character; remove it"), "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            invalid(&Multipart::new().file("a", name, "b/c", ""));
        }
    }

    #[test]
    fn the_first_mistake_is_reported() {
        let form = Multipart::new().text("good", "").part("first", "none", "").part("second", "none", "");
        assert!(invalid(&form).contains("\"first\""));
    }

    #[test]
    fn debug_shows_no_content() {
        let debug = format!("{:?}", Multipart::new().text("password", "hunter2"));
        assert!(debug.contains("password") && !debug.contains("hunter2"), "{debug}");
    }
}
