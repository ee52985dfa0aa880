//! `/messages/<message_id>/cancel`: literals and placeholders, checked character by character. What stands behind a `?` is
//! read in [`query`].

mod query;

use std::ops::Range;

use proc_macro2::Span;
use syn::LitStr;

use crate::diagnostics::{Diagnostics, Message};

/// A template without a mistake in it.
pub(crate) struct Template {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// Those of the path, in their order.
    pub(crate) placeholders: Vec<Placeholder>,
    pub(crate) query: Vec<QueryPair>,
}

/// `<message_id>`
pub(crate) struct Placeholder {
    pub(crate) name: String,
    /// The placeholder itself on a compiler that can underline a part of a literal, else the whole template.
    pub(crate) span: Span,
}

/// A pair of the query.
pub(crate) enum QueryPair {
    /// `limit=50`, sent as it is written.
    Fixed(String),
    /// `messageId=<id>`, `<cursor>`, `<ids:comma>`
    Value { key: String, placeholder: Placeholder, style: Style },
}

/// How a value is written under its key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// A list repeats its key.
    Repeated,
    /// A list is joined with this.
    Joined(char),
    Json,
}

const PLACEHOLDER: &str = "a placeholder is the name of an argument in angle brackets: `<message_id>`";
const LITERAL: &str = "what is not a placeholder is sent as it is written, so it must be a valid URL path";

/// Reads a template. Mistakes are told, and make it `None`.
pub(crate) fn template(literal: &LitStr, diagnostics: &mut Diagnostics) -> Option<Template> {
    let text = literal.value();
    let mut reader = Reader {
        literal,
        text: &text,
        diagnostics,
        mistakes: 0,
        names: Vec::new(),
        placeholders: Vec::new(),
        query: Vec::new(),
    };
    reader.start();
    reader.parts();
    let Reader { mistakes, placeholders, query, .. } = reader;
    (mistakes == 0).then(|| Template { span: literal.span(), placeholders, query, text })
}

struct Reader<'t> {
    literal: &'t LitStr,
    text: &'t str,
    diagnostics: &'t mut Diagnostics,
    mistakes: usize,
    /// The names of all placeholders so far: each argument is used once.
    names: Vec<String>,
    placeholders: Vec<Placeholder>,
    query: Vec<QueryPair>,
}

impl Reader<'_> {
    fn tell(&mut self, part: Range<usize>, message: &Message) {
        self.mistakes += 1;
        self.diagnostics.at(self.span(part), message);
    }

    /// The part's own span where the compiler has one: on stable it hasn't, and the message quotes the part.
    fn span(&self, part: Range<usize>) -> Span {
        let token = self.literal.token();
        let verbatim = token.to_string().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(self.text);
        let within = verbatim.then(|| token.subspan(part.start + 1..=part.end)).flatten();
        within.unwrap_or_else(|| self.literal.span())
    }

    fn start(&mut self) {
        let text = self.text;
        if text.starts_with('/') {
            return;
        }
        let message = if let Some((_, rest)) = text.split_once("://") {
            let path = rest.find('/').map_or("/…", |slash| &rest[slash..]);
            Message::new(
                format!("the template `{text}` is a whole URL"),
                "a template is a path: scheme and host belong to the transport, so that tests can use another",
                format!("write `{path}`, and give the rest to the transport as its base URL"),
            )
        } else {
            Message::new(
                format!("the template `{text}` does not start with a slash"),
                "a template is the whole path of the operation, from its root",
                format!("write `/{text}`"),
            )
        };
        self.tell(0..text.len(), &message);
    }

    fn parts(&mut self) {
        let text = self.text;
        // What a whole URL has before its path has been told.
        let start = if text.starts_with('/') { 0 } else { text.find("://").map_or(0, |scheme| scheme + 3) };
        let end = text.find('#').unwrap_or(text.len());
        if let Some(fragment) = text.get(end..).filter(|fragment| !fragment.is_empty()) {
            let rule = "a fragment is never sent: it is for the reader of a page";
            let message = Message::new(format!("the template has a fragment, `{fragment}`"), rule, "leave it out");
            self.tell(end..text.len(), &message);
        }
        let path_end = text[start..end].find('?').map_or(end, |query| start + query);
        self.segments(start, &text[start..path_end]);
        if path_end < end {
            self.query(path_end + 1, &text[path_end + 1..end]);
        }
    }

    fn segments(&mut self, mut start: usize, path: &str) {
        let path_end = start + path.len();
        for segment in path.split('/') {
            let end = start + segment.len();
            // Only the part before the first slash and behind the last one may be empty.
            if segment.is_empty() && start > 0 && end < path_end {
                let message = Message::new("the template has an empty segment, `//`", LITERAL, "remove one slash");
                self.tell(start - 1..end + 1, &message);
            }
            self.segment(start, segment);
            start = end + 1;
        }
    }

    /// One segment, its literals and placeholders.
    fn segment(&mut self, start: usize, segment: &str) {
        if matches!(segment, "." | "..") {
            let message = Message::new(
                format!("the template has the segment `{segment}`"),
                "URL parsers resolve it: another path would be asked than the one that is written",
                "write the path that is meant",
            );
            return self.tell(start..start + segment.len(), &message);
        }
        if let Some(name) = segment.strip_prefix(':').filter(|name| is_name(name)) {
            return self.foreign(start, segment, name);
        }
        let mut position = start;
        let mut rest = segment;
        while let Some(open) = rest.find(['<', '>', '{', '}']) {
            self.literal(position, &rest[..open]);
            position += open;
            rest = &rest[open..];
            let taken = self.bracket(position, rest, segment);
            position += taken;
            rest = &rest[taken..];
        }
        self.literal(position, rest);
    }

    /// What begins with a bracket; returns how much of it was read.
    fn bracket(&mut self, start: usize, rest: &str, segment: &str) -> usize {
        if let Some(close) = rest.strip_prefix('{').and_then(|inner| inner.find('}')) {
            let name = &rest[1..=close];
            self.foreign(start, &rest[..close + 2], name);
            return close + 2;
        }
        let close = rest.strip_prefix('<').and_then(|inner| inner.find(['<', '>']));
        match close.map(|close| &rest[1..close + 2]) {
            Some(inner) if inner.ends_with('>') => {
                self.path_placeholder(start, &inner[..inner.len() - 1], segment);
                inner.len() + 1
            }
            _ => {
                let bracket = &rest[..1];
                let (culprit, remedy) = match bracket {
                    "<" => (format!("the placeholder `{rest}` is not closed"), "close it with `>`"),
                    _ => (
                        format!("there is a `{bracket}` without its partner in `{segment}`"),
                        "remove it, or add its partner",
                    ),
                };
                self.tell(start..start + 1, &Message::new(culprit, PLACEHOLDER, remedy));
                // The rest of an open bracket is its name: what is wrong in it follows from this.
                if bracket == "<" { rest[1..].find('<').map_or(rest.len(), |next| next + 1) } else { 1 }
            }
        }
    }

    /// A placeholder of the path: one segment or a part of one, or several segments.
    fn path_placeholder(&mut self, start: usize, name: &str, segment: &str) {
        let part = start..start + name.len() + 2;
        let argument = match name.strip_suffix("..") {
            Some(several) if segment.len() > name.len() + 2 => {
                let culprit = format!("`<{name}>` is a part of the segment `{segment}`");
                let rule = "several segments stand for themselves, between two slashes";
                return self.tell(part, &Message::new(culprit, rule, format!("write `/<{several}..>/`")));
            }
            Some(several) => several,
            None => name,
        };
        let placeholder = self.placeholder(part, name, argument);
        self.placeholders.extend(placeholder);
    }

    /// Checks a placeholder's name, and that it stands once.
    fn placeholder(&mut self, part: Range<usize>, written: &str, name: &str) -> Option<Placeholder> {
        if is_name(name) {
            if self.names.iter().any(|other| other == name) {
                let culprit = format!("the placeholder `<{name}>` stands twice in the template");
                let rule = "every argument is used exactly once";
                let message = Message::new(culprit, rule, "give the second one a name and an argument of its own");
                self.tell(part, &message);
                return None;
            }
            self.names.push(name.to_owned());
            return Some(Placeholder { name: name.to_owned(), span: self.span(part) });
        }
        let message = if written.is_empty() {
            Message::new("the placeholder `<>` is empty", PLACEHOLDER, "write the argument's name between the brackets")
        } else {
            let trimmed = name.trim();
            let remedy =
                if is_name(trimmed) { format!("write `<{trimmed}>`") } else { "write an argument's name".to_owned() };
            Message::new(format!("`<{written}>` is no placeholder"), PLACEHOLDER, remedy)
        };
        self.tell(part, &message);
        None
    }

    /// A placeholder as other tools write it.
    fn foreign(&mut self, start: usize, written: &str, name: &str) {
        let remedy = if is_name(name) { format!("write `<{name}>`") } else { "write `<name>`".to_owned() };
        let message = Message::new(format!("`{written}` is no placeholder here"), PLACEHOLDER, remedy);
        self.tell(start..start + written.len(), &message);
    }

    /// Text between placeholders: the characters of [RFC 3986, 3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3).
    fn literal(&mut self, start: usize, text: &str) {
        self.characters(start, text, "-._~!$&'()*+,;=:@");
    }

    fn characters(&mut self, start: usize, text: &str, allowed: &str) {
        for (at, character) in text.char_indices() {
            let part = start + at..start + at + character.len_utf8();
            if character == '%' {
                let code = text.get(at + 1..at + 3).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
                match code.map(str::to_ascii_lowercase).as_deref() {
                    None => {
                        let message = Message::new(
                            "the template has a `%` without two hexadecimal digits",
                            LITERAL,
                            "write it as `%25`",
                        );
                        self.tell(part, &message);
                    }
                    Some(code @ ("2e" | "2f" | "5c")) => {
                        let culprit = format!("the template has an encoded dot or slash, `%{code}`");
                        let rule = "URL parsers and servers read it as the character itself, and resolve another path";
                        self.tell(part, &Message::new(culprit, rule, "write the path that is meant"));
                    }
                    Some(_) => {}
                }
            } else if !(character.is_ascii_alphanumeric() || allowed.contains(character)) {
                let bytes = character.to_string().into_bytes();
                let encoded = bytes.iter().fold(String::new(), |encoded, byte| format!("{encoded}%{byte:02X}"));
                let shown = if character == '\'' { "'".to_owned() } else { character.escape_debug().to_string() };
                let culprit = format!("the template has the character `{shown}`");
                self.tell(part, &Message::new(culprit, LITERAL, format!("remove it, or write it as `{encoded}`")));
            }
        }
    }
}

/// Whether an argument can have this name; a raw one is `r#type` there and `type` here.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    first && characters.all(|character| character.is_alphanumeric() || character == '_') && name != "self"
}
