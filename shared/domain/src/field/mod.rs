//! What the operator laid down about tickets, people and organizations besides what each of them has: fields of their own, forms
//! and statuses. Values stand on tickets, people and organizations as text in one form; a definition says what it means.

mod definition;
mod form;
mod status;
mod system;
mod value;

pub use definition::{FieldDefinition, FieldKind, FieldOption};
pub use form::{FormStatus, TicketForm};
pub use status::CustomStatus;
pub use system::{TIER, system_statuses};
pub use value::{LONGEST_VALUE, MOST_VALUE_BYTES, MOST_VALUES, Values};

use crate::ticket::Status;
use serde::{Deserialize, Serialize};

/// The first number of a definition that an operator made: below are those that every desk has. It has so many digits that no
/// field of `docket.fields` is likely to be called so.
pub const FIRST_ID: u64 = 1_000_001;
/// Most fields of tickets, of people, and of organizations each: all are shown with every one of them.
pub const MOST_FIELDS: usize = 300;
/// Most options of a field.
pub const MOST_OPTIONS: usize = 2_000;
/// Most forms.
pub const MOST_FORMS: usize = 300;
/// Most statuses beside those that every desk has.
pub const MOST_STATUSES: usize = 100;
/// Most bytes of everything here as JSON: it is packed into one item with rules and templates, and an item has at most 400 KB.
pub const MOST_BYTES: usize = 256 * 1024;

/// What fields are of, and what a lookup leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldsOf {
    /// Tickets.
    Tickets,
    /// People.
    People,
    /// Organizations.
    Organizations,
}

/// Everything that is defined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldBook {
    /// Fields of tickets, by id; of those that every desk has only the ones that were changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ticket_fields: Vec<FieldDefinition>,
    /// Fields of people, likewise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_fields: Vec<FieldDefinition>,
    /// Fields of organizations, likewise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organization_fields: Vec<FieldDefinition>,
    /// Forms, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<TicketForm>,
    /// Statuses, by id; of those that every desk has only the ones that were changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<CustomStatus>,
    /// The highest number that was given; none is given twice.
    pub last_id: u64,
}

/// What is defined and can't be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldBookError {
    /// Too many fields of a kind.
    #[error("there are {0} fields already, at most {MOST_FIELDS} can be")]
    TooManyFields(usize),
    /// Too many forms.
    #[error("there are {0} forms already, at most {MOST_FORMS} can be")]
    TooManyForms(usize),
    /// Too many statuses.
    #[error("there are {0} statuses already, at most {MOST_STATUSES} can be")]
    TooManyStatuses(usize),
    /// Too much.
    #[error(
        "all fields, forms and statuses would have {0} bytes together, at most {MOST_BYTES} can be stored"
    )]
    TooLarge(usize),
}

impl FieldBook {
    /// Whether nothing was ever defined.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A number that nothing else has.
    pub fn take_id(&mut self) -> u64 {
        self.last_id = self.last_id.max(FIRST_ID - 1) + 1;
        self.last_id
    }

    /// The definitions that are stored.
    pub fn stored(&self, of: FieldsOf) -> &Vec<FieldDefinition> {
        match of {
            FieldsOf::Tickets => &self.ticket_fields,
            FieldsOf::People => &self.user_fields,
            FieldsOf::Organizations => &self.organization_fields,
        }
    }

    /// The same, to be changed.
    pub fn stored_mut(&mut self, of: FieldsOf) -> &mut Vec<FieldDefinition> {
        match of {
            FieldsOf::Tickets => &mut self.ticket_fields,
            FieldsOf::People => &mut self.user_fields,
            FieldsOf::Organizations => &mut self.organization_fields,
        }
    }

    /// All definitions in their order, those that every desk has included.
    pub fn all(&self, of: FieldsOf) -> Vec<FieldDefinition> {
        let stored = self.stored(of);
        let mut all: Vec<FieldDefinition> = system::fields(of)
            .into_iter()
            .filter(|field| stored.iter().all(|other| other.id != field.id))
            .chain(stored.iter().cloned())
            .collect();
        all.sort_by_key(|field| (field.position, field.id));
        all
    }

    /// The definition of this number.
    pub fn field(&self, of: FieldsOf, id: u64) -> Option<FieldDefinition> {
        let stored = self.stored(of).iter().find(|field| field.id == id).cloned();
        stored.or_else(|| system::fields(of).into_iter().find(|field| field.id == id))
    }

    /// The definition of this key.
    pub fn keyed(&self, of: FieldsOf, key: &str) -> Option<FieldDefinition> {
        let mut all = self.all(of).into_iter();
        all.find(|field| field.key.as_deref() == Some(key))
    }

    /// The operator's own field of tickets with this number.
    pub fn own_ticket_field(&self, id: u64) -> Option<&FieldDefinition> {
        let own = |field: &&FieldDefinition| field.id == id && field.is_own();
        self.ticket_fields.iter().find(own)
    }

    /// The operator's own field of tickets whose values stand under this name.
    pub fn named(&self, name: &str) -> Option<&FieldDefinition> {
        self.own_ticket_field(own_id(name)?)
    }

    /// The operator's own fields in their order.
    pub fn own(&self, of: FieldsOf) -> Vec<&FieldDefinition> {
        let mut own: Vec<_> = self.stored(of).iter().filter(|field| field.is_own()).collect();
        own.sort_by_key(|field| (field.position, field.id));
        own
    }

    /// A form.
    pub fn form(&self, id: u64) -> Option<&TicketForm> {
        self.forms.iter().find(|form| form.id == id)
    }

    /// All statuses, those that every desk has included, by category and number.
    pub fn all_statuses(&self) -> Vec<CustomStatus> {
        let mut all: Vec<CustomStatus> = system_statuses()
            .into_iter()
            .filter(|status| self.statuses.iter().all(|other| other.id != status.id))
            .chain(self.statuses.iter().cloned())
            .collect();
        all.sort_by_key(|status| (status.category, status.id));
        all
    }

    /// A status.
    pub fn status(&self, id: u64) -> Option<CustomStatus> {
        self.all_statuses().into_iter().find(|status| status.id == id)
    }

    /// What a ticket is in that is only said to be in this category.
    pub fn default_status(&self, category: Status) -> u64 {
        let of_category = self.statuses.iter().filter(|status| status.category == category);
        let mut defaults = of_category.filter(|status| status.is_default);
        defaults
            .next()
            .map_or_else(|| CustomStatus::of_every_desk(category), |status| status.id)
    }

    /// Brings it into the one order in which it is stored.
    pub fn settle(&mut self) {
        for of in [FieldsOf::Tickets, FieldsOf::People, FieldsOf::Organizations] {
            self.stored_mut(of).sort_by_key(|field| field.id);
        }
        self.forms.sort_by_key(|form| form.id);
        self.statuses.sort_by_key(|status| status.id);
    }

    /// Checks the limits of the whole.
    ///
    /// # Errors
    /// The first that is passed.
    pub fn check(&self) -> Result<(), FieldBookError> {
        for of in [FieldsOf::Tickets, FieldsOf::People, FieldsOf::Organizations] {
            let count = self.own(of).len();
            if count > MOST_FIELDS {
                return Err(FieldBookError::TooManyFields(count - 1));
            }
        }
        if self.forms.len() > MOST_FORMS {
            return Err(FieldBookError::TooManyForms(self.forms.len() - 1));
        }
        let own = self
            .statuses
            .iter()
            .filter(|status| status.id >= FIRST_ID)
            .count();
        if own > MOST_STATUSES {
            return Err(FieldBookError::TooManyStatuses(own - 1));
        }
        let bytes = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        if bytes > MOST_BYTES {
            return Err(FieldBookError::TooLarge(bytes));
        }
        Ok(())
    }
}

/// The number of the operator's own field whose values stand under this name of a ticket's fields; nothing where it is a name of
/// `docket.fields`.
pub fn own_id(name: &str) -> Option<u64> {
    let id: u64 = name.parse().ok().filter(|id| *id >= FIRST_ID)?;
    (id.to_string() == name).then_some(id)
}

#[cfg(test)]
mod tests;
