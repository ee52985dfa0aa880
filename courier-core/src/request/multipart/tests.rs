use super::*;

/// A part as the server sees it: name, file name, media type, content.
type Received = (String, Option<String>, Option<String>, Bytes);

async fn receive(form: &Multipart) -> Vec<Received> {
    let Form { content_type, mut body } = form.to_form().expect("a form that can be sent");
    let boundary = multer::parse_boundary(content_type.to_str().expect("ASCII")).expect("a boundary");
    let mut form =
        multer::Multipart::new(futures_util::stream::poll_fn(move |context| body.poll_chunk(context)), boundary);
    let mut received = Vec::new();
    while let Some(field) = form.next_field().await.expect("a part or the end") {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let name = text(field.name()).expect("a name");
        let (file_name, content_type) = (text(field.file_name()), text(field.content_type().map(AsRef::as_ref)));
        received.push((name, file_name, content_type, field.bytes().await.expect("the content")));
    }
    received
}

/// The media type of a form that is whole, and its body.
fn sent(form: &Multipart) -> (HeaderValue, Bytes) {
    let Form { content_type, body } = form.to_form().expect("a form");
    (content_type, body.into_bytes().expect("a whole form"))
}

fn invalid(form: &Multipart) -> String {
    form.to_form().expect_err("a form that can't be sent").to_string()
}

#[test]
fn a_form_is_written_as_rfc_7578_says() {
    let form = Multipart::new().text("title", "Mai").file("file", "a.bin", "application/x; v=1", vec![0, 0xff]);
    let (content_type, body) = sent(&form);
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
    assert_eq!(sent(&form).1, body, "the same form is the same body");
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
        let (_, body) = sent(&form);
        let size = body.len();
        assert_eq!(Vec::from(body).capacity(), size);
    }
}

#[test]
fn a_form_without_parts_is_only_the_closing_line() {
    let (_, body) = sent(&Multipart::new());
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
    for content_type in ["a/b", "text/csv; charset=utf-8", "text/csv ;charset=\"utf-8\"", "application/vnd.a+json"] {
        Multipart::new().part("a", content_type, "").to_form().expect(content_type);
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
