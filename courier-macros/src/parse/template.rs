//! `/messages/<message_id>/cancel?<reason>&limit=50`: literals and placeholders, checked character by character.

mod query;

use std::ops::Range;

use proc_macro2::{Literal, Span};
use syn::LitStr;

use crate::diagnostics::{Diagnostics, Reported, quoted};
use crate::dialects::{self, Place};
use crate::rules::{DOTS, FRAGMENT, LITERAL, PATH_ALONE, PLACEHOLDER, PLACEHOLDER_ONCE, ROOT, SEVERAL_SEGMENTS};

pub(crate) struct Template {
    /// All of it, if it has no mistake.
    pub(crate) text: Result<LitStr, Reported>,
    /// The placeholders of the path, in order.
    pub(crate) path: Vec<Result<Placeholder, Reported>>,
    pub(crate) query: Vec<Result<Pair, Reported>>,
}

impl Template {
    /// All placeholders.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = Result<&Placeholder, Reported>> {
        let path = self.path.iter().map(|placeholder| placeholder.as_ref().map_err(Into::into));
        let query = self.query.iter().filter_map(|pair| match pair {
            Ok(Pair::Fixed(_)) => None,
            Ok(Pair::Value { placeholder, .. }) => Some(Ok(placeholder)),
            Err(reported) => Some(Err(*reported)),
        });
        path.chain(query)
    }
}

/// `<message_id>`
pub(crate) struct Placeholder {
    pub(crate) name: String,
    /// The placeholder itself if the compiler can underline a part of a literal, otherwise the whole template.
    pub(crate) span: Span,
}

/// A pair of the query.
pub(crate) enum Pair {
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

pub(super) fn template(literal: &LitStr, diagnostics: &mut Diagnostics) -> Template {
    let text = literal.value();
    let token = literal.token();
    let is_verbatim = token.to_string().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) == Some(&*text);
    let mut reader = Reader {
        whole: literal.span(),
        verbatim: is_verbatim.then_some(token),
        text: &text,
        diagnostics,
        mistake: None,
        names: Vec::new(),
        path: Vec::new(),
        query: Vec::new(),
    };
    reader.read();
    let Reader { mistake, path, query, .. } = reader;
    Template { text: mistake.map_or_else(|| Ok(literal.clone()), Err), path, query }
}

struct Reader<'t> {
    whole: Span,
    /// The literal, if a part of it is the same part of the text.
    verbatim: Option<Literal>,
    text: &'t str,
    diagnostics: &'t mut Diagnostics,
    mistake: Option<Reported>,
    /// The names of all placeholders so far: each argument is used once.
    names: Vec<(String, Range<usize>)>,
    path: Vec<Result<Placeholder, Reported>>,
    query: Vec<Result<Pair, Reported>>,
}

impl Reader<'_> {
    fn report(&mut self, part: Range<usize>, rule: &str, problem: &str, fix: &str) -> Reported {
        let reported = self.diagnostics.at(self.subspan(part).unwrap_or(self.whole), rule, problem, fix);
        self.mistake = Some(reported);
        reported
    }

    /// The span of a part, on a compiler that has one: on stable, the message quotes the part instead.
    fn subspan(&self, part: Range<usize>) -> Option<Span> {
        self.verbatim.as_ref()?.subspan(part.start + 1..=part.end)
    }

    fn read(&mut self) {
        let text = self.text;
        self.start();
        let end = text.find('#').filter(|&at| !text[..at].ends_with("<r")).unwrap_or(text.len());
        // A host has been reported.
        let start = text[..end].find("://").filter(|_| !text.starts_with('/')).map_or(0, |scheme| scheme + 3);
        // `<id?>` is a placeholder that may be left out in other tools.
        let mut marks = text[start..end].match_indices('?').map(|(mark, _)| start + mark);
        let path_end = marks.find(|mark| !text[*mark..].starts_with("?>")).unwrap_or(end);
        self.segments(start, &text[start..path_end]);
        if path_end < end {
            self.pairs(path_end + 1, &text[path_end + 1..end]);
        }
        if end < text.len() {
            let problem = format!("the template has a fragment, `{}`", shortened(&text[end..]));
            let reported = self.report(end..text.len(), FRAGMENT, &problem, "remove it");
            self.path.extend(text[end..].contains('<').then_some(Err(reported)));
        }
    }

    fn start(&mut self) {
        let text = self.text;
        let shown = shortened(text);
        let (rule, problem, fix) = if text.starts_with('/') {
            return;
        } else if let Some((_, rest)) = text.split_once("://") {
            let path = rest.find('/').map_or("/…", |slash| &rest[slash..]);
            let fix = format!("write `{}`, and give the transport the rest as its base URL", shortened(path));
            (PATH_ALONE, format!("the template `{shown}` is a whole URL"), fix)
        } else if text.is_empty() {
            (ROOT, "the template is empty".to_owned(), "write `/` for the root itself".to_owned())
        } else {
            (ROOT, format!("the template `{shown}` does not start with a slash"), format!("write `/{shown}`"))
        };
        self.report(0..text.len(), rule, &problem, &fix);
    }

    fn segments(&mut self, mut start: usize, path: &str) {
        let path_end = start + path.len();
        for segment in path.split('/') {
            let end = start + segment.len();
            // Only what comes before the first slash and after the last one may be empty.
            if segment.is_empty() && start > 0 && end < path_end {
                self.report(start - 1..end + 1, ROOT, "the template has an empty segment, `//`", "remove one slash");
            } else if matches!(segment, "." | "..") {
                let problem = format!("the template has the segment `{segment}`");
                self.report(start..end, DOTS, &problem, "write the path that it leads to");
            } else {
                self.segment(start, segment);
            }
            start = end + 1;
        }
    }

    /// The literals and placeholders of a segment.
    fn segment(&mut self, start: usize, segment: &str) {
        // Express, Rails: `:id` and `*path`.
        if segment.strip_prefix([':', '*']).is_some_and(is_name) {
            let reported = self.foreign(start, segment, segment);
            return self.path.push(Err(reported));
        }
        let (mut at, mut literal) = (0, 0);
        while at < segment.len() {
            let rest = &segment[at..];
            let (len, placeholder) = if let Some((whole, name)) = dialects::placeholder(rest) {
                (whole.len(), Err(self.foreign(start + at, whole, name)))
            } else if let Some(inner) = rest.strip_prefix('<') {
                let end = inner.find(['<', '>']);
                if let Some(close) = end.filter(|&end| inner[end..].starts_with('>')) {
                    (close + 2, self.in_path(start + at, &inner[..close], segment))
                } else {
                    (end.map_or(rest.len(), |next| next + 1), Err(self.unclosed(start + at, rest)))
                }
            } else if rest.starts_with(['>', '{', '}']) {
                let problem = format!("there is a single `{}` in `{}`", &rest[..1], shortened(segment));
                let part = start + at..start + at + 1;
                (1, Err(self.report(part, PLACEHOLDER, &problem, "remove it, or add the other bracket")))
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            self.literal(start + literal, &segment[literal..at]);
            self.path.push(placeholder);
            at += len;
            literal = at;
        }
        self.literal(start + literal, &segment[literal..]);
    }

    /// A placeholder of the path: a segment or a part of one, or several segments.
    fn in_path(&mut self, start: usize, inner: &str, segment: &str) -> Result<Placeholder, Reported> {
        let part = start..start + inner.len() + 2;
        let name = inner.strip_suffix("..").unwrap_or(inner);
        if name.len() < inner.len() && segment.len() > inner.len() + 2 && is_name(name) {
            let problem = format!("`<{inner}>` is only a part of the segment `{}`", shortened(segment));
            return Err(self.report(part, SEVERAL_SEGMENTS, &problem, &format!("write `/<{name}..>/`")));
        }
        self.placeholder(part, inner, name)
    }

    /// Checks the name of a placeholder, and that there isn't another one.
    fn placeholder(&mut self, part: Range<usize>, inner: &str, name: &str) -> Result<Placeholder, Reported> {
        if !is_name(name) {
            let problem = format!("`<{}>` is not a placeholder", shortened(inner));
            return Err(self.report(part, PLACEHOLDER, &problem, &meant(inner)));
        }
        if let Some((_, first)) = self.names.iter().find(|(other, _)| other == name).cloned() {
            let problem = format!("the template has the placeholder `<{name}>` twice");
            let fix = "give the second one a name and an argument of its own";
            let reported = self.report(part, PLACEHOLDER_ONCE, &problem, fix);
            // If the compiler can't underline a part, both ends are the whole template.
            if let Some(first) = self.subspan(first) {
                self.diagnostics.other_end(first, "the first one is here");
            }
            return Err(reported);
        }
        self.names.push((name.to_owned(), part.clone()));
        Ok(Placeholder { name: name.to_owned(), span: self.subspan(part).unwrap_or(self.whole) })
    }

    /// A placeholder in another tool's notation.
    fn foreign(&mut self, start: usize, whole: &str, name: &str) -> Reported {
        let problem = format!("`{}` is not a placeholder", shortened(whole));
        self.report(start..start + whole.len(), PLACEHOLDER, &problem, &meant(name))
    }

    fn unclosed(&mut self, start: usize, rest: &str) -> Reported {
        let name: String = rest[1..].chars().take_while(|&letter| is_of_a_name(letter)).collect();
        let fix = if is_name(&name) { format!("write `<{name}>`") } else { "close it with `>`".to_owned() };
        let problem = format!("the placeholder `{}` is not closed", shortened(rest));
        self.report(start..start + 1, PLACEHOLDER, &problem, &fix)
    }

    /// Text between placeholders: the characters of [RFC 3986, 3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3).
    fn literal(&mut self, start: usize, text: &str) {
        self.characters(start, text, "-._~!$&'()*+,;=:@");
    }

    /// Reports each character that can't be sent as it is; the last report, if any.
    fn characters(&mut self, start: usize, text: &str, allowed: &str) -> Option<Reported> {
        let mut reported = None;
        for (at, character) in text.char_indices() {
            let code = text.get(at + 1..at + 3).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let (rule, problem, fix) = match (character, code.map(str::to_ascii_lowercase).as_deref()) {
                ('%', None) => {
                    let problem = "the template has a `%` without two hexadecimal digits".to_owned();
                    (LITERAL, problem, "write it as `%25`".to_owned())
                }
                ('%', Some("2e" | "2f" | "5c")) => {
                    let problem = format!("the template has an encoded dot or slash, `{}`", &text[at..at + 3]);
                    (DOTS, problem, "write the path that it leads to".to_owned())
                }
                ('%', Some(_)) => continue,
                ('\\', _) => {
                    (DOTS, "the template has a backslash, `\\`".to_owned(), "write `/` if you mean a slash".to_owned())
                }
                _ if character.is_ascii_alphanumeric() || allowed.contains(character) => continue,
                _ => {
                    let bytes = character.to_string().into_bytes();
                    let encoded = bytes.iter().fold(String::new(), |encoded, byte| format!("{encoded}%{byte:02X}"));
                    let problem = format!("the template has the character `{}`", shortened(&character.to_string()));
                    (LITERAL, problem, format!("remove it, or write it as `{encoded}`"))
                }
            };
            let part = start + at..start + at + character.len_utf8();
            reported = Some(self.report(part, rule, &problem, &fix));
        }
        reported
    }
}

/// Whether an argument can have this name; a raw one is `r#type` there and `type` here.
fn is_name(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    first && name.chars().all(is_of_a_name) && name != "self"
}

fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The placeholder that was meant by `*path`, `id: u64`, `int:id`, `r#type` or `message id`.
fn meant(inner: &str) -> String {
    let several = if inner.contains('*') || inner.contains("..") { ".." } else { "" };
    let bare = inner.trim_matches(|character: char| "*.?: ".contains(character));
    let bare = bare.strip_prefix("r#").unwrap_or(bare);
    let name = match bare.split_once(':') {
        Some((converter, name)) if dialects::meant(Place::Converter, converter).is_some() => name,
        Some((name, _)) => name,
        None => bare,
    };
    let name = name.trim().replace([' ', '-'], "_");
    if is_name(&name) {
        format!("write `<{name}{several}>`")
    } else {
        "write the name of an argument: `<message_id>`".to_owned()
    }
}

/// A part of the template, on one line.
fn shortened(text: &str) -> String {
    // No more than is shown: a template may be long, and have a mistake at each of its characters.
    let text: String = text.chars().take(100).collect();
    quoted(&text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))
}
