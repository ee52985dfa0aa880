//! `?<cursor>&messageId=<id>&limit=50`: pairs, each fixed or with a placeholder for its whole value.

use super::name::is_name;
use super::{QueryPair, Reader, Style, shortened};
use crate::diagnostics::{Message, did_you_mean};
use crate::rules::{PLACEHOLDER, QUERY, QUERY_KEY, QUERY_VALUE, STYLE};

const STYLES: [(&str, Style); 4] =
    [("comma", Style::Joined(',')), ("space", Style::Joined(' ')), ("pipe", Style::Joined('|')), ("json", Style::Json)];

impl Reader<'_> {
    /// What stands behind the `?`.
    pub(super) fn query(&mut self, mut start: usize, query: &str) {
        if let Some(second) = query.find('?') {
            let message = Message::new("the template has two `?`", QUERY, "write `&` for the second one");
            return self.tell_unread(start + second..start + second + 1, &message);
        }
        for pair in query.split('&') {
            self.pair(start, pair);
            start += pair.len() + 1;
        }
    }

    fn pair(&mut self, start: usize, pair: &str) {
        let part = start..start + pair.len();
        if pair.is_empty() {
            let message = Message::new("the query has an empty pair", QUERY, "remove one `&` or `?`");
            return self.tell(part, &message);
        }
        let (key, value) = match pair.split_once('=') {
            Some((key, value)) => (Some(key), value),
            None => (None, pair),
        };
        match value.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')) {
            Some(inner) if !inner.contains(['<', '>']) && key != Some("") => self.value(start, key, value, inner),
            _ if pair.contains(['<', '>', '{', '}']) || pair.starts_with([':', '=']) || is_foreign(value) => {
                self.tell_unread(part, &not_a_pair(pair, key, value));
            }
            _ => {
                let before = self.mistakes;
                self.characters(start, pair, "-._~!$()*+,;=:@/");
                if before == self.mistakes {
                    self.query.push(QueryPair::Fixed(pair.to_owned()));
                }
            }
        }
    }

    /// `<name>` or `<name:style>`, under a key of its own or its name.
    fn value(&mut self, start: usize, key: Option<&str>, value: &str, inner: &str) {
        let (name, style) = match inner.split_once(':') {
            Some((name, style)) => (name, self.style(start, value, style)),
            None => (inner, Style::Repeated),
        };
        if let Some(key) = key {
            // It is encoded together with its value: what is encoded already would be so twice.
            if key.contains('%') {
                let culprit = format!("the key `{}` is percent-encoded", shortened(key));
                let remedy = "write it as the API's page does: `filter[status]=<status>`";
                let message = Message::new(culprit, QUERY_KEY, remedy);
                self.tell(start..start + key.len(), &message);
            } else {
                self.characters(start, key, "-._~!$()*+,;:@/[]");
            }
        }
        let placed = start + key.map_or(0, |key| key.len() + 1);
        let placeholder = self.placeholder(placed..placed + value.len(), inner, name);
        if let Some(placeholder) = placeholder {
            let key = key.map_or_else(|| placeholder.name.clone(), str::to_owned);
            self.query.push(QueryPair::Value { key, placeholder, style });
        }
    }

    fn style(&mut self, start: usize, value: &str, written: &str) -> Style {
        let known = STYLES.iter().find(|(name, _)| *name == written).map(|(_, style)| *style);
        if known.is_none() {
            let remedy = match did_you_mean(written, STYLES.map(|(name, _)| name)) {
                Some(style) => format!("did you mean `{style}`?"),
                None => "remove it: a list then repeats its key".to_owned(),
            };
            let culprit = format!("`{}` in `{}` is not a style", shortened(written), shortened(value));
            let message = Message::new(culprit, STYLE, remedy);
            self.tell(start..start + value.len(), &message);
        }
        known.unwrap_or(Style::Repeated)
    }
}

/// A placeholder as other tools write it: `:id`, `{id}`, `${id}`, `#{id}` or `[id]`.
fn is_foreign(value: &str) -> bool {
    let within = |open: &str, close: &str| value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let brackets = [("{", "}"), ("{{", "}}"), ("${", "}"), ("#{", "}"), ("[", "]"), (":", "")];
    brackets.into_iter().filter_map(|(open, close)| within(open, close)).any(is_name)
}

fn not_a_pair(pair: &str, key: Option<&str>, value: &str) -> Message {
    let culprit = format!("`{}` is not a pair of a query", shortened(pair));
    // A path that goes on behind the query.
    if let Some((before, after)) = value.split_once('/') {
        let remedy = format!("write the path first: `/{}?{}`", shortened(after), shortened(before));
        return Message::new(culprit, QUERY, remedy);
    }
    let name = value.trim_matches(|character: char| "{}[]<>:$#".contains(character));
    let remedy = match key {
        Some(key) if is_name(name) && key == name => format!("write `<{name}>`"),
        Some(key) if is_name(name) && !key.is_empty() => format!("write `{}=<{name}>`", shortened(key)),
        None if is_name(name) => format!("write `<{name}>`"),
        _ => "write `key=<argument>`, or `<argument>` where both have the same name".to_owned(),
    };
    if is_foreign(value) && key != Some("") {
        return Message::new(format!("`{}` is not a placeholder", shortened(value)), PLACEHOLDER, remedy);
    }
    Message::new(culprit, QUERY_VALUE, remedy)
}
