//! Fragments of declarations, valid ones and ones from other tools, and how they are combined.

use arbitrary::{Result, Unstructured};

/// The item for an input that is only an attribute.
pub(crate) const ITEM: &str = "async fn get(&self, id: &str) -> Result<Message>;";

const METHODS: &[&str] = &[
    "GET",
    "POST",
    "HEAD",
    "DELETE",
    "get",
    "\"POST\"",
    "GETT",
    "http::Method::PUT",
    "GET(\"/a\")",
    "\"GET /a\"",
    "method = \"GET\"",
    "_",
    "",
];
const SEPARATORS: &[&str] = &[", ", ", ", ", ", ", ", ", ", ", ", ";", " ", ",,", ": ", "=>"];
const PATH: &[&str] = &[
    "/",
    "/",
    "messages",
    "a",
    "<id>",
    "<id..>",
    "<part>",
    "v<id>",
    "{id}",
    "{*id}",
    ":id",
    "*id",
    "<",
    ">",
    "<<",
    ">>",
    "..",
    ".",
    "?",
    "&",
    "=",
    "#",
    "%",
    "%2f",
    "%20",
    " ",
    "ü",
    "<ids:comma>",
    "<id:json>",
    "<int:id>",
    "<r#type>",
    "cursor=",
    "limit=50",
    "<>",
    "://",
    "https://a.b",
    "\\n",
    "\\u{1F600}",
    "\\\"",
    "|",
    "[",
    "]",
    "'",
];
const ENTRIES: &[&str] = &[
    "ok = 200",
    "ok = 2xx",
    "conflict = 409",
    "none = 404 | 410",
    "some = 200",
    "err = 4xx",
    "idempotent",
    "idempotent = true",
    "status = 200",
    "Ok = 200",
    "200 = ok",
    "ok => 200",
    "ok: 200",
    "ok(200)",
    "ok == 200",
    "ok = 200 || 202",
    "ok = [200, 202]",
    "ok = 200..=299",
    "ok = StatusCode::OK",
    "ok = \"200\"",
    "\"ok\" = 200",
    "not-found = 404",
    "Outcome::NotFound = 404",
    "_ = 200",
    "_404 = 404",
    "ok =",
    "= 200",
    "200",
    "ok",
    "header(\"a\" = \"b\")",
    "header(\"a\", \"b\")",
    "header(\"content-length\" = \"1\")",
    "headers(\"a\" = \"b\")",
    "crate = \"courier_core\"",
    "crate = a::b",
    "crate = \"a b\"",
    "\"/a\"",
    "\"\"",
    "ok = 99999999999",
    "ok = 1xx",
    "ok = 0x1F",
    "ok = -1",
    "ok = 200 -> String",
    "r#type = 200",
    "Ü = 200",
    "ok = 200 conflict = 409",
    "'a",
    "b'a'",
    "#",
    "ok = ()",
    "{}",
    "timeout = \"5s\"",
];
const BEFORE: &[&str] = &[
    "",
    "",
    "",
    "",
    "#[cfg(a)] ",
    "/// Gets.\n",
    "#[endpoint(GET)] ",
    "pub ",
    "pub(crate) ",
    "const ",
    "unsafe ",
    "extern \"C\" ",
    "#[must_use] ",
    "default ",
];
const KINDS: &[&str] = &[
    "async fn ",
    "async fn ",
    "async fn ",
    "fn ",
    "fn ",
    "const ",
    "type ",
    "struct ",
    "impl ",
    "trait ",
    "fn",
    "mod ",
    "",
];
const NAMES: &[&str] = &[
    "get",
    "get",
    "r#type",
    "Ü",
    "_",
    "",
    "get<T>",
    "get<'a, T: 'a + Copy>",
    "get<'async_trait>",
    "get<",
    "get<const N: usize>",
];
const RECEIVERS: &[&str] = &[
    "&self",
    "&self",
    "&self",
    "&self, ",
    "self",
    "&mut self",
    "&'a self",
    "self: &Self",
    "self: Box<Self>",
    "mut self",
    "",
    "&",
    "&se",
];
const ARGUMENTS: &[&str] = &[
    "id: &str",
    "part: u8",
    "id: Option<&str>",
    "ids: &[u32]",
    "r#type: &str",
    "#[query] filter: &F",
    "#[header(\"a\")] key: &str",
    "#[header(\"A\")] other: &str",
    "#[body] body: &B",
    "#[form] form: F",
    "#[raw(\"a/b\")] raw: &[u8]",
    "#[multipart] form: Multipart",
    "#[json] body: &B",
    "#[path] id: &str",
    "#[Header(\"a\")] key: &str",
    "#[body] #[form] both: B",
    "#[raw] raw: u8",
    "#[query(\"a\")] a: u8",
    "#[cfg(a)] id: &str",
    "mut id: &str",
    "(id, part): (u8, u8)",
    "_: u8",
    "Id(id): Id",
    "id",
    "id:",
    "id: ,",
    "id: impl Display",
    "...",
    "x: HashMap<u8, u8>",
    "#[a::b] id: u8",
    "/// doc\n id: u8",
    "ref id: u8",
    "id @ _: u8",
];
const OUTPUTS: &[&str] = &[
    " -> Result<Message>",
    " -> Result<Message>",
    " -> Result<()>",
    " -> Result<Option<String>>",
    " -> Result<Vec<u8>, E>",
    " -> Result",
    "",
    " ->",
    " -> String",
    " -> ()",
    " -> impl Future<Output = Result<u8>>",
    " -> Pin<Box<dyn Future<Output = u8> + Send>>",
    " -> Result<",
    " -> ::a::Result<()> where Self: Sized",
    " -> BoxFuture<'_, u8>",
    " -> (A, B)",
];
const ENDS: &[&str] = &[";", ";", ";", ";", " {}", " { todo!() }", "", ";;", " = 1;"];

/// `GET, "/messages/<id>", ok = 200`
pub(crate) fn attribute(bytes: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    text.push_str(pick(bytes, METHODS)?);
    text.push_str(pick(bytes, SEPARATORS)?);
    text.push_str("\"/");
    for _ in 0..bytes.int_in_range(0..=10)? {
        text.push_str(pick(bytes, PATH)?);
    }
    text.push('"');
    for _ in 0..bytes.int_in_range(0..=5)? {
        text.push_str(pick(bytes, SEPARATORS)?);
        text.push_str(pick(bytes, ENTRIES)?);
    }
    mutated(bytes, text)
}

/// `async fn get(&self, id: &str) -> Result<Message>;`
pub(crate) fn item(bytes: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for fragments in [BEFORE, KINDS, NAMES] {
        text.push_str(pick(bytes, fragments)?);
    }
    text.push('(');
    text.push_str(pick(bytes, RECEIVERS)?);
    for _ in 0..bytes.int_in_range(0..=4)? {
        text.push_str(", ");
        text.push_str(pick(bytes, ARGUMENTS)?);
    }
    text.push(')');
    for fragments in [OUTPUTS, ENDS] {
        text.push_str(pick(bytes, fragments)?);
    }
    mutated(bytes, text)
}

fn pick<'f>(bytes: &mut Unstructured<'_>, fragments: &[&'f str]) -> Result<&'f str> {
    bytes.choose(fragments).copied()
}

/// Sometimes removes, doubles or replaces a piece of the text.
fn mutated(bytes: &mut Unstructured<'_>, text: String) -> Result<String> {
    if text.is_empty() || bytes.ratio(3, 4)? {
        return Ok(text);
    }
    let characters: Vec<char> = text.chars().collect();
    let from = bytes.choose_index(characters.len())?;
    let to = bytes.int_in_range(from..=characters.len())?.min(from + 8);
    let (before, rest) = characters.split_at(from);
    let (piece, after) = rest.split_at(to - from);
    let new: String = match bytes.int_in_range(0..=2)? {
        0 => String::new(),
        1 => piece.iter().chain(piece).collect(),
        _ => pick(bytes, ENTRIES)?.to_owned(),
    };
    Ok(before.iter().collect::<String>() + &new + &after.iter().collect::<String>())
}
