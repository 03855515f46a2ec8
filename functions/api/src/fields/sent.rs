//! A field as it is sent, and the definition that comes of it.

use super::{Of, lookups::of_word};
use crate::kit::{
    error::ApiError,
    input::{Sent, flag, id, removable_text, says_nothing, text},
};
use docket_domain::{
    Timestamp,
    field::{FieldBook, FieldDefinition, FieldKind, FieldOption, FieldsOf},
};
use regex::RegexBuilder;
use serde::Deserialize;
use serde_json::Value;

/// Most bytes that a pattern may become: one that takes more is no check of a field.
const LARGEST_PATTERN_BYTES: usize = 256 * 1024;

/// A field as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SentField {
    #[serde(rename = "type", deserialize_with = "text")]
    pub kind: Option<String>,
    #[serde(deserialize_with = "text")]
    pub title: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_title: Option<String>,
    #[serde(deserialize_with = "text")]
    key: Option<String>,
    #[serde(deserialize_with = "text")]
    title_in_portal: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_title_in_portal: Option<String>,
    #[serde(deserialize_with = "text")]
    description: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_description: Option<String>,
    #[serde(deserialize_with = "text")]
    agent_description: Option<String>,
    #[serde(deserialize_with = "id")]
    position: Option<u64>,
    #[serde(deserialize_with = "flag")]
    active: Option<bool>,
    #[serde(deserialize_with = "flag")]
    required: Option<bool>,
    #[serde(deserialize_with = "flag")]
    required_in_portal: Option<bool>,
    #[serde(deserialize_with = "flag")]
    visible_in_portal: Option<bool>,
    #[serde(deserialize_with = "flag")]
    editable_in_portal: Option<bool>,
    #[serde(deserialize_with = "flag")]
    collapsed_for_agents: Option<bool>,
    #[serde(deserialize_with = "flag")]
    agent_can_edit: Option<bool>,
    #[serde(deserialize_with = "removable_text")]
    regexp_for_validation: Option<Option<String>>,
    #[serde(deserialize_with = "removable_text")]
    tag: Option<Option<String>>,
    custom_field_options: Option<Vec<SentOption>>,
    #[serde(deserialize_with = "id")]
    sub_type_id: Option<u64>,
    #[serde(deserialize_with = "text")]
    relationship_target_type: Option<String>,
    relationship_filter: Option<Value>,
}

/// An option as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SentOption {
    #[serde(deserialize_with = "id")]
    pub id: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "text")]
    raw_name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub value: Option<String>,
    #[serde(deserialize_with = "flag")]
    default: Option<bool>,
    #[serde(deserialize_with = "id")]
    pub position: Option<u64>,
}

/// Reads a field; refuses what no field here has.
pub(super) fn read(sent: &Sent, of: Of) -> Result<SentField, ApiError> {
    let fields: SentField = sent.read(of.record())?;
    if fields.relationship_filter.as_ref().is_some_and(asks_for_some) {
        return Err(ApiError::invalid(
            "relationship_filter",
            "is not kept here: all that is of the type can be chosen",
        ));
    }
    if fields.sub_type_id.is_some_and(|id| id != 0) {
        return Err(ApiError::invalid(
            "sub_type_id",
            "is always 0: all priorities and statuses are there",
        ));
    }
    if fields.agent_can_edit == Some(false) {
        return Err(ApiError::invalid(
            "agent_can_edit",
            "is always true: agents write all fields",
        ));
    }
    Ok(fields)
}

/// Whether a filter lets some through alone.
fn asks_for_some(filter: &Value) -> bool {
    match filter {
        Value::Object(conditions) => !conditions.values().all(says_nothing),
        other => !says_nothing(other),
    }
}

/// What values of a field are, by its word.
pub(super) fn kind_of(word: Option<&str>, of: FieldsOf) -> Result<FieldKind, ApiError> {
    let word = word.map(str::trim).unwrap_or_default();
    if word.is_empty() {
        return Err(ApiError::blank("type"));
    }
    let found = FieldKind::OWN.into_iter().find(|kind| kind.as_str() == word);
    match (found, of) {
        (Some(FieldKind::Dropdown), FieldsOf::Tickets) => Ok(FieldKind::Tagger),
        (Some(FieldKind::Tagger), FieldsOf::People | FieldsOf::Organizations) => Ok(FieldKind::Dropdown),
        (Some(FieldKind::PartialCreditCard), FieldsOf::People | FieldsOf::Organizations) | (None, _) => {
            let known = FieldKind::OWN.into_iter().filter(|kind| match of {
                FieldsOf::Tickets => *kind != FieldKind::Dropdown,
                _ => !matches!(kind, FieldKind::Tagger | FieldKind::PartialCreditCard),
            });
            let known: Vec<&str> = known.map(FieldKind::as_str).collect();
            let words = format!("{word:?} is none of {}", known.join(", "));
            Err(ApiError::invalid("type", words))
        }
        (Some(kind), _) => Ok(kind),
    }
}

impl SentField {
    /// The title, where one is sent.
    pub fn title(&self) -> Option<&str> {
        let title = self.title.as_deref().or(self.raw_title.as_deref());
        title.map(str::trim).filter(|title| !title.is_empty())
    }

    /// A new definition in the book; its number.
    pub fn add_to(&self, book: &mut FieldBook, of: FieldsOf, now: Timestamp) -> Result<u64, ApiError> {
        let kind = kind_of(self.kind.as_deref(), of)?;
        let title = self.title().ok_or_else(|| ApiError::blank("title"))?;
        let last = book.all(of).iter().map(|field| field.position).max();
        let id = book.take_id();
        let mut field = FieldDefinition::new(id, kind, title, now);
        field.position = last.unwrap_or(0) + 1;
        if of != FieldsOf::Tickets {
            let key = self.key.as_deref().map(str::trim).unwrap_or_default();
            if key.is_empty() {
                return Err(ApiError::blank("key"));
            }
            if book.keyed(of, key).is_some() {
                return Err(ApiError::taken_by("key", "field"));
            }
            field.key = Some(key.to_owned());
        }
        self.put_into(&mut field, book)?;
        book.stored_mut(of).push(field);
        Ok(id)
    }

    /// Changes a definition in the book. What every desk has is stored once it is another than it is everywhere.
    pub fn change(
        &self,
        book: &mut FieldBook,
        of: FieldsOf,
        id: u64,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let before = book.field(of, id).ok_or(ApiError::Missing)?;
        if let Some(word) = self.kind.as_deref()
            && word != before.kind.as_str()
            && kind_of(Some(word), of).ok() != Some(before.kind)
        {
            return Err(ApiError::invalid(
                "type",
                "stays as it was when the field was made",
            ));
        }
        if let Some(key) = &self.key
            && Some(key) != before.key.as_ref()
            && of != FieldsOf::Tickets
        {
            return Err(ApiError::invalid(
                "key",
                "stays as it was when the field was made",
            ));
        }
        let mut field = before.clone();
        self.put_into(&mut field, book)?;
        if field == before {
            return Ok(());
        }
        field.updated_at = now;
        let stored = book.stored_mut(of);
        match stored.iter_mut().find(|stored| stored.id == id) {
            Some(stored) => *stored = field,
            None => stored.push(field),
        }
        Ok(())
    }

    fn put_into(&self, field: &mut FieldDefinition, book: &mut FieldBook) -> Result<(), ApiError> {
        fn put<T: Clone>(sent: &Option<T>, into: &mut T) {
            if let Some(sent) = sent {
                into.clone_from(sent);
            }
        }
        if let Some(title) = self.title.as_ref().or(self.raw_title.as_ref()) {
            title.trim().clone_into(&mut field.title);
        }
        if let Some(title) = self
            .title_in_portal
            .as_ref()
            .or(self.raw_title_in_portal.as_ref())
        {
            let title = title.trim();
            field.title_in_portal = (!title.is_empty() && title != field.title).then(|| title.to_owned());
        }
        put(
            &self.description.clone().or_else(|| self.raw_description.clone()),
            &mut field.description,
        );
        put(&self.agent_description, &mut field.agent_description);
        put(&self.position, &mut field.position);
        put(&self.active, &mut field.is_active);
        put(&self.required, &mut field.required);
        put(&self.required_in_portal, &mut field.required_in_portal);
        put(&self.visible_in_portal, &mut field.visible_in_portal);
        put(&self.editable_in_portal, &mut field.editable_in_portal);
        put(&self.collapsed_for_agents, &mut field.collapsed_for_agents);
        put(&self.regexp_for_validation, &mut field.regexp);
        put(&self.tag, &mut field.tag);
        self.put_target(field)?;
        if let Some(options) = &self.custom_field_options {
            field.options = options_of(options, &field.options, book)?;
        }
        checked(field)
    }
}

impl SentField {
    /// What a lookup leads to is said once.
    fn put_target(&self, field: &mut FieldDefinition) -> Result<(), ApiError> {
        let word = self.relationship_target_type.as_deref().map(str::trim);
        let Some(word) = word.filter(|word| !word.is_empty()) else {
            return Ok(());
        };
        let refused = |words: &str| Err(ApiError::invalid("relationship_target_type", words));
        let Some(target) = of_word(word) else {
            return refused("must be zen:user, zen:ticket or zen:organization");
        };
        match field.target {
            Some(before) if before != target => refused("stays as it was when the field was made"),
            _ => {
                field.target = Some(target);
                Ok(())
            }
        }
    }
}

/// Refuses a definition that could not be used, at the attribute that it is about.
pub(super) fn checked(field: &FieldDefinition) -> Result<(), ApiError> {
    field
        .check()
        .map_err(|(attribute, words)| ApiError::invalid(attribute, words))?;
    if let Some(pattern) = &field.regexp {
        pattern_of(pattern).map_err(|words| ApiError::invalid("regexp_for_validation", words))?;
    }
    Ok(())
}

/// What values of a field have to be like.
pub(super) fn pattern_of(pattern: &str) -> Result<regex::Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(LARGEST_PATTERN_BYTES)
        .build()
        .map_err(|_| "is no pattern that can be used here: no look-around, no references back".to_owned())
}

/// All options of a field. One that is sent with its number or its value stays the one that it was.
fn options_of(
    sent: &[SentOption],
    before: &[FieldOption],
    book: &mut FieldBook,
) -> Result<Vec<FieldOption>, ApiError> {
    let mut options = Vec::with_capacity(sent.len().min(docket_domain::field::MOST_OPTIONS));
    for (place, one) in sent.iter().enumerate() {
        if place > docket_domain::field::MOST_OPTIONS {
            break;
        }
        let known = before.iter().find(|known| match one.id {
            Some(id) => known.id == id,
            None => Some(&known.value) == one.value.as_ref(),
        });
        let mut option = known.cloned().unwrap_or_default();
        if known.is_none() {
            option.id = book.take_id();
        }
        one.put_into(&mut option);
        options.push(option);
    }
    Ok(options)
}

impl SentOption {
    /// Puts what is sent into an option.
    pub fn put_into(&self, option: &mut FieldOption) {
        if let Some(name) = self.name.as_ref().or(self.raw_name.as_ref()) {
            name.trim().clone_into(&mut option.name);
        }
        if let Some(value) = &self.value {
            value.trim().clone_into(&mut option.value);
        }
        option.is_default = self.default.unwrap_or(option.is_default);
    }
}

/// The ids under a name: a list, or a text of them parted by commas.
pub(super) fn ids_in(body: &Value, name: &str) -> Result<Vec<u64>, ApiError> {
    let wrong = |value: &Value| ApiError::invalid(name, format!("{value} is not an id"));
    let one = |value: &Value| {
        let id = match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        id.ok_or_else(|| wrong(value))
    };
    match &body[name] {
        Value::Array(values) => values.iter().map(one).collect(),
        Value::String(text) => text
            .split(',')
            .filter(|part| !part.trim().is_empty())
            .map(|part| one(&Value::from(part)))
            .collect(),
        Value::Null => Err(ApiError::blank(name)),
        value => one(value).map(|id| vec![id]),
    }
}
