//! `/messages/<message_id>/cancel`: literals and placeholders, checked character by character. What stands behind a `?` is
//! read in [`query`].

mod name;
mod query;

use std::ops::Range;

use proc_macro2::{Literal, Span};
use syn::LitStr;

use self::name::{is_name, is_of_a_name, remedy};
use crate::diagnostics::{Diagnostics, Message, quoted};
use crate::rules::{DOTS, FRAGMENT, LITERAL, PATH_ALONE, PLACEHOLDER, PLACEHOLDER_ONCE, ROOT, SEVERAL_SEGMENTS};

/// What could be read of a template. Its mistakes have been reported.
pub(crate) struct Template {
    /// Whether a placeholder could not be read: any argument may have been meant by it.
    pub(crate) unread_placeholder: bool,
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

/// Reads a template, and reports its mistakes.
pub(crate) fn template(literal: &LitStr, diagnostics: &mut Diagnostics) -> Template {
    let text = literal.value();
    let token = literal.token();
    let is_verbatim = token.to_string().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(&*text);
    let mut reader = Reader {
        whole: literal.span(),
        verbatim: is_verbatim.then_some(token),
        text: &text,
        diagnostics,
        mistakes: 0,
        unread_placeholder: false,
        names: Vec::new(),
        placeholders: Vec::new(),
        query: Vec::new(),
    };
    reader.start();
    reader.parts();
    let Reader { unread_placeholder, placeholders, query, .. } = reader;
    Template { unread_placeholder, span: literal.span(), placeholders, query, text }
}

struct Reader<'t> {
    whole: Span,
    /// The literal, where a part of it is the same part of the text.
    verbatim: Option<Literal>,
    text: &'t str,
    diagnostics: &'t mut Diagnostics,
    mistakes: usize,
    unread_placeholder: bool,
    /// The names of all placeholders so far: each argument is used once.
    names: Vec<(String, Range<usize>)>,
    placeholders: Vec<Placeholder>,
    query: Vec<QueryPair>,
}

impl Reader<'_> {
    fn tell(&mut self, part: Range<usize>, message: &Message) {
        self.mistakes += 1;
        self.diagnostics.at(self.span(part), message);
    }

    /// The same of a part that may have been meant as any placeholder.
    fn tell_unread(&mut self, part: Range<usize>, message: &Message) {
        self.unread_placeholder = true;
        self.tell(part, message);
    }

    /// The part's own span where the compiler has one: on stable it hasn't, and the message quotes the part.
    fn span(&self, part: Range<usize>) -> Span {
        self.subspan(part).unwrap_or(self.whole)
    }

    fn subspan(&self, part: Range<usize>) -> Option<Span> {
        self.verbatim.as_ref()?.subspan(part.start + 1..=part.end)
    }

    fn start(&mut self) {
        let text = self.text;
        if text.starts_with('/') {
            return;
        }
        let message = if let Some((_, rest)) = text.split_once("://") {
            let path = rest.find('/').map_or("/…", |slash| &rest[slash..]);
            Message::new(
                format!("the template `{}` is a whole URL", shortened(text)),
                PATH_ALONE,
                format!("write `{}`, and give the transport the rest as its base URL", shortened(path)),
            )
        } else if text.is_empty() {
            Message::new("the template is empty", ROOT, "write `/` for the root itself")
        } else {
            Message::new(
                format!("the template `{}` does not start with a slash", shortened(text)),
                ROOT,
                format!("write `/{}`", shortened(text)),
            )
        };
        self.tell(0..text.len(), &message);
    }

    fn parts(&mut self) {
        let text = self.text;
        let end = fragment_start(text);
        // What a whole URL has before its path has been told.
        let start = if text.starts_with('/') { 0 } else { text[..end].find("://").map_or(0, |scheme| scheme + 3) };
        if let Some(fragment) = text.get(end..).filter(|fragment| !fragment.is_empty()) {
            let culprit = format!("the template has a fragment, `{}`", shortened(fragment));
            self.unread_placeholder |= fragment.contains('<');
            self.tell(end..text.len(), &Message::new(culprit, FRAGMENT, "remove it"));
        }
        // A `?` before a bracket's end is of a placeholder that may be left out elsewhere, `<id?>`.
        let mut marks = text[start..end].match_indices('?').map(|(mark, _)| start + mark);
        let path_end = marks.find(|mark| !text[*mark..].starts_with("?>")).unwrap_or(end);
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
                let message = Message::new("the template has an empty segment, `//`", ROOT, "remove one slash");
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
                DOTS,
                "write the path that it leads to",
            );
            return self.tell(start..start + segment.len(), &message);
        }
        if let Some(name) = segment.strip_prefix([':', '*']).filter(|name| is_name(name)) {
            return self.foreign(start, segment, name);
        }
        let mut position = start;
        let mut rest = segment;
        while let Some(open) = next_bracket(rest) {
            let literal = &rest[..open];
            // Ruby's `#{id}`
            let ruby = literal.strip_suffix('#').filter(|_| rest[open..].starts_with('{'));
            self.literal(position, ruby.unwrap_or(literal));
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
        // `<<id>>` and `{{id}}` are one placeholder with brackets too many.
        let within = |open, close| rest.strip_prefix(open)?.split_once(close).map(|(name, _): (&str, _)| name);
        let doubled = within("<<", ">>").or_else(|| within("{{", "}}"));
        if let Some(name) = doubled.filter(|name| is_name(name.trim())) {
            self.foreign(start, &rest[..name.len() + 4], name);
            return name.len() + 4;
        }
        if let Some(name) = name_in_square_brackets(rest) {
            self.foreign(start, &rest[..name.len() + 2], name);
            return name.len() + 2;
        }
        if let Some(close) = rest.strip_prefix('{').and_then(|inner| inner.find('}')) {
            let name = &rest[1..=close];
            let (text, end) = (self.text, start + close + 2);
            let start = start - usize::from(text[..start].ends_with(['$', '#']));
            self.foreign(start, &text[start..end], name);
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
                let (culprit, remedy) = if bracket == "<" {
                    let name: String = rest[1..].chars().take_while(|&letter| is_of_a_name(letter)).collect();
                    let remedy =
                        if is_name(&name) { format!("write `<{name}>`") } else { "close it with `>`".to_owned() };
                    (format!("the placeholder `{}` is not closed", shortened(rest)), remedy)
                } else {
                    let culprit = format!("there is a single `{bracket}` in `{}`", shortened(segment));
                    (culprit, "remove it, or add the other bracket".to_owned())
                };
                self.tell_unread(start..start + 1, &Message::new(culprit, PLACEHOLDER, remedy));
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
                let culprit = format!("`<{name}>` is only a part of the segment `{}`", shortened(segment));
                let message = Message::new(culprit, SEVERAL_SEGMENTS, format!("write `/<{several}..>/`"));
                return self.tell_unread(part, &message);
            }
            Some(several) => several,
            None => name,
        };
        let placeholder = self.placeholder(part, name, argument);
        self.placeholders.extend(placeholder);
    }

    /// Checks a placeholder's name, and that there is no other.
    fn placeholder(&mut self, part: Range<usize>, written: &str, name: &str) -> Option<Placeholder> {
        if is_name(name) {
            if let Some((_, first)) = self.names.iter().find(|(other, _)| other == name).cloned() {
                let culprit = format!("the template has the placeholder `<{name}>` twice");
                let remedy = "give the second one a name and an argument of its own";
                self.tell(part, &Message::new(culprit, PLACEHOLDER_ONCE, remedy));
                // Where the compiler can't underline a part, both ends are the whole template.
                if let Some(first) = self.subspan(first) {
                    self.diagnostics.other_end(first, "the first one is here");
                }
                return None;
            }
            self.names.push((name.to_owned(), part.clone()));
            return Some(Placeholder { name: name.to_owned(), span: self.span(part) });
        }
        let message = if written.is_empty() {
            Message::new("the placeholder `<>` is empty", PLACEHOLDER, "write the argument's name between the brackets")
        } else {
            let culprit = format!("`<{}>` is not a placeholder", shortened(written));
            Message::new(culprit, PLACEHOLDER, remedy(written))
        };
        self.tell_unread(part, &message);
        None
    }

    /// A placeholder as other tools write it.
    fn foreign(&mut self, start: usize, written: &str, name: &str) {
        let name = if written.starts_with('*') { format!("*{name}") } else { name.to_owned() };
        let culprit = format!("`{}` is not a placeholder", shortened(written));
        let message = Message::new(culprit, PLACEHOLDER, remedy(&name));
        self.tell_unread(start..start + written.len(), &message);
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
                        let code = &text[at..at + 1 + code.len()];
                        let culprit = format!("the template has an encoded dot or slash, `{code}`");
                        self.tell(part, &Message::new(culprit, DOTS, "write the path that it leads to"));
                    }
                    Some(_) => {}
                }
            } else if character == '\\' {
                let culprit = "the template has a backslash, `\\`";
                self.tell(part, &Message::new(culprit, DOTS, "write `/` if a slash is meant"));
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

/// Where the fragment begins: `#` is also in `<r#type>` and in Ruby's `#{id}`.
fn fragment_start(text: &str) -> usize {
    let is_of_a_placeholder = |at: usize| text[..at].ends_with("<r") || text[at..].starts_with("#{");
    text.match_indices('#').map(|(at, _)| at).find(|&at| !is_of_a_placeholder(at)).unwrap_or(text.len())
}

/// The next bracket of a placeholder. Square ones are it only around a name: elsewhere they are characters like others.
fn next_bracket(text: &str) -> Option<usize> {
    text.match_indices(['<', '>', '{', '}', '['])
        .map(|(at, _)| at)
        .find(|&at| !text[at..].starts_with('[') || name_in_square_brackets(&text[at..]).is_some())
}

/// `[id]`
fn name_in_square_brackets(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('[')?.split_once(']')?;
    is_name(name).then_some(name)
}

/// A part of the template, on one line: a line's end would end the message's.
fn shortened(text: &str) -> String {
    // No more than is shown: a template may be long, and have a mistake at each of its characters.
    let text: String = text.chars().take(100).collect();
    quoted(&text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))
}
