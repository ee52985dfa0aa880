//! For any credential in any header format: nothing that a call prints contains any part of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use courier_core::messages::Messages as _;
use courier_core::{Error, MemoryTransport, Response, Result, Secret, Transport, endpoint};
use http::StatusCode;
use proptest::prelude::*;

use crate::flow::key_search::texts;
use crate::flow::record::ID;

/// The content of a quoted string, with the characters that need quoting.
fn quoted_part() -> impl Strategy<Value = String> {
    "[ -~]{8,40}".prop_filter("no leading or trailing space", |text| text.trim() == text)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A header with a credential, and the parts that a server may echo.
fn credential() -> impl Strategy<Value = (&'static str, String, Vec<String>)> {
    let cookie = proptest::collection::vec("[!#-+./0-9:<->@A-Z^_`a-z|~-]{8,40}", 1..5).prop_map(|values| {
        let pairs: Vec<_> = values.iter().enumerate().map(|(number, value)| format!("c{number}={value}")).collect();
        ("cookie", pairs.join("; "), values)
    });
    let parameters = (
        prop_oneof![Just("OAuth"), Just("Digest"), Just("Hawk"), Just("Custom-Scheme")],
        proptest::collection::vec(quoted_part(), 1..5),
        prop_oneof![Just(", "), Just(","), Just(" , ")],
    )
        .prop_map(|(scheme, values, comma)| {
            let pairs: Vec<_> =
                values.iter().enumerate().map(|(number, value)| format!("p{number}={}", quoted(value))).collect();
            ("authorization", format!("{scheme} {}", pairs.join(comma)), values)
        });
    let signature = (part_of_token(), part_of_token()).prop_map(|(id, signature)| {
        let value =
            format!("AWS4-HMAC-SHA256 Credential={id}/20130524/us-east-1/s3/aws4_request, Signature={signature}");
        ("authorization", value, vec![id, signature])
    });
    let basic = ("[a-zA-Z0-9@.]{0,20}", "[ -~ü]{4,40}").prop_map(|(user, password)| {
        let encoded = STANDARD.encode(format!("{user}:{password}"));
        ("proxy-authorization", format!("Basic {encoded}"), vec![encoded, password])
    });
    let bearer = part_of_token().prop_map(|token| ("authorization", format!("Bearer {token}"), vec![token]));
    prop_oneof![cookie, parameters, signature, basic, bearer]
}

fn part_of_token() -> impl Strategy<Value = String> {
    "[A-Za-z0-9._~+-]{8,40}"
}

/// A server that echoes this text.
fn repeating(text: &str) -> MemoryTransport {
    let body = format!("<{text}>");
    MemoryTransport::from_fn(move |_| {
        let mut response = Response::new(body.clone().into());
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        Ok(response)
    })
}

/// The ways in which a server may write a text.
fn echo() -> impl Strategy<Value = fn(&str) -> String> {
    let each: [fn(&str) -> String; 6] = [
        str::to_owned,
        |text| serde_json::to_string(text).expect("a string"),
        |text| text.chars().fold(String::new(), |all, character| all + &format!("\\u{:04x}", u32::from(character))),
        |text| text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}")),
        |text| text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02x}")),
        |text| text.chars().fold(String::new(), |all, character| all + &format!("&#{};", u32::from(character))),
    ];
    proptest::sample::select(each.to_vec())
}

/// Asserts that whatever is between the brackets is hidden.
fn assert_redacted(error: &Error) {
    let texts = texts(error);
    for line in texts.lines().filter(|line| line.contains('<')) {
        let (_, body) = line.rsplit_once("body: <").expect("the body");
        assert!(body.starts_with("[redacted]>") || body.starts_with("\"[redacted]\">"), "{line}");
    }
}

trait Keys: Transport {
    #[endpoint(GET, "/<key>?<key2>", ok = 200)]
    async fn keys(&self, key: &Secret, key2: &Secret, #[header("x-key")] key3: &Secret) -> Result<String>;
    #[endpoint(POST, "/", ok = 200)]
    async fn body(&self, #[body] key: &Secret) -> Result<String>;
}
impl<T: Transport> Keys for T {}

fn error_of<T: std::fmt::Debug>(call: impl Future<Output = Result<T>>) -> Error {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(call).expect_err("401 is not declared")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_part_of_any_credential_is_shown((name, value, parts) in credential(), echo in echo()) {
        for part in &parts {
            let transport = repeating(&echo(part));
            let call = transport.cancel(ID).header(name, &value);
            let curl = call.curl().expect("a request");
            prop_assert!(!curl.contains(part.as_str()) && !curl.contains(&value), "{curl}");
            let debug = format!("{call:?} {:?}", call.request());
            prop_assert!(!debug.contains(part.as_str()), "{debug}");
            assert_redacted(&error_of(call));
        }
    }

    #[test]
    fn no_secret_argument_is_shown(text in "[!-~]([ -~]{2,30})[!-~]", echo in echo()) {
        let (secret, transport) = (Secret::new(text.as_str()), repeating(&echo(&text)));
        let call = transport.keys(&secret, &secret, &secret);
        if let Ok(curl) = call.curl() {
            prop_assert!(curl.ends_with(r#""$BASE_URL"'/[redacted]?key2=[redacted]'"#), "{curl}");
            assert_redacted(&error_of(call));
        }
        let call = transport.body(&secret);
        let curl = call.curl().expect("a request");
        prop_assert!(curl.contains(r#"--data-raw '"[redacted]"'"#), "{curl}");
        assert_redacted(&error_of(call));
    }
}
