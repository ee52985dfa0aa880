//! Credentials in the query of every request.

use std::borrow::Cow;
use std::fmt;

use crate::request::query;

/// Encoded pairs. `Debug` doesn't show them.
#[derive(Default)]
pub(in crate::transport) struct SecretQuery(Vec<(String, String)>);

impl SecretQuery {
    pub(in crate::transport) fn add(&mut self, name: &str, value: &str) {
        let mut pair = String::new();
        query::append(&mut pair, name, value);
        let (name, _) = pair.split_once('=').expect("a pair has an equals sign");
        let name = name.to_owned();
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, pair));
    }

    /// Appends the pairs to the query of a request. Pairs that the call sets take precedence.
    pub(super) fn added_to<'q>(&self, query: Option<&'q str>) -> Option<Cow<'q, str>> {
        let mut all = query.map(Cow::Borrowed);
        for (name, pair) in &self.0 {
            let is_set = |query: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
            match &mut all {
                None => all = Some(Cow::Owned(pair.clone())),
                Some(query) if is_set(query) => {}
                Some(query) if query.is_empty() => *query = Cow::Owned(pair.clone()),
                Some(query) => *query.to_mut() += &["&", pair].concat(),
            }
        }
        all
    }
}

impl fmt::Debug for SecretQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_pair_follows_the_pairs_of_the_request_unless_it_is_one_of_them() {
        let mut secret = SecretQuery::default();
        assert_eq!(secret.added_to(Some("a=b")).as_deref(), Some("a=b"));
        secret.add("api key", "old");
        secret.add("api key", "s3/cret");
        for (query, all) in [
            (None, "api%20key=s3%2Fcret"),
            (Some(""), "api%20key=s3%2Fcret"),
            (Some("a=b"), "a=b&api%20key=s3%2Fcret"),
            (Some("a=b&api%20key=own"), "a=b&api%20key=own"),
            (Some("api%20key2=own"), "api%20key2=own&api%20key=s3%2Fcret"),
        ] {
            assert_eq!(secret.added_to(query).as_deref(), Some(all));
        }
        assert_eq!(format!("{secret:?}"), "[\"api%20key\"]");
    }
}
