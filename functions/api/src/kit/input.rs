//! What comes in: the body of a write, bounded, and its record with every wrong field named.

use crate::kit::error::{ApiError, Problem};
use axum::{body::Body, extract::FromRequest};
pub(crate) use docket_domain::people::person::is_email;
use http::Request;
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};
use serde_json::Value;

/// Largest body in bytes.
pub(crate) const MOST_BODY_BYTES: usize = 1024 * 1024;

/// A write as it came.
pub(crate) struct Sent {
    /// `POST` or `PUT`.
    pub method: String,
    /// The `Idempotency-Key`.
    pub key: Option<Vec<u8>>,
    /// The body.
    pub body: Vec<u8>,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = ApiError;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MOST_BODY_BYTES)
            .await
            .map_err(|_| ApiError::TooLarge(MOST_BODY_BYTES))?;
        Ok(Self {
            method: parts.method.to_string(),
            key: parts
                .headers
                .get("idempotency-key")
                .map(|key| key.as_bytes().to_vec()),
            body: body.to_vec(),
        })
    }
}

impl Sent {
    /// The record under `name`. Fields that are not known are ignored; one of a wrong type is named.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Result<T, ApiError> {
        let mut body = self.json()?;
        let record = match body.get_mut(name) {
            Some(record @ Value::Object(_)) => record.take(),
            Some(Value::Null) | None => return Err(ApiError::blank(name)),
            Some(_) => return Err(ApiError::invalid(name, "has to be an object")),
        };
        read_record(record, name)
    }

    /// Refuses fields of the record under `name` that clients know and nobody here keeps: what was sent and not kept must not look
    /// kept. Empty ones say nothing.
    pub fn refuse(&self, name: &str, fields: &[&str]) -> Result<(), ApiError> {
        refuse_fields(&self.json()?[name], fields)
    }

    /// The record that is the whole body.
    pub fn read_whole<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        match self.json()? {
            record @ Value::Object(_) => read_record(record, "base"),
            _ => Err(ApiError::BadRequest("The body is not a JSON object.".to_owned())),
        }
    }

    /// The same; a body that is empty, or null, says nothing.
    pub fn read_whole_if_any<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        match self.body.trim_ascii() {
            b"" | b"null" => Ok(T::default()),
            _ => self.read_whole(),
        }
    }

    fn json(&self) -> Result<Value, ApiError> {
        let text = std::str::from_utf8(&self.body).map_err(|error| {
            let at = error.valid_up_to();
            ApiError::BadRequest(format!("The body is not UTF-8: byte {at} can't be read."))
        })?;
        let body = serde_json::from_str(text)
            .map_err(|error| ApiError::BadRequest(format!("The body is not JSON: {error}.")))?;
        match path_to_control(&body) {
            None => Ok(body),
            Some((path, control)) => Err(ApiError::BadRequest(format!(
                "{path} has the control character U+{:04X}.",
                u32::from(control)
            ))),
        }
    }
}

/// The same of a record by itself.
pub(crate) fn refuse_fields(record: &Value, fields: &[&str]) -> Result<(), ApiError> {
    let sent = |field: &&&str| record.get(**field).is_some_and(|value| !says_nothing(value));
    match fields.iter().find(sent) {
        Some(field) => Err(ApiError::invalid(field, "is not kept here")),
        None => Ok(()),
    }
}

/// Whether a value is empty.
pub(crate) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The path of the first text, or name of a field, with a control character that no text needs.
fn path_to_control(body: &Value) -> Option<(String, char)> {
    let control = |text: &str| {
        text.chars()
            .find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    };
    let below = |place: String, value: &Value| {
        let (path, control) = path_to_control(value)?;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        Some((format!("{place}{dot}{path}"), control))
    };
    match body {
        Value::String(text) => control(text).map(|control| (String::new(), control)),
        Value::Array(values) => {
            let mut places = values.iter().enumerate();
            places.find_map(|(place, value)| below(format!("[{place}]"), value))
        }
        Value::Object(members) => members.iter().find_map(|(name, value)| match control(name) {
            Some(control) => Some((name.escape_debug().to_string(), control)),
            None => below(name.clone(), value),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The record, or which of its fields has a wrong type; `name` is the record's own.
pub(crate) fn read_record<T: DeserializeOwned>(record: Value, name: &str) -> Result<T, ApiError> {
    serde_path_to_error::deserialize(record).map_err(|error| {
        let field = match error.path().to_string().as_str() {
            "." => name.to_owned(),
            path => path.to_owned(),
        };
        ApiError::Invalid(vec![Problem {
            field,
            kind: "InvalidValue",
            words: error.into_inner().to_string(),
        }])
    })
}

/// True or false, also as a text; nothing for null and the empty text.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Bool(said) => Ok(Some(said)),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        other => Err(D::Error::custom(format!("{other} is neither true nor false"))),
    }
}

/// An id as a number or as digits; nothing for null and the empty text.
pub(crate) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let wrong = |value: &Value| D::Error::custom(format!("{value} is not an id"));
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => {
            let id = match &value {
                Value::Number(number) => number.as_u64(),
                Value::String(text) => text.parse().ok(),
                _ => None,
            };
            id.map(Some).ok_or_else(|| wrong(&value))
        }
    }
}

/// A place among others, also as digits; nothing for null.
pub(crate) fn place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let place = match &value {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64().and_then(|place| u32::try_from(place).ok()),
    };
    let wrong = || D::Error::custom(format!("{value} is no place: a whole number from 0 on"));
    place.map(Some).ok_or_else(wrong)
}

/// Ids as numbers or digits; none for null.
pub(crate) fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let values = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    let each = values.iter().map(|value| match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    });
    let ids: Option<Vec<u64>> = each.collect();
    ids.ok_or_else(|| D::Error::custom("has to be a list of ids"))
}

/// An id that may be taken away with null: present, then the id or nothing.
pub(crate) fn removable_id<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<u64>>, D::Error> {
    id(deserializer).map(Some)
}

/// A value that may be taken away with null: present, then the value or nothing.
pub(crate) fn removable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A text; a number is taken as one. Nothing for null.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        other => Err(D::Error::custom(format!("{other} is not a text"))),
    }
}

/// A text that may be taken away with null or nothing: present, then the text or nothing.
pub(crate) fn removable_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<String>>, D::Error> {
    text(deserializer).map(|text| Some(text.filter(|text| !text.trim().is_empty())))
}

/// Texts: a list, or one by itself. None for null.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Texts {
        List(Vec<String>),
        Text(String),
        Nothing(()),
    }
    match Texts::deserialize(deserializer) {
        Ok(Texts::List(texts)) => Ok(texts),
        Ok(Texts::Text(text)) => Ok(vec![text]),
        Ok(Texts::Nothing(())) => Ok(vec![]),
        Err(_) => Err(D::Error::custom("is neither a list of texts nor a text")),
    }
}

/// A word out of a fixed list, or nothing: present, then the word, or nothing for null and the empty text.
pub(crate) fn word<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Some(None)),
        Value::String(text) if text.is_empty() => Ok(Some(None)),
        value @ Value::String(_) => T::deserialize(value)
            .map(|word| Some(Some(word)))
            .map_err(D::Error::custom),
        other => Err(D::Error::custom(format!("{other} is not a text"))),
    }
}

/// Tags: a list of texts, or one text; white space and commas part them.
pub(crate) fn tags<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Tags {
        List(Vec<String>),
        Text(String),
        Nothing(()),
    }
    let wrong = |_| D::Error::custom("is neither a list of texts nor a text");
    let texts = match Tags::deserialize(deserializer).map_err(wrong)? {
        Tags::List(texts) => texts,
        Tags::Text(text) => vec![text],
        Tags::Nothing(()) => return Ok(None),
    };
    let parts = texts
        .iter()
        .flat_map(|text| text.split(|c: char| c.is_whitespace() || c == ','));
    Ok(Some(
        parts.filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
    ))
}

/// Refuses a text of more than `longest` characters.
pub(crate) fn at_most(field: &str, text: Option<&str>, longest: usize) -> Result<(), ApiError> {
    let length = text.map_or(0, |text| text.chars().count());
    if length <= longest {
        return Ok(());
    }
    let words = format!("has {length} characters, at most {longest} are allowed");
    Err(ApiError::invalid(field, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use docket_domain::ticket::Priority;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Record {
        #[serde(deserialize_with = "id")]
        owner_id: Option<u64>,
        #[serde(deserialize_with = "removable_id")]
        assignee_id: Option<Option<u64>>,
        #[serde(deserialize_with = "word")]
        priority: Option<Option<Priority>>,
        #[serde(deserialize_with = "tags")]
        tags: Option<Vec<String>>,
        inner: Option<Box<Record>>,
    }

    fn read(body: &str) -> Result<Record, ApiError> {
        Sent {
            method: "POST".into(),
            key: None,
            body: body.as_bytes().to_vec(),
        }
        .read("record")
    }

    fn wrong_field(body: &str) -> String {
        match read(body) {
            Err(ApiError::Invalid(problems)) => problems[0].field.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_field_of_a_wrong_type_is_named_with_its_path() {
        assert_eq!(
            wrong_field(r#"{"record":{"inner":{"priority":"soon"}}}"#),
            "inner.priority"
        );
        assert_eq!(wrong_field(r#"{"record":{"owner_id":-1}}"#), "owner_id");
        assert_eq!(wrong_field(r#"{"record":{"tags":[1]}}"#), "tags");
        assert_eq!(wrong_field(r#"{"record":[]}"#), "record");
        assert_eq!(wrong_field("{}"), "record");
        assert_eq!(wrong_field("7"), "record");
    }

    #[test]
    fn a_body_that_is_not_json_is_a_bad_request() {
        assert!(matches!(read("{"), Err(ApiError::BadRequest(_))));
        assert!(matches!(read(""), Err(ApiError::BadRequest(_))));
    }

    #[test]
    fn what_no_text_needs_is_refused_with_its_path() {
        let refused = |body: &[u8]| {
            let sent = Sent {
                method: "POST".into(),
                key: None,
                body: body.to_vec(),
            };
            match sent.read::<Record>("record") {
                Err(ApiError::BadRequest(words)) => words,
                other => panic!("{other:?}"),
            }
        };
        for (body, words) in [
            (
                &br#"{"record":{"tags":["a","b\u0007"]}}"#[..],
                "record.tags[1] has the control character U+0007.",
            ),
            (
                br#"{"record":{"x":{"y":"\u0000"}}}"#,
                "record.x.y has the control character U+0000.",
            ),
            (
                br#"{"record":{"a\u001b":1}}"#,
                "record.a\\u{1b} has the control character U+001B.",
            ),
            (
                b"{\"record\":{\"x\":\"\xff\"}}",
                "The body is not UTF-8: byte 16 can't be read.",
            ),
        ] {
            assert_eq!(refused(body), words);
        }
        assert!(read(r#"{"record":{"x":"a\tb\r\nc"}}"#).is_ok());
    }

    #[test]
    fn unknown_fields_are_ignored() {
        assert_eq!(read(r#"{"record":{"x":1},"y":2}"#).unwrap(), Record::default());
    }

    #[test]
    fn null_takes_an_assignee_away_and_absence_does_not() {
        assert_eq!(
            read(r#"{"record":{"assignee_id":null}}"#).unwrap().assignee_id,
            Some(None)
        );
        assert_eq!(read(r#"{"record":{}}"#).unwrap().assignee_id, None);
    }

    #[test]
    fn tags_come_as_a_list_or_as_a_text() {
        let tags = |body| read(body).unwrap().tags.unwrap();
        assert_eq!(tags(r#"{"record":{"tags":["a b","c"]}}"#), ["a", "b", "c"]);
        assert_eq!(tags(r#"{"record":{"tags":"a, b"}}"#), ["a", "b"]);
    }
}
