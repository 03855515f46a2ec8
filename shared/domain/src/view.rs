//! A saved view: which tickets somebody looks at, in which order, with what of each.
//!
//! Its conditions are kept in the words in which they were sent; what they mean is the matter of whoever asks the index
//! (`shared/search`), which refuses those that it can't answer before they are kept.

use crate::{GroupId, PersonId, Timestamp, ViewId, record::ChainEnd};
use serde::{Deserialize, Serialize};

/// Most saved views of a desk: all of them are read for a list.
pub const MOST_VIEWS: usize = 1_000;
/// Most of one person's own.
pub const MOST_OF_A_PERSON: usize = 50;
/// Most conditions of a view: each is a look into the index.
pub const MOST_CONDITIONS: usize = 40;
/// Most values of one condition, for the same reason.
pub const MOST_VALUES: usize = 40;
/// Longest value of a condition in characters.
pub const LONGEST_VALUE: usize = 250;
/// Longest title in characters.
pub const LONGEST_TITLE: usize = 250;
/// Longest description in characters.
pub const LONGEST_DESCRIPTION: usize = 500;
/// Most columns that a view shows.
pub const MOST_COLUMNS: usize = 20;
/// Longest name of a column in characters.
pub const LONGEST_COLUMN: usize = 60;
/// Most groups that a view can be for.
pub const MOST_GROUPS_OF_A_VIEW: usize = 100;

/// What a condition compares with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ViewValue {
    /// One value; empty: that there is none.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl ViewValue {
    /// All of them.
    pub fn each(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// A condition as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewCondition {
    /// What of a ticket is compared.
    pub field: String,
    /// How.
    pub operator: String,
    /// With what.
    pub value: ViewValue,
}

/// For whom a view is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewFor {
    /// Everybody who works here.
    #[default]
    Everyone,
    /// The members of these groups.
    Groups(Vec<GroupId>),
    /// One person.
    Person(PersonId),
}

/// An order by a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSort {
    /// The column.
    pub column: String,
    /// Whether the greatest comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
}

/// What a view shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewOutput {
    /// Columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What the rows are grouped by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<ViewSort>,
    /// What they are ordered by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<ViewSort>,
}

/// Why no further view is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoomForViews {
    /// The desk has as many as it can have.
    #[error("a desk has at most {MOST_VIEWS} saved views")]
    OfDesk,
    /// The person has.
    #[error("a person has at most {MOST_OF_A_PERSON} views of their own")]
    OfPerson,
}

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The id.
    pub id: ViewId,
    /// Version, for a guarded change.
    pub v: u64,
    /// What it is called.
    pub title: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Whether it is offered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_active: bool,
    /// Its place among the others.
    pub position: u32,
    /// For whom it is.
    #[serde(default)]
    pub is_for: ViewFor,
    /// All of these must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<ViewCondition>,
    /// One of these must hold, where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<ViewCondition>,
    /// What it shows.
    #[serde(default)]
    pub output: ViewOutput,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The end of the chain of its audit events; it stands beside the record.
    #[serde(skip)]
    pub chain: ChainEnd,
}

impl View {
    /// A view of all tickets, as it begins.
    pub fn new(id: ViewId, title: &str, now: Timestamp) -> Self {
        Self {
            id,
            v: 1,
            title: title.to_owned(),
            description: String::new(),
            is_active: true,
            position: 0,
            is_for: ViewFor::Everyone,
            all: vec![],
            any: vec![],
            output: ViewOutput::default(),
            created_at: now,
            updated_at: now,
            chain: ChainEnd::default(),
        }
    }

    /// Whether somebody with these groups is offered it.
    pub fn is_for(&self, person: PersonId, groups: &[GroupId]) -> bool {
        match &self.is_for {
            ViewFor::Everyone => true,
            ViewFor::Groups(of) => of.iter().any(|group| groups.contains(group)),
            ViewFor::Person(of) => *of == person,
        }
    }

    /// Whether there is room for it among those that are there.
    ///
    /// # Errors
    /// When the desk, or the person whose own it is, has as many as can be.
    pub fn has_room_among(&self, known: &[Self]) -> Result<(), NoRoomForViews> {
        if known.len() >= MOST_VIEWS {
            return Err(NoRoomForViews::OfDesk);
        }
        self.has_room_of_its_person(known)
    }

    /// Whether the person whose own it is has room for it; of others it is not asked.
    ///
    /// # Errors
    /// When they have as many as can be.
    pub fn has_room_of_its_person(&self, known: &[Self]) -> Result<(), NoRoomForViews> {
        let ViewFor::Person(person) = self.is_for else {
            return Ok(());
        };
        match known.iter().filter(|view| view.is_of(person)).count() >= MOST_OF_A_PERSON {
            true => Err(NoRoomForViews::OfPerson),
            false => Ok(()),
        }
    }

    /// Whether it is one person's own.
    pub fn is_of(&self, person: PersonId) -> bool {
        self.is_for == ViewFor::Person(person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_offered_to_whom_it_is_for() {
        let mut view = View::new(ViewId(1), "Mine", Timestamp::UNIX_EPOCH);
        let offered = |view: &View| {
            [
                view.is_for(PersonId(7), &[GroupId(1)]),
                view.is_for(PersonId(8), &[GroupId(2), GroupId(3)]),
            ]
        };
        assert_eq!(offered(&view), [true, true]);
        view.is_for = ViewFor::Groups(vec![GroupId(3), GroupId(4)]);
        assert_eq!(offered(&view), [false, true]);
        view.is_for = ViewFor::Person(PersonId(7));
        assert_eq!(offered(&view), [true, false]);
        assert!(view.is_of(PersonId(7)) && !view.is_of(PersonId(8)));
    }

    #[test]
    fn what_was_stored_once_is_read_for_ever() {
        let stored = r#"{"id":1001,"v":2,"title":"VIPs","is_active":true,"position":3,"is_for":{"groups":[1]},
            "all":[{"field":"status","operator":"less_than","value":"solved"}],
            "any":[{"field":"current_tags","operator":"includes","value":["vip","gold"]}],
            "output":{"columns":["status","subject"],"group":{"column":"priority","descending":true},"sort":{"column":"created"}},
            "created_at":"1970-01-01T00:00:00Z","updated_at":"1970-01-01T00:00:00Z"}"#;
        let view: View = serde_json::from_str(stored).unwrap();
        assert_eq!(view.is_for, ViewFor::Groups(vec![GroupId(1)]));
        assert_eq!(view.any[0].value.each(), ["vip", "gold"]);
        let again: View = serde_json::from_str(&serde_json::to_string(&view).unwrap()).unwrap();
        assert_eq!(again, view);
    }
}
