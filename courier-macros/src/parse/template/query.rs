//! `?<cursor>&messageId=<id>&limit=50`: pairs, each fixed or with a placeholder for its whole value.

use super::{Pair, Reader, Style, is_name, shortened};
use crate::diagnostics::{Reported, did_you_mean};
use crate::dialects;
use crate::rules::{PLACEHOLDER, QUERY, QUERY_KEY, QUERY_VALUE, STYLE};

const STYLES: [(&str, Style); 4] =
    [("comma", Style::Joined(',')), ("space", Style::Joined(' ')), ("pipe", Style::Joined('|')), ("json", Style::Json)];

impl Reader<'_> {
    /// What follows the `?`.
    pub(super) fn pairs(&mut self, mut start: usize, query: &str) {
        if let Some(second) = query.find('?') {
            let part = start + second..start + second + 1;
            let reported = self.report(part, QUERY, "the template has two `?`", "write `&` for the second one");
            return self.query.push(Err(reported));
        }
        for pair in query.split('&') {
            let read = self.pair(start, pair);
            self.query.push(read);
            start += pair.len() + 1;
        }
    }

    fn pair(&mut self, start: usize, pair: &str) -> Result<Pair, Reported> {
        let part = start..start + pair.len();
        if pair.is_empty() {
            return Err(self.report(part, QUERY, "the query has an empty pair", "remove one `&` or `?`"));
        }
        let (key, value) = pair.split_once('=').map_or((None, pair), |(key, value)| (Some(key), value));
        let inner = value.strip_prefix('<').and_then(|inner| inner.strip_suffix('>'));
        if let Some(inner) = inner.filter(|inner| !inner.contains(['<', '>']) && key != Some("")) {
            return self.value(start, key, value, inner);
        }
        let foreign = dialects::placeholder(value).filter(|(whole, _)| *whole == value).map(|(_, name)| name);
        if let Some(name) = foreign.or_else(|| value.strip_prefix(':')).filter(|name| is_name(name)) {
            let fix = match key {
                Some(key) if key != name => format!("write `{}=<{name}>`", shortened(key)),
                _ => format!("write `<{name}>`"),
            };
            let problem = format!("`{}` is not a placeholder", shortened(value));
            return Err(self.report(part, PLACEHOLDER, &problem, &fix));
        }
        if pair.contains(['<', '>', '{', '}']) || key == Some("") {
            let problem = format!("`{}` is not a pair of a query", shortened(pair));
            let fix = "write `key=<argument>`, or `<argument>` if the key has the argument's name";
            return Err(self.report(part, QUERY_VALUE, &problem, fix));
        }
        self.characters(start, pair, "-._~!$()*+,;=:@/").map_or_else(|| Ok(Pair::Fixed(pair.to_owned())), Err)
    }

    /// `<name>` or `<name:style>`, under a key of its own or its name.
    fn value(&mut self, start: usize, key: Option<&str>, value: &str, inner: &str) -> Result<Pair, Reported> {
        // The key is encoded together with its value.
        if let Some(key) = key.filter(|key| key.contains('%')) {
            let problem = format!("the key `{}` is percent-encoded", shortened(key));
            let fix = "write it as the API's page does: `filter[status]=<status>`";
            self.report(start..start + key.len(), QUERY_KEY, &problem, fix);
        } else if let Some(key) = key {
            self.characters(start, key, "-._~!$()*+,;:@/[]");
        }
        let placed = start + key.map_or(0, |key| key.len() + 1);
        let part = placed..placed + value.len();
        let (name, written) = inner.split_once(':').map_or((inner, None), |(name, style)| (name, Some(style)));
        let style = written.map_or(Ok(Style::Repeated), |written| {
            let known = STYLES.iter().find(|(style, _)| *style == written).map(|(_, style)| *style);
            known.ok_or_else(|| {
                let fix = match did_you_mean(written, STYLES.map(|(style, _)| style)) {
                    Some(style) => format!("did you mean `{style}`?"),
                    None => "remove it: a list then repeats its key".to_owned(),
                };
                let problem = format!("`{}` in `{}` is not a style", shortened(written), shortened(value));
                self.report(part.clone(), STYLE, &problem, &fix)
            })
        });
        let placeholder = self.placeholder(part, inner, name)?;
        let key = key.map_or_else(|| placeholder.name.clone(), str::to_owned);
        Ok(Pair::Value { key, placeholder, style: style.unwrap_or(Style::Repeated) })
    }
}
