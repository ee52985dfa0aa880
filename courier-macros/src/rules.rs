//! Every rule that a message cites, in the order of a declaration. `courier-core/src/mistakes.md` lists them word for word, each
//! with a message, and each has a fixture in `tests/ui`.

// The attribute.
pub(crate) const SHAPE: &str = "an endpoint is declared as `METHOD, \"template\", outcome = status, …`";
pub(crate) const METHOD: &str =
    "the method is GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals and without quotes";
pub(crate) const TEMPLATE: &str =
    "the template is a string literal, since the attribute is read before constants and macros have values";
pub(crate) const ENTRY: &str =
    "the template is followed by `outcome = status`, `idempotent`, `header(…)` or `crate = \"path\"`";
pub(crate) const ONCE: &str = "the template, `idempotent` and `crate` are each given once";
pub(crate) const FIXED_HEADER: &str = "a header that never changes is written with its value, both as string literals";
pub(crate) const HEADER_VALUE: &str = "a header's value is visible ASCII characters, with spaces only between them";
pub(crate) const HEADER_NAME: &str =
    "a header's name consists of letters, digits, `-`, `_` and other signs of RFC 9110, 5.6.2";
pub(crate) const FRAMING: &str =
    "the transport sets the headers that frame a message: a wrong value could split one request into two";
pub(crate) const HEADER_ONCE: &str = "a header is sent once, and upper or lower case makes no difference to its name";
pub(crate) const CRATE: &str =
    "`crate` is the path to courier-core, in quotes, in a crate that has it under another name";

// The template.
pub(crate) const ROOT: &str = "a template is the whole path of the operation, starting with a slash";
pub(crate) const PATH_ALONE: &str =
    "scheme and host belong to the transport, so that tests can send the same request elsewhere";
pub(crate) const PLACEHOLDER: &str = "a placeholder is an argument's name in angle brackets: `<message_id>`";
pub(crate) const LITERAL: &str =
    "text outside of placeholders is sent as it is written, so it has to be valid in a URL";
pub(crate) const DOTS: &str = "URL parsers resolve dots and slashes, so the request would go to another path";
pub(crate) const FRAGMENT: &str = "a fragment is never sent to a server";
pub(crate) const SEVERAL_SEGMENTS: &str =
    "`<name..>` takes several whole segments, so nothing else is between its slashes";
pub(crate) const PLACEHOLDER_ONCE: &str = "every argument fills one placeholder";
pub(crate) const QUERY: &str =
    "a query is pairs joined by `&`, after the whole path: `<cursor>`, `messageId=<id>` or `limit=50`";
pub(crate) const QUERY_VALUE: &str = "a placeholder is the whole value of its pair";
pub(crate) const QUERY_KEY: &str = "the key before a placeholder is encoded for you";
pub(crate) const STYLE: &str = "a list in a query is joined by `comma`, `space` or `pipe`, and any value can be `json`";

// The arguments.
pub(crate) const FILLED: &str = "every placeholder is filled by the argument of the same name";
pub(crate) const SENT_ONCE: &str =
    "every argument is sent exactly once: the template names it, or it has an attribute that says how";
pub(crate) const ARGUMENT_ATTRIBUTE: &str =
    "an argument has at most one of `#[query]`, `#[header]`, `#[body]`, `#[form]`, `#[raw]` and `#[multipart]`";
pub(crate) const ATTRIBUTE_VALUE: &str =
    "`#[header]` and `#[raw]` take a text in quotes, `#[body]` may take one, and the others take nothing";
pub(crate) const MEDIA_TYPE: &str = "a media type is a type and a subtype: `text/markdown`";
pub(crate) const MULTIPART: &str = "the media type of a `#[multipart]` body names its boundary, so it is set for you";
pub(crate) const ONE_BODY: &str = "a request has one body";
pub(crate) const NO_BODY: &str =
    "the body of a GET or HEAD has no meaning (RFC 9110, 9.3.1): servers refuse or ignore it";
pub(crate) const EVERY_BUILD: &str = "a request is the same in every build";
pub(crate) const PLAIN_NAME: &str = "a placeholder finds its argument by name, so an argument is a plain name";

// The method.
pub(crate) const QUALIFIERS: &str = "an endpoint's method is an `async fn`, or a plain `fn` that blocks";
pub(crate) const VISIBILITY: &str =
    "an endpoint is declared in a trait, not in an `impl` block: a trait's methods have no `pub`";
pub(crate) const RECEIVER: &str =
    "an endpoint's method borrows its transport with `&self`, so that calls can run at the same time";
pub(crate) const RESULT: &str =
    "an endpoint's method returns a `Result`, since a call can fail before there is an outcome";
pub(crate) const OWNED: &str = "an outcome outlives the response that it is read from, so it owns its data";
pub(crate) const NO_RESPONSE_BODY: &str = "a response with status 204, 205 or 304, or to a HEAD, has no body";
pub(crate) const OWN_NAME: &str = "a method of `Transport` with the same name would make every call ambiguous";

// The outcomes.
pub(crate) const DECLARED: &str = "only declared statuses are outcomes, and any other status is an error";
pub(crate) const OUTCOME: &str =
    "an outcome is `name = status`, named after its variant: `not_found` builds `NotFound`";
pub(crate) const OUTCOME_ONCE: &str = "an outcome is declared once, with all of its statuses";
pub(crate) const STATUS: &str = "a status is a number (`409`), several (`200 | 202`) or a class (`2xx`)";
pub(crate) const STATUS_RANGE: &str = "a status is a number from 200 to 599, or a class from 2xx to 5xx";
pub(crate) const ONE_OUTCOME: &str = "a status belongs to one outcome, and a class includes all of its statuses";
pub(crate) const VARIANTS: &str = "several outcomes are the variants of an enum";

// The place.
pub(crate) const PLACE: &str = "`#[endpoint]` goes on a method of a trait, one that ends with `;` and has no body";
pub(crate) const ONE_ENDPOINT: &str = "a method declares one endpoint";
pub(crate) const ASYNC_TRAIT: &str =
    "a trait of endpoints needs no `#[async_trait]`, which rewrites its methods before they are read";

pub(crate) const AUTOMOCK: &str =
    "`#[automock]` copies `#[endpoint]` onto the methods of its mock, which have a body already";

// The crate.
pub(crate) const RENAMED: &str = "an endpoint calls courier-core by its own name, unless the attribute gives another";
