//! Translations: `.po` files by domain and language.

use courier_core::{Result, Text, Transport, endpoint};

use super::declared::Declared;
use super::outcomes::IfFound;

pub(crate) trait Translations: Transport {
    /// Returns the translations of a language as the text of a `.po` file.
    #[endpoint(GET, "/translations/<domain>/<locale>", some = 200, none = 404)]
    async fn retrieve(&self, domain: &str, locale: &str) -> Result<Option<Text>>;

    /// Replaces the translations of a language with the text of a `.po` file.
    #[endpoint(PUT, "/translations/<domain>/<locale>", done = 200, not_found = 404)]
    async fn update(&self, domain: &str, locale: &str, #[body] po: Option<&str>) -> Result<IfFound>;
}
impl<T: Transport> Translations for T {}

pub(crate) fn declared(translations: &dyn Translations) -> Vec<Declared> {
    vec![
        Declared::new("translations.retrieve", translations.retrieve("domain", "locale")),
        Declared::new("translations.update", translations.update("domain", "locale", Some("po")))
            .without(translations.update("domain", "locale", None)),
    ]
}
