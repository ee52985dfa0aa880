//! Checks the credentials passed to a builder, and finds the secrets in a header that holds one.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderName, HeaderValue, header};
use percent_encoding::percent_decode_str;

use super::Secret;

/// The length in bytes from which a part of a header is hidden separately. Shorter values of cookies, such as `dark`
/// and `true`, occur in too many texts.
const SHORTEST_PART: usize = 6;

/// Encodes as [RFC 7617](https://www.rfc-editor.org/rfc/rfc7617) asks; decodes with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The parameters of a credential that aren't secret.
const PUBLIC: [&str; 15] = [
    "algorithm",
    "charset",
    "created",
    "expires",
    "headers",
    "nc",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_version",
    "qop",
    "realm",
    "signedheaders",
    "ts",
    "uri",
    "version",
];

/// Makes `Bearer …` for `authorization`.
///
/// # Errors
///
/// Returns the rule that the token breaks, and the fix. The text quotes no byte of it.
pub(crate) fn bearer(token: &str) -> Result<HeaderValue, &'static str> {
    check(token)?;
    // RFC 6750, 2.1 allows none of them. The server would refuse a key that was copied with its quotes, but only later.
    if token.contains([' ', '"', '\\']) {
        return Err("it has a space, a quote or a backslash in it; copy it again without");
    }
    Ok(sensitive(format!("Bearer {token}")))
}

/// Makes a header value from a credential.
///
/// # Errors
///
/// Returns the rule that it breaks, and the fix. The text quotes no byte of it.
pub(crate) fn header_value(text: &str) -> Result<HeaderValue, &'static str> {
    check(text)?;
    Ok(sensitive(text.to_owned()))
}

/// Checks a credential in a query, which can hold more characters than a header.
///
/// # Errors
///
/// Returns the rule that it breaks, and the fix. The text quotes no byte of it.
pub(crate) fn query_value(text: &str) -> Result<&str, &'static str> {
    check_ends(text)?;
    Ok(text)
}

fn check(text: &str) -> Result<(), &'static str> {
    check_ends(text)?;
    if text.bytes().any(|byte| !byte.is_ascii_graphic() && byte != b' ') {
        return Err("it has a control or non-ASCII character, which a header can't hold; copy it again");
    }
    Ok(())
}

/// Refuses what a credential gets when it is copied carelessly.
fn check_ends(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("it is empty; give the value that the API issued");
    }
    if text.trim() != text {
        return Err("it has a space or a line break at an end; copy it again without");
    }
    Ok(())
}

/// Marks a value as sensitive: `Debug` hides it, and HTTP/2 doesn't index it.
fn sensitive(text: String) -> HeaderValue {
    let mut value = HeaderValue::try_from(text).expect("visible ASCII and spaces only");
    value.set_sensitive(true);
    value
}

/// A user and a password ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)), in UTF-8.
pub(crate) struct BasicAuth<'c> {
    pub(crate) user: &'c str,
    pub(crate) password: &'c str,
}

impl BasicAuth<'_> {
    /// # Errors
    ///
    /// Returns what is invalid, the rule that it breaks, and the fix. The texts quote no byte of it.
    pub(crate) fn header_value(&self) -> Result<HeaderValue, (&'static str, &'static str)> {
        let Self { user, password } = self;
        if user.contains(':') {
            return Err((
                "the user",
                "it has a colon in it, and the server would read the rest as the password; check it",
            ));
        }
        for (what, text) in [("the user", user), ("the password", password)] {
            if text.contains(|character: char| character.is_control()) {
                return Err((what, "it has a line break or another control character in it; copy it again without"));
            }
        }
        if user.is_empty() && password.is_empty() {
            return Err(("the user", "it is empty, and so is the password; give the ones that the API issued"));
        }
        Ok(sensitive(format!("Basic {}", BASE64.encode(format!("{user}:{password}")))))
    }
}

/// Adds every part of a header's value that may be a secret. Servers rarely echo the whole value.
pub(crate) fn parts_of_header(name: &HeaderName, value: &HeaderValue, parts: &mut Vec<Secret>) {
    let text = String::from_utf8_lossy(value.as_bytes());
    let text = text.trim();
    if *name == header::COOKIE {
        parts.push(text.into());
        // For some servers, a semicolon in quotes is an ordinary character; for others, it ends the value.
        for item in items(text, &[';']).into_iter().chain(text.split(';')) {
            add_item(item.trim(), parts);
        }
        return;
    }
    let (scheme, rest) = scheme(text);
    if *name == header::AUTHORIZATION || *name == header::PROXY_AUTHORIZATION {
        parts.push(rest.into());
    } else {
        // What looks like a scheme may be part of the secret.
        parts.push(text.into());
        add(rest, parts);
    }
    if scheme.eq_ignore_ascii_case("basic") {
        add_basic(rest, parts);
    }
    for item in items(rest, &[',', ';', '&', ' ', '\t']) {
        if !item.split_once('=').is_some_and(|(name, _)| is_public(name)) {
            add_item(item, parts);
        }
    }
}

/// Splits `Bearer` from what follows. Without a scheme, everything is the credential.
fn scheme(text: &str) -> (&str, &str) {
    match text.split_once(' ') {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) => {
            (scheme, rest.trim())
        }
        _ => ("", text),
    }
}

fn is_public(name: &str) -> bool {
    PUBLIC.iter().any(|public| name.eq_ignore_ascii_case(public))
}

/// `user:password` in base64. Some APIs use the key as the user, with an empty password.
fn add_basic(encoded: &str, parts: &mut Vec<Secret>) {
    let Ok(decoded) = BASE64.decode(encoded) else { return };
    let decoded = String::from_utf8_lossy(&decoded);
    let (user, password) = decoded.split_once(':').unwrap_or((&decoded, ""));
    parts.push(decoded.as_ref().into());
    if password.is_empty() {
        parts.push(user.into());
    } else {
        parts.push(password.into());
        add(user, parts);
    }
}

/// The items of a list, trimmed. Delimiters in a quoted string are ignored.
fn items<'t>(text: &'t str, delimiters: &[char]) -> Vec<&'t str> {
    let (mut items, mut start, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_quoted,
            '"' => is_quoted = !is_quoted,
            _ if !is_quoted && delimiters.contains(&character) => {
                items.push(text[start..at].trim());
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    items.push(text[start..].trim());
    items
}

/// `name=value`, `account:signature`, or only a value.
fn add_item(item: &str, parts: &mut Vec<Secret>) {
    add(item, parts);
    let (name, value) = match item.split_once('=') {
        // `account:signature==` isn't a pair.
        Some((name, value)) if !name.contains(':') => (name, value),
        _ => ("", item),
    };
    add_value(value.trim(), parts);
    // The id of an access key, before the scope of its signature.
    if name.trim().eq_ignore_ascii_case("credential") {
        add(value.split('/').next().unwrap_or_default(), parts);
    }
    if let Some((account, signature)) = value.split_once(':').filter(|_| !value.starts_with('"')) {
        add(account, parts);
        add(signature, parts);
    }
}

/// Adds a value with and without its quotes, backslashes and percent-encoding.
fn add_value(value: &str, parts: &mut Vec<Secret>) {
    add(value, parts);
    let inner = value.strip_prefix('"').unwrap_or(value);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    add(inner, parts);
    if inner.contains('\\') {
        add(&unescaped(inner), parts);
    }
    if inner.contains('%') {
        add(&percent_decode_str(inner).decode_utf8_lossy(), parts);
    }
}

/// Removes the backslashes of a quoted string
/// ([RFC 9110, 5.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4)).
fn unescaped(quoted: &str) -> String {
    let mut is_escaped = false;
    let kept = quoted.chars().filter(|&character| {
        is_escaped = character == '\\' && !is_escaped;
        !is_escaped
    });
    kept.collect()
}

fn add(part: &str, parts: &mut Vec<Secret>) {
    if part.len() >= SHORTEST_PART {
        parts.push(part.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &HeaderName, value: &'static str) -> Vec<String> {
        let mut parts = Vec::new();
        parts_of_header(name, &HeaderValue::from_static(value), &mut parts);
        let mut parts: Vec<_> = parts.iter().map(|part| part.expose().to_owned()).collect();
        parts.sort();
        parts.dedup();
        parts
    }

    #[test]
    fn a_bearer_token_is_one_secret() {
        assert_eq!(parts(&header::AUTHORIZATION, "Bearer s3cret-t0ken=="), ["s3cret-t0ken=="]);
        assert_eq!(parts(&header::AUTHORIZATION, "s3cret-t0ken"), ["s3cret-t0ken"]);
    }

    #[test]
    fn public_parameters_are_not_secrets() {
        assert_eq!(
            parts(&header::AUTHORIZATION, r#"Digest realm="Example", qop=auth, response="0a1b2c""#),
            ["\"0a1b2c\"", "0a1b2c", "realm=\"Example\", qop=auth, response=\"0a1b2c\"", "response=\"0a1b2c\""]
        );
        assert_eq!(parts(&header::COOKIE, "a=true; sid=0a1"), ["a=true", "a=true; sid=0a1", "sid=0a1"]);
    }

    #[test]
    fn basic_credentials_match_the_examples_of_the_rfc() {
        for (user, password, value) in [
            ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test", "123£", "Basic dGVzdDoxMjPCow=="),
            ("key", "", "Basic a2V5Og=="),
            ("", "key", "Basic OmtleQ=="),
        ] {
            let header = BasicAuth { user, password }.header_value().expect("usable");
            assert_eq!(header, value);
            assert!(header.is_sensitive());
        }
        for (user, password, what) in
            [("a:b", "c", "the user"), ("a\n", "b", "the user"), ("a", "b\r\n", "the password"), ("", "", "the user")]
        {
            assert_eq!(BasicAuth { user, password }.header_value().expect_err("refused").0, what);
        }
    }
}
