use super::*;

const BASE: Option<&str> = Some("https://example.com/v1/");

fn request(method: Method, target: &str, headers: &[(&'static str, &[u8])], body: impl Into<Body>) -> Request {
    let mut request = Request::new(body.into());
    *request.method_mut() = method;
    *request.uri_mut() = target.parse().expect("a target");
    for (name, value) in headers {
        request.headers_mut().append(*name, HeaderValue::from_bytes(value).expect("a value"));
    }
    let (mut head, body) = request.into_parts();
    crate::request::set_content_length(&mut head.headers, &head.method, &body);
    Request::from_parts(head, body)
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
    let headers: [(_, &[u8]); 5] = [("x-b", b"2"), ("accept", b"*/*"), ("x-b", b"1"), ("x-a", b""), ("x-c", b"\xff")];
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

    let script =
        format!("curl() {{ printf '%s\\0' \"$@\"; printf 'input\\0'; case \"$*\" in *@-*) cat; esac; }}\n{command}\n");
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

/// A file that is removed at the end.
#[cfg(unix)]
struct Temporary(std::path::PathBuf);

#[cfg(unix)]
impl Temporary {
    fn new(name: &[u8], content: &[u8]) -> Self {
        use std::os::unix::ffi::OsStrExt as _;
        use std::sync::atomic::{AtomicU32, Ordering};

        // Tests run at the same time.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = [name, format!("{}-{number}", std::process::id()).as_bytes()].concat();
        let path = std::env::temp_dir().join(std::ffi::OsStr::from_bytes(&name));
        std::fs::write(&path, content).expect("a file");
        Self(path)
    }
}

#[cfg(unix)]
impl Drop for Temporary {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

#[cfg(unix)]
const NAMES: [&[u8]; 5] = [b"curl", b"-it's $HOME `id` ", b"@\"\\n", b"a\tb\r", b"\xff\x1b"];

#[cfg(unix)]
#[test]
fn a_file_is_read_by_curl() {
    for name in NAMES {
        let file = Temporary::new(name, b"content");
        let body = || Body::from_file(&file.0).expect("a file");
        for body in [body(), body().on_progress(drop)] {
            let request = request(Method::PUT, "/a", &[("content-type", b"a/b")], body);
            let (arguments, input) = run(&curl(&request, BASE));
            let data = [b"@", file.0.as_os_str().as_encoded_bytes()].concat();
            assert_eq!(arguments[6..8], [b"--data-binary".to_vec(), data]);
            assert_eq!(input, b"");
        }
    }
    let file = Temporary::new(b"shown", b"");
    let request = request(Method::POST, "/a", &[], Body::from_file(&file.0).expect("a file"));
    assert_eq!(
        curl(&request, BASE),
        format!(
            "curl --globoff --path-as-is --request POST --header 'content-type:' --data-binary @'{}' \
             'https://example.com/v1/a'",
            file.0.display()
        )
    );
}

#[cfg(unix)]
#[test]
fn the_parts_of_a_body_are_piped_into_curl() {
    let content = b"-%d\x001\xff'\\\r\n-";
    for name in NAMES {
        let file = Temporary::new(name, content);
        let parts = vec![
            Body::from(&content[..]),
            Body::from_file(&file.0).expect("a file"),
            Body::from("--\r\n'"),
            Body::from_file(&file.0).expect("a file").on_progress(drop),
        ];
        let request = request(Method::PUT, "/a", &[("content-type", b"a/b")], Body::chain(parts));
        let (arguments, input) = run(&curl(&request, BASE));
        assert_eq!(arguments[6..8], [&b"--data-binary"[..], b"@-"]);
        assert_eq!(input, [&content[..], content, b"--\r\n'", content].concat());
    }
}

#[test]
fn a_stream_is_read_from_standard_input() {
    let stream = || Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("a")]));
    for body in [stream(), stream().with_length(1), Body::from_fn(stream), Body::chain(vec!["a".into(), stream()])] {
        assert_eq!(
            curl(&request(Method::POST, "/a", &[], body), BASE),
            "curl --globoff --path-as-is --request POST --header 'content-type:' --data-binary @- \
             'https://example.com/v1/a'"
        );
    }
    assert!(!curl(&request(Method::HEAD, "/a", &[], stream()), BASE).contains("data"));
}

#[cfg(unix)]
#[test]
fn the_shell_passes_on_headers_that_are_not_text() {
    let headers: [(_, &[u8]); 2] = [("x-a", b"-%s\xff'\\\t-"), ("x-b", b"\xe2\x80")];
    let (arguments, _) = run(&curl(&request(Method::from_bytes(b"A'B").expect("a method"), "/", &headers, ""), BASE));
    assert_eq!(arguments[3], b"A'B");
    assert_eq!((&arguments[5][..], &arguments[7][..]), (&b"x-a: -%s\xff'\\\t-"[..], &b"x-b: \xe2\x80"[..]));
}
