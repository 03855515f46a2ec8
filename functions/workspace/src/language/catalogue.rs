//! What is said in other languages than English: catalogues that are compiled in, read when the first reader asks for theirs.

use super::Language;
use polib::po_file::parse_from_reader;
use std::{collections::HashMap, sync::LazyLock};

/// German, as it stands.
pub const GERMAN_PO: &str = include_str!("../../locales/de.po");

static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(GERMAN_PO));

/// What English texts are in a language: one text, or two where it depends on a number.
#[derive(Debug, Default)]
pub struct Catalogue(HashMap<String, Vec<String>>);

impl Language {
    /// Its catalogue; nothing for the language that needs none.
    pub(super) fn catalogue(self) -> Option<&'static Catalogue> {
        match self {
            Self::English => None,
            Self::German => Some(&GERMAN),
        }
    }
}

impl Catalogue {
    /// Reads one. A test holds it against what is said; a page without it is better than none.
    pub(super) fn read(text: &str) -> Self {
        let read = parse_from_reader(text.as_bytes());
        let Ok(read) = read.inspect_err(|error| tracing::error!(%error, "a catalogue can't be read")) else {
            return Self::default();
        };
        let said = read.messages().map(|message| {
            let forms = match message.msgstr_plural() {
                Ok(forms) => forms.clone(),
                Err(_) => vec![message.msgstr().unwrap_or_default().to_owned()],
            };
            (message.msgid().to_owned(), forms)
        });
        Self(said.collect())
    }

    /// What an English text is.
    pub fn one(&self, english: &str) -> Option<&str> {
        let first = self.0.get(english)?.first()?;
        Some(first.as_str()).filter(|said| !said.is_empty())
    }

    /// What it is of one, or of any other number.
    pub fn of_count(&self, english: &str, is_one: bool) -> Option<&str> {
        let said = self.0.get(english)?.get(usize::from(!is_one))?;
        Some(said.as_str()).filter(|said| !said.is_empty())
    }

    /// All of it: English texts, and what they are.
    #[cfg(test)]
    pub fn all(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(id, forms)| (id.as_str(), forms.as_slice()))
    }
}

/// The script with what it says in a language: each `t("…")` becomes the text itself.
pub fn translated_script(script: &str, language: Language) -> String {
    let mut said = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(at) = rest.find(CALL) {
        let (before, call) = rest.split_at(at);
        said.push_str(before);
        let literal = &call[CALL.len() - 1..];
        let is_call = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.'));
        let end = literal[1..].find("\")").map(|end| end + 2).filter(|_| is_call);
        let english = end.and_then(|end| serde_json::from_str::<String>(&literal[..end]).ok());
        let (Some(end), Some(english)) = (end, english) else {
            said.push_str(CALL);
            rest = &call[CALL.len()..];
            continue;
        };
        let text = language.catalogue().and_then(|all| all.one(&english));
        // A string of JSON is one of JavaScript (ECMA-262, edition 2019).
        said.push_str(&serde_json::Value::from(text.unwrap_or(&english)).to_string());
        rest = &literal[end + 1..];
    }
    said.push_str(rest);
    said
}

/// How a text of the script begins.
const CALL: &str = "t(\"";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_its_texts_in_the_readers_language() {
        let script = "key(t(\"Snooze\"), put(\"t\"), t(\"not in any catalogue\"));";
        assert_eq!(
            translated_script(script, Language::German),
            "key(\"Zurückstellen\", put(\"t\"), \"not in any catalogue\");"
        );
        assert_eq!(
            translated_script(script, Language::English),
            "key(\"Snooze\", put(\"t\"), \"not in any catalogue\");"
        );
    }

    #[test]
    fn a_catalogue_that_cannot_be_read_says_nothing() {
        let none = Catalogue::read("msgid \"Snooze\"\nmsgstr \"Zurückstellen\"\n");
        assert_eq!(none.one("Snooze"), None);
        let header = "msgid \"\"\nmsgstr \"Language: de\\n\"\n\n";
        let one = Catalogue::read(&format!(
            "{header}msgid \"Snooze\"\nmsgstr \"Zurückstellen\"\n\nmsgid \"Draft\"\nmsgstr \"\"\n"
        ));
        assert_eq!(one.one("Snooze"), Some("Zurückstellen"));
        assert_eq!(one.one("Draft"), None, "not translated yet");
    }
}
