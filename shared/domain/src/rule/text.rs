//! What a rule writes.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest subject of a mail that a rule sends, in characters.
pub const LONGEST_SUBJECT: usize = 200;
/// Longest text that a rule writes, before it is filled in, in characters.
pub const LONGEST_BODY: usize = 8_000;
/// Most languages of a template.
const MOST_LANGUAGES: usize = 50;

/// A text in one language. Both are templates in Jinja.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateText {
    /// The subject of a mail; the ticket's own where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text.
    pub body: String,
}

/// A text in several languages, for any number of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What it is called.
    pub name: String,
    /// The language for people whose own is not there.
    pub default_language: String,
    /// By language, as a BCP 47 tag.
    pub texts: BTreeMap<String, TemplateText>,
}

/// What a rule writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// A template, by its name.
    Template(String),
    /// These words, in one language.
    Own(TemplateText),
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Its name is empty or too long.
    #[error("a template's name has 1 to 100 characters, not {0}")]
    Name(usize),
    /// Too long.
    #[error("the subject has {0} characters, at most {LONGEST_SUBJECT} are allowed")]
    Subject(usize),
    /// Empty or too long.
    #[error("the text has {0} characters, 1 to {LONGEST_BODY} are allowed")]
    Body(usize),
    /// The language to fall back on is none of its own.
    #[error("there is no text in {0}, the language for everybody else")]
    NoDefault(String),
    /// None, or too many.
    #[error("{0} languages, 1 to {MOST_LANGUAGES} are allowed")]
    Languages(usize),
}

impl TemplateText {
    /// Checks its lengths.
    ///
    /// # Errors
    /// The first that does not fit.
    pub fn check(&self) -> Result<(), TextError> {
        let length = |text: &str| text.chars().count();
        if let Some(subject) = self
            .subject
            .as_deref()
            .map(length)
            .filter(|n| *n > LONGEST_SUBJECT)
        {
            return Err(TextError::Subject(subject));
        }
        match length(&self.body) {
            n if self.body.trim().is_empty() || n > LONGEST_BODY => Err(TextError::Body(n)),
            _ => Ok(()),
        }
    }
}

impl Template {
    /// The text for somebody of these languages, the dearest first; otherwise the default. A region that is not there is
    /// served by the language without it.
    pub fn text<'t>(
        &'t self,
        wanted: impl IntoIterator<Item = &'t str>,
    ) -> Option<(&'t str, &'t TemplateText)> {
        let find = |tag: &str| {
            let found = self
                .texts
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(tag));
            found.map(|(known, text)| (known.as_str(), text))
        };
        let primary = |tag: &'t str| tag.split(['-', '_']).next().unwrap_or(tag);
        let own = wanted.into_iter().find_map(|tag| {
            let same_language = || {
                let mut texts = self.texts.iter();
                let found = texts.find(|(known, _)| primary(known).eq_ignore_ascii_case(primary(tag)));
                found.map(|(known, text)| (known.as_str(), text))
            };
            find(tag).or_else(|| find(primary(tag))).or_else(same_language)
        });
        own.or_else(|| find(&self.default_language))
    }

    /// Checks it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), TextError> {
        let length = self.name.chars().count();
        if self.name.trim().is_empty() || length > super::LONGEST_NAME {
            return Err(TextError::Name(length));
        }
        if !(1..=MOST_LANGUAGES).contains(&self.texts.len()) {
            return Err(TextError::Languages(self.texts.len()));
        }
        if !self.texts.contains_key(&self.default_language) {
            return Err(TextError::NoDefault(self.default_language.clone()));
        }
        self.texts.values().try_for_each(TemplateText::check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(languages: &[&str]) -> Template {
        let text = |language: &&str| {
            let text = TemplateText {
                subject: None,
                body: format!("in {language}"),
            };
            ((*language).to_owned(), text)
        };
        Template {
            name: "greeting".to_owned(),
            default_language: "en".to_owned(),
            texts: languages.iter().map(text).collect(),
        }
    }

    #[test]
    fn the_customer_s_language_is_chosen_with_a_fallback() {
        let template = template(&["en", "de", "pt-BR"]);
        let chosen = |wanted: &[&'static str]| template.text(wanted.iter().copied()).unwrap().0.to_owned();
        assert_eq!(chosen(&["de"]), "de");
        assert_eq!(chosen(&["de-AT"]), "de");
        assert_eq!(chosen(&["PT-br"]), "pt-BR");
        assert_eq!(chosen(&["pt"]), "pt-BR");
        assert_eq!(chosen(&["fr", "de"]), "de");
        assert_eq!(chosen(&["fr"]), "en");
        assert_eq!(chosen(&[]), "en");
    }

    #[test]
    fn a_template_without_its_fallback_is_refused() {
        assert_eq!(template(&["en"]).check(), Ok(()));
        let refused = template(&["de"]).check();
        assert_eq!(refused, Err(TextError::NoDefault("en".to_owned())));
        assert_eq!(template(&[]).check(), Err(TextError::Languages(0)));
    }
}
