//! A request as a POSIX shell command, to repeat a call from a terminal or to show it to the API's support.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method};

use super::{Request, header};
use crate::body::{Body, Content};
use crate::secret::Secrets;

/// The `curl` command that sends this request to `base_url`, or to the shell's `$BASE_URL`.
///
/// Headers with credentials are left out, and so is `content-length`, which curl sets itself. Other secrets are
/// redacted.
pub(crate) fn curl(request: &Request, base_url: Option<&str>) -> String {
    let secrets = Secrets::of_request(request);
    let (feed, body) = body(request, &secrets);
    // `--globoff`: brackets and braces aren't patterns. `--path-as-is`: dot segments aren't resolved.
    format!(
        "{feed}curl --globoff --path-as-is {method}{headers}{body} {url}",
        method = method(request),
        headers = headers(request, &secrets),
        url = url(request, base_url, &secrets),
    )
}

fn method(request: &Request) -> String {
    match *request.method() {
        // With `--request HEAD`, curl waits for a body that never comes.
        Method::HEAD => "--head".to_owned(),
        ref method => format!("--request {}", word(method.as_str())),
    }
}

/// The headers, sorted by name. Headers of the same name keep their order, which is significant.
fn headers(request: &Request, secrets: &Secrets) -> String {
    let mut headers: Vec<_> = request.headers().iter().filter(|(name, value)| is_shown(name, value)).collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    let mut arguments = String::new();
    for (name, value) in headers {
        // `name:` without a value would remove curl's own header.
        let separator = if value.is_empty() { ";" } else { ": " };
        let value = without(value.as_bytes(), secrets);
        let line = [name.as_str().as_bytes(), separator.as_bytes(), &value].concat();
        arguments += " --header ";
        arguments += &argument(&line);
    }
    arguments
}

fn is_shown(name: &HeaderName, value: &HeaderValue) -> bool {
    !value.is_sensitive() && !header::is_credential(name) && name != CONTENT_LENGTH
}

/// What is piped into `curl`, and the arguments for the body.
fn body(request: &Request, secrets: &Secrets) -> (String, String) {
    // Without a body argument, curl sends no `content-length: 0`, so pass an empty one if the request has that header.
    // The body of a HEAD request has no meaning, and curl refuses to send one.
    let has_body = request.body().length() != Some(0) || request.headers().contains_key(CONTENT_LENGTH);
    if !has_body || request.method() == Method::HEAD {
        return (String::new(), String::new());
    }
    // By default, curl sends a form's media type.
    let untyped = if request.headers().contains_key(CONTENT_TYPE) { "" } else { " --header 'content-type:'" };
    let (feed, data) = data(request.body(), secrets);
    (feed, format!("{untyped} {data}"))
}

fn data(body: &Body, secrets: &Secrets) -> (String, String) {
    const PIPED: &str = "--data-binary @-";
    match body.content() {
        Content::Bytes(bytes) => {
            let bytes = &without(bytes, secrets);
            match pasteable(bytes).filter(|text| text.len() <= MAX_ARGUMENT) {
                // Not `--data`, which reads a file if the body begins with `@`.
                Some(text) => (String::new(), format!("--data-raw {}", quoted(text))),
                None => (format!("printf {} | ", escaped(bytes)), PIPED.to_owned()),
            }
        }
        Content::File(path) => (String::new(), format!("--data-binary @{}", path_word(path, secrets))),
        Content::Parts(parts) => match parts.iter().map(|part| writer(part, secrets)).collect::<Option<Vec<_>>>() {
            Some(writers) => (format!("{{ {}; }} | ", writers.join("; ")), PIPED.to_owned()),
            None => (String::new(), PIPED.to_owned()),
        },
        // Whoever runs the command has to pipe it in.
        Content::Unknown => (String::new(), PIPED.to_owned()),
    }
}

/// The command that writes a part of the body; `None` if it isn't known before it is sent.
fn writer(part: &Body, secrets: &Secrets) -> Option<String> {
    match part.content() {
        Content::Bytes(bytes) => Some(format!("printf {}", escaped(&without(bytes, secrets)))),
        Content::File(path) => Some(format!("cat {}", path_word(path, secrets))),
        Content::Parts(_) | Content::Unknown => None,
    }
}

/// The path of a file, which is absolute, and so can't be taken for an option or for `@-`.
fn path_word(path: &Path, secrets: &Secrets) -> String {
    let path = without(path.as_os_str().as_encoded_bytes(), secrets);
    argument(&path)
}

/// Linux limits one argument to 128 KiB. `printf` is built into the shell, so what it pipes has no limit.
const MAX_ARGUMENT: usize = 100 * 1024;

fn url(request: &Request, base_url: Option<&str>, secrets: &Secrets) -> String {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let target = secrets.redact(target);
    match base_url {
        Some(base_url) => quoted(&format!("{}{target}", base_url.trim_end_matches('/'))),
        None => format!("\"$BASE_URL\"{}", quoted(&target)),
    }
}

/// Replaces the secrets in the parts that are valid UTF-8.
fn without<'b>(bytes: &'b [u8], secrets: &Secrets) -> Cow<'b, [u8]> {
    if secrets.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let chunks = bytes.utf8_chunks().flat_map(|chunk| {
        [Cow::from(secrets.redact(chunk.valid()).into_owned().into_bytes()), Cow::from(chunk.invalid())]
    });
    Cow::Owned(chunks.collect::<Vec<_>>().concat())
}

/// The text, if it can be pasted into a terminal, where a tab completes, CR is the enter key, and ESC starts a command.
fn pasteable(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains(|char: char| char.is_control() && char != '\n'))
}

fn word(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) { text.to_owned() } else { quoted(text) }
}

/// Any bytes as one argument.
fn argument(bytes: &[u8]) -> String {
    match pasteable(bytes) {
        Some(text) => quoted(text),
        None => format!("\"$(printf {})\"", escaped(bytes)),
    }
}

/// One argument in single quotes, where only the closing quote has a meaning for the shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Any bytes as a format for POSIX `printf`. A leading hyphen is escaped, because it would start an option.
fn escaped(bytes: &[u8]) -> String {
    let mut format = String::with_capacity(bytes.len() + 2);
    format.push('\'');
    for (position, &byte) in bytes.iter().enumerate() {
        match byte {
            b'%' => format.push_str("%%"),
            b'\\' | b'\'' => push_octal(&mut format, byte),
            b'-' if position == 0 => push_octal(&mut format, byte),
            b' '..=b'~' => format.push(char::from(byte)),
            _ => push_octal(&mut format, byte),
        }
    }
    format.push('\'');
    format
}

/// Always three digits, so that a digit that follows isn't read as part of it.
fn push_octal(format: &mut String, byte: u8) {
    write!(format, "\\{byte:03o}").expect("writing to a string can't fail");
}

#[cfg(test)]
mod tests;
