//! A request as a POSIX shell command, to repeat a call from a terminal or to show it to the API's support.

use std::borrow::Cow;
use std::fmt::Write as _;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method};

use super::{Request, header};
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
        match pasteable(&line) {
            Some(line) => arguments += &quoted(line),
            None => write!(arguments, "\"$(printf {})\"", escaped(&line)).expect("writing to a string can't fail"),
        }
    }
    arguments
}

fn is_shown(name: &HeaderName, value: &HeaderValue) -> bool {
    !value.is_sensitive() && !header::is_credential(name) && name != CONTENT_LENGTH
}

/// What is piped into `curl`, and the arguments for the body.
fn body(request: &Request, secrets: &Secrets) -> (String, String) {
    // The content of a stream isn't known before it is sent, so curl reads it from its standard input.
    let Some(body) = request.body().as_bytes() else { return (String::new(), " --data-binary @-".to_owned()) };
    let body = &without(body, secrets);
    // Without a body argument, curl sends no `content-length: 0`, so pass an empty one if the request has that header.
    // The body of a HEAD request has no meaning, and curl refuses to send one.
    let has_body = !body.is_empty() || request.headers().contains_key(CONTENT_LENGTH);
    if !has_body || request.method() == Method::HEAD {
        return (String::new(), String::new());
    }
    // By default, curl sends a form's media type.
    let untyped = if request.headers().contains_key(CONTENT_TYPE) { "" } else { " --header 'content-type:'" };
    match pasteable(body).filter(|text| text.len() <= MAX_ARGUMENT) {
        // Not `--data`, which reads a file if the body begins with `@`.
        Some(text) => (String::new(), format!("{untyped} --data-raw {}", quoted(text))),
        None => (format!("printf {} | ", escaped(body)), format!("{untyped} --data-binary @-")),
    }
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
mod tests {
    use crate::body::Body;

    use super::*;

    const BASE: Option<&str> = Some("https://example.com/v1/");

    fn request(method: Method, target: &str, headers: &[(&'static str, &[u8])], body: impl Into<Body>) -> Request {
        let mut request = Request::new(body.into());
        *request.method_mut() = method;
        *request.uri_mut() = target.parse().expect("a target");
        for (name, value) in headers {
            request.headers_mut().append(*name, HeaderValue::from_bytes(value).expect("a value"));
        }
        crate::request::set_content_length(&mut request);
        request
    }

    fn json(method: Method, body: &'static str) -> Request {
        request(method, "/a", &[("content-type", b"application/json")], body)
    }

    #[test]
    fn a_post_without_a_body_has_a_length_and_no_media_type() {
        let request = request(Method::POST, "/messages/1/cancel", &[("accept", b"application/json")], "");
        assert_eq!(
            curl(&request, BASE),
            "curl --globoff --path-as-is --request POST --header 'accept: application/json' --header 'content-type:' \
             --data-raw '' 'https://example.com/v1/messages/1/cancel'"
        );
    }

    #[test]
    fn a_get_has_no_body() {
        let request = request(Method::GET, "/messages?cursor=a%26b&status[]=SENT", &[], "");
        assert_eq!(
            curl(&request, BASE),
            "curl --globoff --path-as-is --request GET 'https://example.com/v1/messages?cursor=a%26b&status[]=SENT'"
        );
    }

    #[test]
    fn without_a_base_url_the_command_uses_a_shell_variable() {
        let request = request(Method::DELETE, "/it's", &[], "");
        assert_eq!(curl(&request, None), r#"curl --globoff --path-as-is --request DELETE "$BASE_URL"'/it'\''s'"#);
    }

    #[test]
    fn a_head_request_never_has_a_body() {
        let expected = "curl --globoff --path-as-is --head 'https://example.com/v1/a'";
        assert_eq!(curl(&request(Method::HEAD, "/a", &[], ""), BASE), expected);
        assert_eq!(curl(&request(Method::HEAD, "/a", &[], "x"), BASE), expected);
    }

    #[test]
    fn json_with_quotes_and_newlines_is_readable() {
        assert_eq!(
            curl(&json(Method::PUT, "{\n  \"it's\": \"$HOME `id` \\\\ !\"\n}"), BASE),
            "curl --globoff --path-as-is --request PUT --header 'content-type: application/json' \
             --data-raw '{\n  \"it'\\''s\": \"$HOME `id` \\\\ !\"\n}' 'https://example.com/v1/a'"
        );
    }

    #[test]
    fn bytes_are_piped() {
        let request = request(Method::POST, "/a", &[("content-type", b"a/b")], &b"-%d\x001\xff'\\\r\n-"[..]);
        assert_eq!(
            curl(&request, BASE),
            r"printf '\055%%d\0001\377\047\134\015\012-' | curl --globoff --path-as-is --request POST --header 'content-type: a/b' --data-binary @- 'https://example.com/v1/a'"
        );
    }

    #[test]
    fn no_credential_is_shown() {
        let mut request = request(
            Method::GET,
            "/a",
            &[
                ("authorization", b"Bearer s3cret"),
                ("proxy-authorization", b"Basic s3cret"),
                ("cookie", b"id=s3cret"),
                ("x-api-key", b"s3cret"),
                ("x-request-id", b"7f3c"),
            ],
            "",
        );
        request.headers_mut().get_mut("x-api-key").expect("it was given").set_sensitive(true);
        assert_eq!(
            curl(&request, BASE),
            "curl --globoff --path-as-is --request GET --header 'x-request-id: 7f3c' 'https://example.com/v1/a'"
        );
    }

    #[test]
    fn headers_are_sorted_by_name() {
        let headers: [(_, &[u8]); 5] =
            [("x-b", b"2"), ("accept", b"*/*"), ("x-b", b"1"), ("x-a", b""), ("x-c", b"\xff")];
        assert_eq!(
            curl(&request(Method::GET, "/", &headers, ""), BASE),
            "curl --globoff --path-as-is --request GET --header 'accept: */*' --header 'x-a;' --header 'x-b: 2' \
             --header 'x-b: 1' --header \"$(printf 'x-c: \\377')\" 'https://example.com/v1/'"
        );
    }

    /// Runs the command in a real shell, with a `curl` that prints its arguments, each followed by NUL, and then its
    /// input.
    #[cfg(unix)]
    fn run(command: &str) -> (Vec<Vec<u8>>, Vec<u8>) {
        use std::process::{Command, Stdio};

        let script = format!(
            "curl() {{ printf '%s\\0' \"$@\"; printf 'input\\0'; case \"$*\" in *@-*) cat; esac; }}\n{command}\n"
        );
        let mut shell = Command::new("sh")
            .env("BASE_URL", "https://[::1]/it's $HOME")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        // Not with `-c`: a long command doesn't fit in one argument.
        let mut input = shell.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || std::io::Write::write_all(&mut input, script.as_bytes()));
        let output = shell.wait_with_output().expect("the shell's end");
        writer.join().expect("the writer").expect("the shell reads its script");
        assert!(output.status.success());

        let separator = b"\0input\0";
        let end = output.stdout.windows(separator.len()).position(|window| window == separator).expect("the input");
        let arguments = output.stdout[..end].split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
        (arguments, output.stdout[end + separator.len()..].to_vec())
    }

    #[cfg(unix)]
    #[test]
    fn the_shell_passes_on_exactly_what_was_meant() {
        let nasty: [&[u8]; 12] = [
            b"'",
            b"''\\'''",
            b"\"$(touch /tmp/never)\" `id` ${HOME} $$ !! \\ \\n",
            b"@file",
            b"-X --next\n\n",
            "ü 日本 \u{202e}".as_bytes(),
            b"; exit 1 #",
            b"a\r\nb\tc\x1b[31m",
            b"\0\x001 %s %% \\0 \\c",
            b"-n \xff\n",
            b"'\xfe'",
            &vec![b'a'; 200_000],
        ];
        for body in nasty {
            let headers: [(_, &[u8]); 1] = [("content-type", b"it's/$HOME; a=\"`b`\"")];
            let request = request(Method::POST, "/it's/$HOME?a=`b`", &headers, body.to_vec());
            let (arguments, input) = run(&curl(&request, None));
            let mut expected: Vec<&[u8]> = vec![b"--globoff", b"--path-as-is", b"--request", b"POST", b"--header"];
            expected.push(b"content-type: it's/$HOME; a=\"`b`\"");
            let sent = if input.is_empty() {
                expected.extend([&b"--data-raw"[..], body]);
                body
            } else {
                expected.extend([&b"--data-binary"[..], b"@-"]);
                &input
            };
            expected.push(b"https://[::1]/it's $HOME/it's/$HOME?a=`b`");
            assert_eq!(sent, body);
            assert_eq!(arguments, expected, "{}", String::from_utf8_lossy(body));
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_shell_passes_on_headers_that_are_not_text() {
        let headers: [(_, &[u8]); 2] = [("x-a", b"-%s\xff'\\\t-"), ("x-b", b"\xe2\x80")];
        let (arguments, _) =
            run(&curl(&request(Method::from_bytes(b"A'B").expect("a method"), "/", &headers, ""), BASE));
        assert_eq!(arguments[3], b"A'B");
        assert_eq!((&arguments[5][..], &arguments[7][..]), (&b"x-a: -%s\xff'\\\t-"[..], &b"x-b: \xe2\x80"[..]));
    }
}
