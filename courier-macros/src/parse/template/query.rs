//! `?<cursor>&messageId=<id>&limit=50`: pairs, each fixed or with a placeholder for its whole value.

use super::{QueryPair, Reader, Style};
use crate::diagnostics::{Message, did_you_mean};

const PAIR: &str = "a query is pairs with `&` between them: `<cursor>`, `messageId=<id>` or `limit=50`";
const STYLES: [(&str, Style); 4] =
    [("comma", Style::Joined(',')), ("space", Style::Joined(' ')), ("pipe", Style::Joined('|')), ("json", Style::Json)];

impl Reader<'_> {
    /// What stands behind the `?`.
    pub(super) fn query(&mut self, mut start: usize, query: &str) {
        if let Some(second) = query.find('?') {
            let message = Message::new("the template has two `?`", PAIR, "write `&` for the second one");
            return self.tell(start + second..start + second + 1, &message);
        }
        for pair in query.split('&') {
            self.pair(start, pair);
            start += pair.len() + 1;
        }
    }

    fn pair(&mut self, start: usize, pair: &str) {
        let part = start..start + pair.len();
        if pair.is_empty() {
            let message = Message::new("the template has an empty pair in its query", PAIR, "remove one `&` or `?`");
            return self.tell(part, &message);
        }
        let (key, value) = match pair.split_once('=') {
            Some((key, value)) => (Some(key), value),
            None => (None, pair),
        };
        match value.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')) {
            Some(inner) if !inner.contains(['<', '>']) && key != Some("") => self.value(start, key, value, inner),
            _ if pair.contains(['<', '>', '{', '}']) || pair.starts_with([':', '=']) => {
                let culprit = format!("`{pair}` is no pair of a query");
                let rule = "a placeholder is a pair's whole value, and nothing else of it";
                self.tell(
                    part,
                    &Message::new(
                        culprit,
                        rule,
                        "write `key=<argument>`, or `<argument>` where they have the same name",
                    ),
                );
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
            None => (inner, Some(Style::Repeated)),
        };
        if let Some(key) = key {
            // It is encoded together with its value: what is encoded already would be so twice.
            if key.contains('%') {
                let culprit = format!("the key `{key}` is percent-encoded");
                let rule = "the key of a placeholder is encoded for you";
                let message = Message::new(culprit, rule, "write it as the API's page does: `filter[status]=<status>`");
                return self.tell(start..start + key.len(), &message);
            }
            self.characters(start, key, "-._~!$()*+,;:@/[]");
        }
        let placed = start + key.map_or(0, |key| key.len() + 1);
        let placeholder = self.placeholder(placed..placed + value.len(), inner, name);
        if let (Some(placeholder), Some(style)) = (placeholder, style) {
            let key = key.map_or_else(|| placeholder.name.clone(), str::to_owned);
            self.query.push(QueryPair::Value { key, placeholder, style });
        }
    }

    fn style(&mut self, start: usize, value: &str, written: &str) -> Option<Style> {
        let known = STYLES.iter().find(|(name, _)| *name == written).map(|(_, style)| *style);
        if known.is_none() {
            let remedy = match did_you_mean(written, STYLES.map(|(name, _)| name)) {
                Some(style) => format!("did you mean `{style}`?"),
                None => "leave the style out for a repeated key".to_owned(),
            };
            let rule = "a list is joined by `comma`, `space` or `pipe`; any value can be `json`";
            let message = Message::new(format!("`{written}` in `{value}` is no style"), rule, remedy);
            self.tell(start..start + value.len(), &message);
        }
        known
    }
}
