//! Values of fields as they are sent with tickets, people and organizations, and as they are shown with them.

use super::{
    lookups::{leads_somewhere, to_nothing, with_number},
    sent::pattern_of,
};
use crate::kit::{call::Call, error::ApiError};
use docket_desk::Desk;
use docket_domain::{
    Timestamp,
    field::{FIRST_ID, FieldBook, FieldDefinition, FieldsOf, MOST_VALUE_BYTES, MOST_VALUES, TIER, Values},
    people::person::LONGEST_PERSON_TEXT,
    ticket::{Ticket, TicketType},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The one brand there is.
pub(crate) const BRAND: u64 = 1;
/// Most values that are read of one call.
const MOST_SENT: usize = 2 * MOST_VALUES;

/// Values of ticket fields as sent: a list of `{id, value}`, or values by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct SentValues(Vec<(u64, Value)>);

impl<'de> Deserialize<'de> for SentValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = |value: &Value| match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let values: Option<Vec<(u64, Value)>> = match Value::deserialize(deserializer)? {
            Value::Null => Some(vec![]),
            Value::Array(rows) => rows
                .iter()
                .map(|row| Some((id(row.get("id")?)?, row.get("value").cloned().unwrap_or_default())))
                .collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(name, value)| Some((name.parse().ok()?, value)))
                .collect(),
            _ => None,
        };
        match values {
            Some(values) if values.len() > MOST_SENT => {
                Err(D::Error::custom(format!("has more than {MOST_SENT} values")))
            }
            Some(values) => Ok(Self(values)),
            None => Err(D::Error::custom("is no list of {id, value}")),
        }
    }
}

/// Who fills fields in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilledBy {
    /// Whoever works here.
    Staff,
    /// Whoever asks: they are not told what there is.
    Customer,
}

impl SentValues {
    /// What is to be set and taken away, by the names under which values stand on tickets. What is sent back as it was read
    /// does no harm, whatever became of its field.
    pub async fn read(
        desk: &Desk,
        lists: [&Option<Self>; 2],
        ticket: Option<&Ticket>,
        by: FilledBy,
    ) -> Result<BTreeMap<String, Option<String>>, ApiError> {
        // Clients send `fields` back, which says the same: what is sent as `custom_fields` goes before it.
        let sent = lists.into_iter().flatten().flat_map(|list| &list.0);
        let sent: BTreeMap<u64, &Value> = sent.map(|(id, value)| (*id, value)).collect();
        if sent.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut book = desk.rules().book().await?;
        if sent
            .keys()
            .any(|id| book.rules.fields.own_ticket_field(*id).is_none())
        {
            book = desk.rules().newest_book().await?;
        }
        let mut values = BTreeMap::new();
        for (id, value) in sent {
            let place = format!("custom_fields.{id}");
            let Some(field) = book.rules.fields.own_ticket_field(id) else {
                return Err(ApiError::invalid(&place, "is no ticket field's id"));
            };
            let stands = ticket.and_then(|ticket| ticket.fields.get(&field.name()));
            let shown = stands.map_or(Value::Null, |text| field.show(text));
            let is_hidden = !field.is_active && value.is_null();
            if *value == shown || is_hidden {
                continue;
            }
            if field.target.is_some() && by == FilledBy::Customer {
                return Err(ApiError::invalid(&place, "is no field that customers fill in"));
            }
            let value = with_number(desk, field, value, &place).await?;
            let text = read_value(field, &value, &place)?;
            if !leads_somewhere(desk, field, text.as_deref()).await? {
                return Err(to_nothing(&place));
            }
            values.insert(field.name(), text);
        }
        Ok(values)
    }
}

/// A value that a field can have.
fn read_value(field: &FieldDefinition, value: &Value, place: &str) -> Result<Option<String>, ApiError> {
    let refused = |words: String| ApiError::invalid(place, words);
    if !field.is_active {
        return Err(refused("is a field that is not in use".to_owned()));
    }
    let text = field.read(value).map_err(refused)?;
    if let (Some(text), Some(pattern)) = (&text, &field.regexp) {
        let pattern = pattern_of(pattern).map_err(refused)?;
        if !pattern.is_match(text) {
            return Err(refused(format!("has to be like {}", pattern.as_str())));
        }
    }
    Ok(text)
}

/// The values of a ticket: one of each field of its own, nothing where it has none or the field is not in use.
pub(crate) fn of_ticket(book: &FieldBook, ticket: &Ticket) -> Vec<Value> {
    let fields = book.own(FieldsOf::Tickets).into_iter();
    fields
        .map(|field| {
            let text = ticket.fields.get(&field.name()).filter(|_| field.is_active);
            json!({ "id": field.id, "value": text.map(|text| field.show(text)) })
        })
        .collect()
}

/// The values of those fields that customers see.
pub(crate) fn in_portal(book: &FieldBook, ticket: &Ticket) -> Vec<Value> {
    let fields = book.own(FieldsOf::Tickets).into_iter();
    fields
        .filter(|field| field.is_active && field.visible_in_portal)
        .map(|field| {
            let text = ticket.fields.get(&field.name());
            json!({ "id": field.id, "value": text.map(|text| field.show(text)) })
        })
        .collect()
}

/// When a ticket is due, where it is something to do.
pub(crate) fn due_at(ticket: &Ticket) -> Option<Timestamp> {
    ticket
        .due_at
        .filter(|_| ticket.ticket_type == Some(TicketType::Task))
}

/// A time, or a day: its beginning in UTC. Present, then the time or nothing.
pub(crate) fn removable_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Timestamp>>, D::Error> {
    let wrong =
        |text: &str| D::Error::custom(format!("{text:?} is not a time, such as 2026-01-31T12:00:00Z"));
    let text = match Option::<String>::deserialize(deserializer)? {
        None => return Ok(Some(None)),
        Some(text) if text.trim().is_empty() => return Ok(Some(None)),
        Some(text) => text,
    };
    let at = text.trim();
    let read = at.parse::<Timestamp>().ok().or_else(|| {
        let day: jiff::civil::Date = at.parse().ok()?;
        let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(midnight.timestamp())
    });
    let read = read.ok_or_else(|| wrong(at))?;
    Timestamp::from_second(read.as_second())
        .map(|at| Some(Some(at)))
        .map_err(|_| wrong(at))
}

/// Refuses a brand that is not there.
pub(crate) fn check_brand(brand: Option<u64>) -> Result<(), ApiError> {
    match brand {
        Some(id) if id != BRAND => Err(ApiError::invalid(
            "brand_id",
            format!("there is one brand, {BRAND}"),
        )),
        _ => Ok(()),
    }
}

/// Refuses names of `docket.fields` that are numbers of ticket fields.
pub(crate) fn check_names<'n>(names: impl IntoIterator<Item = &'n String>) -> Result<(), ApiError> {
    match names
        .into_iter()
        .find(|name| docket_domain::field::own_id(name).is_some())
    {
        Some(name) => Err(ApiError::invalid(
            &format!("docket.fields.{name}"),
            format!("names with numbers from {FIRST_ID} on are ticket fields: use custom_fields"),
        )),
        None => Ok(()),
    }
}

/// Values of a person's or an organization's fields as sent, by key.
#[derive(Debug, Default)]
pub(crate) struct KeyedValues {
    sent: Map<String, Value>,
    values: BTreeMap<String, Option<String>>,
    /// Keys of values that lead to nothing, and where they were sent.
    to_nothing: Vec<(String, String)>,
}

impl<'de> Deserialize<'de> for KeyedValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<Map<String, Value>>::deserialize(deserializer) {
            Ok(sent) => Ok(Self {
                sent: sent.unwrap_or_default(),
                ..Self::default()
            }),
            Err(_) => Err(D::Error::custom("has to be an object of values by key")),
        }
    }
}

impl KeyedValues {
    /// Reads and checks the values; `name` is what they are sent as. A key that is not known is refused, unless nothing is said
    /// of it.
    pub async fn resolve(&mut self, call: &Call, of: FieldsOf, name: &str) -> Result<(), ApiError> {
        self.values.clear();
        self.to_nothing.clear();
        if self.sent.keys().all(|key| key == TIER) {
            return self.resolve_in(&FieldBook::default(), of, name);
        }
        let mut book = call.desk.rules().book().await?;
        if self
            .sent
            .keys()
            .any(|key| book.rules.fields.keyed(of, key).is_none())
        {
            book = call.desk.rules().newest_book().await?;
        }
        let book = &book.rules.fields;
        let lookups: Vec<FieldDefinition> = book.all(of).into_iter().filter(|f| f.target.is_some()).collect();
        for field in &lookups {
            let key = field.key.as_deref().unwrap_or_default();
            if let Some(value) = self.sent.get_mut(key) {
                let place = format!("{name}.{key}");
                let number = with_number(&call.desk, field, value, &place).await?.into_owned();
                *value = number;
            }
        }
        self.resolve_in(book, of, name)?;
        for field in &lookups {
            let key = field.key.as_deref().unwrap_or_default();
            let text = self.values.get(key).and_then(Option::as_deref);
            if !leads_somewhere(&call.desk, field, text).await? {
                let place = format!("{name}.{key}");
                self.to_nothing.push((key.to_owned(), place));
            }
        }
        Ok(())
    }

    /// The same with what is defined at hand.
    pub fn resolve_in(&mut self, book: &FieldBook, of: FieldsOf, name: &str) -> Result<(), ApiError> {
        for (key, value) in &self.sent {
            let place = format!("{name}.{key}");
            let Some(field) = book.keyed(of, key) else {
                if value.is_null() {
                    continue;
                }
                return Err(ApiError::invalid(&place, "is no field's key"));
            };
            if !field.is_active && value.is_null() {
                continue;
            }
            let text = read_value(&field, value, &place)?.map(|text| text.trim().to_owned());
            let length = text.as_ref().map_or(0, |text| text.chars().count());
            if key == TIER && length > LONGEST_PERSON_TEXT {
                let words = format!("has {length} characters, at most {LONGEST_PERSON_TEXT} are allowed");
                return Err(ApiError::invalid(&place, words));
            }
            self.values.insert(key.clone(), text);
        }
        Ok(())
    }

    /// Refuses values that lead to nothing. What is sent back as it was read does no harm, whatever became of what it leads to.
    pub fn check_lookups(&self, values: &Values) -> Result<(), ApiError> {
        let stands = |key: &String| self.values.get(key).and_then(Option::as_ref) == values.get(key);
        match self.to_nothing.iter().find(|(key, _)| !stands(key)) {
            Some((_, place)) => Err(to_nothing(place)),
            None => Ok(()),
        }
    }

    /// Puts the values into those that are there; what was agreed stands by itself.
    pub fn put_into(&self, values: &mut Values, tier: &mut Option<String>) {
        for (key, value) in &self.values {
            match value {
                value if key == TIER => tier.clone_from(value),
                Some(value) => drop(values.insert(key.clone(), value.clone())),
                None => drop(values.remove(key)),
            }
        }
    }
}

/// Refuses more values than a record has room for.
pub(crate) fn check_room(name: &str, values: &Values) -> Result<(), ApiError> {
    let bytes: usize = values.iter().map(|(key, value)| key.len() + value.len()).sum();
    if values.len() > MOST_VALUES || bytes > MOST_VALUE_BYTES {
        let words = format!(
            "would be {} values of {bytes} bytes, at most {MOST_VALUES} of {MOST_VALUE_BYTES} are allowed",
            values.len()
        );
        return Err(ApiError::invalid(name, words));
    }
    Ok(())
}

/// The values of a person or an organization by key: one of each field, nothing where there is none or the field is not in use.
pub(crate) fn by_key(book: &FieldBook, of: FieldsOf, values: &Values, tier: Option<&String>) -> Value {
    let mut shown = Map::new();
    for field in book.all(of) {
        let Some(key) = &field.key else { continue };
        let text = match key.as_str() {
            TIER => tier,
            key => values.get(key).filter(|_| field.is_active),
        };
        shown.insert(key.clone(), text.map_or(Value::Null, |text| field.show(text)));
    }
    Value::Object(shown)
}
