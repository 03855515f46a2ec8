//! What filters name by numbers and conditions by words: groups, and ways in which a ticket came.

use super::subject::Subject;
use crate::kit::{call::Call, error::ApiError};
use docket_conditions::Vocabulary;
use docket_domain::{
    Timestamp,
    field::FieldBook,
    sla::Book,
    ticket::{Priority, Status, TicketType},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// The ways in which a ticket may come: the number that clients know, their word, and the word in conditions (via types
/// reference of developer.zendesk.com, November 2026).
const VIA: [(u64, &str, &str); 5] = [
    (0, "web_form", "agent"),
    (4, "mail", "mail"),
    (5, "web_service", "api"),
    (45, "api_phone_call_inbound", "phone"),
    (55, "any_channel", "hook"),
];

/// The desk's own names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    groups: Vec<(u64, String)>,
    mailboxes: Vec<String>,
    /// Its rules have what is defined of fields.
    book: Arc<Book>,
    /// When the desk began: of rules of which it is not known since when they are.
    began: Option<Timestamp>,
}

impl Names {
    /// The names as of now.
    pub async fn of(call: &Call) -> Result<Self, ApiError> {
        let groups = call.desk.groups().all().await?;
        let setup = call.desk.setup().await?;
        let mailboxes = setup.mailboxes.iter().flat_map(|mailbox| mailbox.addresses());
        Ok(Self {
            groups: groups.into_iter().map(|group| (group.id.0, group.name)).collect(),
            mailboxes: mailboxes.map(str::to_owned).collect(),
            book: call.desk.rules().book().await?,
            began: call.desk.began_at().await?,
        })
    }

    #[cfg(test)]
    pub fn defining(fields: FieldBook) -> Self {
        let mut book = Book::default();
        book.rules.fields = fields;
        Self {
            book: Arc::new(book),
            ..Self::default()
        }
    }

    /// What is defined of fields, forms and statuses.
    pub fn fields(&self) -> &FieldBook {
        &self.book.rules.fields
    }

    #[cfg(test)]
    pub fn for_test(groups: &[(u64, &str)]) -> Self {
        Self {
            groups: groups
                .iter()
                .map(|(id, name)| (*id, (*name).to_owned()))
                .collect(),
            ..Self::default()
        }
    }

    /// When the desk began.
    pub fn began(&self) -> Option<Timestamp> {
        self.began
    }

    /// The names that a condition may use.
    pub fn vocabulary(&self) -> Vocabulary {
        Vocabulary {
            groups: Some(self.groups.iter().map(|(_, name)| name.clone()).collect()),
            mailboxes: Some(self.mailboxes.iter().cloned().collect()),
            ..Vocabulary::default()
        }
    }

    /// The groups, by id.
    pub fn groups(&self) -> &[(u64, String)] {
        &self.groups
    }

    /// The word in conditions for a value in a filter; nothing for null and the empty text.
    pub(super) fn word(
        &self,
        subject: Subject,
        value: &Value,
        place: &str,
    ) -> Result<Option<String>, ApiError> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::String(text) if text.trim().is_empty() => return Ok(None),
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            other => {
                return Err(ApiError::invalid(
                    place,
                    format!("{other} is neither a number nor a text"),
                ));
            }
        };
        let one_of = |words: Vec<&str>| {
            if words.contains(&text.as_str()) {
                return Ok(Some(text.clone()));
            }
            Err(ApiError::invalid(
                place,
                format!("{text:?} is none of {}", words.join(", ")),
            ))
        };
        match subject {
            Subject::Status => one_of(Status::ALL.iter().map(|word| word.as_str()).collect()),
            Subject::Type => one_of(TicketType::ALL.iter().map(|word| word.as_str()).collect()),
            Subject::Priority => one_of(Priority::ALL.iter().map(|word| word.as_str()).collect()),
            Subject::Recipient => Ok(Some(text.to_lowercase())),
            Subject::Group => {
                let found = self.groups.iter().find(|(id, _)| id.to_string() == text);
                let found =
                    found.ok_or_else(|| ApiError::invalid(place, format!("{text} is no group's id")))?;
                Ok(Some(found.1.clone()))
            }
            Subject::Via => {
                let found = VIA
                    .iter()
                    .find(|(id, name, _)| id.to_string() == text || *name == text);
                let known: Vec<String> = VIA.iter().map(|(id, name, _)| format!("{id} ({name})")).collect();
                let unknown = || ApiError::invalid(place, format!("{text} is none of {}", known.join(", ")));
                Ok(Some(found.ok_or_else(unknown)?.2.to_owned()))
            }
        }
    }

    /// The value in a filter for a word in conditions; nothing for a name that is known no more.
    pub(super) fn value(&self, subject: Subject, word: &str) -> Option<Value> {
        match subject {
            Subject::Status | Subject::Type | Subject::Priority | Subject::Recipient => Some(json!(word)),
            Subject::Group => {
                let found = self.groups.iter().find(|(_, name)| name == word)?;
                Some(json!(found.0))
            }
            Subject::Via => {
                let found = VIA.iter().find(|(_, _, channel)| *channel == word)?;
                Some(json!(found.0))
            }
        }
    }

    /// The values that a filter may compare something with, each with its title; nothing where any text may stand.
    pub(crate) fn choices(&self, subject: Subject) -> Option<Vec<(Value, String)>> {
        let words = |words: Vec<&str>| {
            words
                .into_iter()
                .map(|word| (json!(word), word.to_owned()))
                .collect()
        };
        match subject {
            Subject::Status => Some(words(Status::ALL.iter().map(|word| word.as_str()).collect())),
            Subject::Type => Some(words(TicketType::ALL.iter().map(|word| word.as_str()).collect())),
            Subject::Priority => Some(words(Priority::ALL.iter().map(|word| word.as_str()).collect())),
            Subject::Recipient => Some(words(self.mailboxes.iter().map(String::as_str).collect())),
            Subject::Group => Some(
                self.groups
                    .iter()
                    .map(|(id, name)| (json!(id), name.clone()))
                    .collect(),
            ),
            Subject::Via => Some(
                VIA.iter()
                    .map(|(id, name, _)| (json!(id), (*name).to_owned()))
                    .collect(),
            ),
        }
    }
}
