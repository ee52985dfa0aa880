//! Each part of a credential is hidden separately: a server rarely echoes a whole header.

use courier_core::Error;
use courier_core::messages::Messages as _;

use crate::flow::key_search::{assert_hides, texts};
use crate::flow::record::ID;
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

/// The header, its value, and the parts that a server may echo. "part1" to "part3" mark what must stay hidden.
const CREDENTIALS: &[(&str, &str, &[&str])] = &[
    (
        "cookie",
        r#"sid=part1-0a1b2c; theme=dark; csrf="part2-3d4e5f"; last=part3-6a7b8c"#,
        &["part1-0a1b2c", "part2-3d4e5f", "\"part2-3d4e5f\"", "part3-6a7b8c", "sid=part1-0a1b2c"],
    ),
    ("cookie", "sid=s%3Apart1-0a1b2c.x", &["s:part1-0a1b2c.x", "s%3Apart1-0a1b2c.x"]),
    ("cookie", r#"prefs="part1;part1x"; b=part2 part3x"#, &["part1;part1x", "part2 part3x"]),
    (
        "authorization",
        r#"OAuth realm="Example", oauth_consumer_key="part1-0a1b", oauth_token="part2-3d4e", oauth_signature="part3%2F6a%3D""#,
        &["part1-0a1b", "part2-3d4e", "part3%2F6a%3D", "part3/6a="],
    ),
    (
        "authorization",
        r#"Digest username="part1-name", realm="a, b", nonce="part2-nonce", uri="/x", qop=auth, response="part3\"\\quoted""#,
        &["part1-name", "part2-nonce", r#"part3\"\\quoted"#, r#"part3"\quoted"#],
    ),
    (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=part1AKID/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, \
         Signature=part2fe5f80",
        &["part1AKID", "part1AKID/20130524/us-east-1/s3/aws4_request", "part2fe5f80"],
    ),
    ("authorization", r#"Hawk id="part1-id", ts="1353832234", mac="part2/mac=""#, &["part1-id", "part2/mac="]),
    ("authorization", "SharedKey part1account:part2signature==", &["part1account", "part2signature=="]),
    (
        "authorization",
        "SharedAccessSignature sr=https%3A%2F%2Fexample.com&sig=part1%2Fsig%3D&se=1700000000&skn=part2-name",
        &["part1%2Fsig%3D", "part1/sig=", "part2-name"],
    ),
    ("authorization", "part1-without-a-scheme", &["part1-without-a-scheme"]),
    ("authorization", "Token token=\"part1-token\", nonce=\"part2-nonce\"", &["part1-token", "part2-nonce"]),
    // part1-user:part2 "pass\word
    (
        "authorization",
        "Basic cGFydDEtdXNlcjpwYXJ0MiAicGFzc1x3b3Jk",
        &[
            "cGFydDEtdXNlcjpwYXJ0MiAicGFzc1x3b3Jk",
            r#"part1-user:part2 "pass\word"#,
            r#"part2 "pass\word"#,
            "part1-user",
        ],
    ),
    // part1-key: (an API key as the user, without a password)
    ("proxy-authorization", "basic cGFydDEta2V5Og==", &["cGFydDEta2V5Og==", "part1-key"]),
];

/// The ways in which a server may write a text: unchanged, in JSON, percent-encoded, in HTML.
fn echoes(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).expect("a string");
    let each = |write: &dyn Fn(char) -> String| text.chars().map(write).collect::<String>();
    let special = |c: char| !c.is_ascii_alphanumeric();
    vec![
        text.to_owned(),
        json.clone(),
        json.replace('/', "\\/"),
        each(&|c| format!("\\u{:04x}", u32::from(c))),
        each(&|c| if special(c) { format!("\\u{:04X}", u32::from(c)) } else { c.into() }),
        each(&|c| if special(c) { format!("%{:02X}", u32::from(c)) } else { c.into() }),
        each(&|c| if special(c) { format!("%{:02x}", u32::from(c)) } else { c.into() }),
        each(&|c| format!("%{:02X}", u32::from(c))),
        each(&|c| if c == ' ' { "+".to_owned() } else { c.into() }),
        each(&|c| match c {
            '&' => "&amp;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&#39;".to_owned(),
            '/' => "&#x2F;".to_owned(),
            '=' => "&#61;".to_owned(),
            c => c.into(),
        }),
    ]
}

/// Looks for the marks after every encoding is undone.
fn assert_no_part(error: &Error, echo: &str) {
    let texts = texts(error);
    for mark in ["part1", "part2", "part3", "\\u0061", "%61", "cGFydD"] {
        assert!(!texts.contains(mark), "{mark} of {echo}: {texts}");
    }
    assert!(texts.contains("[redacted]"), "{echo}: {texts}");
}

#[tokio::test]
async fn errors_hide_each_part_of_a_calls_credential_in_every_form_a_server_echoes() {
    for (name, value, parts) in CREDENTIALS {
        for echo in parts.iter().flat_map(|part| echoes(part)) {
            let server = Server::start([Reply::json(401, format!("bad credential <{echo}>."))]).await;
            let call = server.without_key();
            let error = call.cancel(ID).header(name, value).await.expect_err("401 is not declared");
            assert_no_part(&error, &echo);
        }
    }
}

#[tokio::test]
async fn errors_hide_each_part_of_a_clients_credential() {
    for (name, value, parts) in CREDENTIALS {
        let replies = parts.iter().map(|part| Reply::json(401, format!("bad credential <{part}>.")));
        let server = Server::start(replies).await;
        let plain = Network::builder(server.url()).header(name, value).build().expect("a client");
        for part in *parts {
            assert_no_part(&plain.cancel(ID).await.expect_err("401 is not declared"), part);
        }
        let replies = parts.iter().map(|part| Reply::json(401, format!("bad credential <{part}>.")));
        let server = Server::start(replies).await;
        let secret = Network::builder(server.url()).secret_header(name, value).build().expect("a client");
        for part in *parts {
            assert_no_part(&secret.cancel(ID).await.expect_err("401 is not declared"), part);
        }
    }
}

#[tokio::test]
async fn the_public_parts_of_a_credential_stay_readable() {
    let message = r#"{"Digest": true, "realm": "Example", "theme": "dark", "SHA-256": "auth", "OAuth": 1}"#;
    for (name, value) in [
        ("authorization", r#"Digest realm="Example", qop=auth, algorithm=SHA-256, response="0a1b2c3d""#),
        ("authorization", r#"OAuth realm="Example", oauth_version="1.0", oauth_token="0a1b2c3d""#),
        ("cookie", "theme=dark; sid=0a1b2c3d; consent=true"),
    ] {
        let server = Server::start([Reply::json(401, message)]).await;
        let error = server.without_key().cancel(ID).header(name, value).await.expect_err("401 is not declared");
        assert_hides(&error, "0a1b2c3d");
        assert!(error.to_string().contains(message), "{error}");
    }
}
