//! What rules write: section `templates`, and the texts of actions.

use docket_domain::rule::{LONGEST_BODY, LONGEST_SUBJECT};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
    ser::SerializeMap,
};
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// A text in several languages, for any number of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateEntry {
    /// The language for people whose own is not there; it can be left out where there is one language only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_language: Option<String>,
    /// The text by language, as a BCP 47 tag such as `en` or `pt-BR`.
    #[schemars(schema_with = "texts_schema")]
    pub texts: BTreeMap<String, WordsEntry>,
}

fn texts_schema(generator: &mut SchemaGenerator) -> Schema {
    let words = generator.subschema_for::<WordsEntry>();
    json_schema!({ "type": "object", "additionalProperties": words, "minProperties": 1 })
}

/// A text, with a subject if it has one of its own. Both are templates in Jinja.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsEntry {
    /// The subject of a mail; the ticket's own where nothing is said.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
}

/// What an action writes: a template by its name, or words that stand here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextEntry {
    /// The template of this name.
    Template(String),
    /// These words.
    Words(WordsEntry),
}

/// The keys of a text.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextKeys {
    template: Option<String>,
    text: Option<String>,
    subject: Option<String>,
}

/// The keys of a text in a template.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsKeys {
    text: String,
    subject: Option<String>,
}

impl TextEntry {
    /// The text of these keys, if they say one and no more.
    pub(super) fn of_keys(
        template: Option<String>,
        text: Option<String>,
        subject: Option<String>,
    ) -> Result<Self, &'static str> {
        match (template, text, subject) {
            (Some(template), None, None) => Ok(Self::Template(template)),
            (None, Some(text), subject) => Ok(Self::Words(WordsEntry { subject, text })),
            (None, None, _) => Err("there is no text; write `text: …`, or `template:` with the name of one"),
            (Some(_), ..) => {
                Err("a template has its own text and subject; write either `template` or `text`")
            }
        }
    }

    /// Its keys: how many, and the template, the text and the subject.
    pub(super) fn keys(&self) -> [(&'static str, Option<&String>); 3] {
        let (template, text, subject) = match self {
            Self::Template(name) => (Some(name), None, None),
            Self::Words(words) => (None, Some(&words.text), words.subject.as_ref()),
        };
        [("template", template), ("subject", subject), ("text", text)]
    }
}

impl Serialize for WordsEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.subject {
            None => self.text.serialize(serializer),
            Some(subject) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("subject", subject)?;
                map.serialize_entry("text", &self.text)?;
                map.end()
            }
        }
    }
}

impl Serialize for TextEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Words(words) => words.serialize(serializer),
            Self::Template(name) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("template", name)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for WordsEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;

        impl<'de> Visitor<'de> for Reads {
            type Value = WordsEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or {subject: …, text: …}")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<WordsEntry, E> {
                let text = text.to_owned();
                Ok(WordsEntry { subject: None, text })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WordsEntry, A::Error> {
                let WordsKeys { text, subject } = WordsKeys::deserialize(MapAccessDeserializer::new(map))?;
                Ok(WordsEntry { subject, text })
            }
        }

        deserializer.deserialize_any(Reads)
    }
}

impl<'de> Deserialize<'de> for TextEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;

        impl<'de> Visitor<'de> for Reads {
            type Value = TextEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, {template: …}, or {subject: …, text: …}")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TextEntry, E> {
                let text = text.to_owned();
                Ok(TextEntry::Words(WordsEntry { subject: None, text }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TextEntry, A::Error> {
                let keys = TextKeys::deserialize(MapAccessDeserializer::new(map))?;
                TextEntry::of_keys(keys.template, keys.text, keys.subject).map_err(A::Error::custom)
            }
        }

        deserializer.deserialize_any(Reads)
    }
}

/// The schemas of the keys of a text: of the text, its subject, and the name of a template.
pub(super) fn key_schemas() -> [serde_json::Value; 3] {
    [
        serde_json::json!({
            "type": "string",
            "description": "The text, a template in Jinja: `Hello {{ requester.first_name }}`.",
            "minLength": 1,
            "maxLength": LONGEST_BODY,
        }),
        serde_json::json!({
            "type": "string",
            "description": "The subject of the mail; the ticket's own where nothing is said.",
            "maxLength": LONGEST_SUBJECT,
        }),
        serde_json::json!({ "type": "string", "description": "The name of a template." }),
    ]
}

fn words_schemas() -> [serde_json::Value; 2] {
    let [text, subject, _] = key_schemas();
    let map = serde_json::json!({
        "type": "object",
        "properties": { "text": text, "subject": subject },
        "required": ["text"],
        "additionalProperties": false,
    });
    [text, map]
}

impl JsonSchema for WordsEntry {
    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A text, or a subject and a text.", "anyOf": words_schemas() })
    }
}

impl JsonSchema for TextEntry {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let [text, words] = words_schemas();
        let [.., template] = key_schemas();
        json_schema!({
            "description": "A text, a subject and a text, or a template by its name.",
            "anyOf": [
                text,
                words,
                {
                    "type": "object",
                    "properties": { "template": template },
                    "required": ["template"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}
