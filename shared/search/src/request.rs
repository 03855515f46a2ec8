//! What is asked of whoever has the index, and what the answer is.

use crate::{ask::Seen, ask::Sight, document::Kind, query::QueryError, view::ViewQuestion};
use docket_domain::{GroupId, OrganizationId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use std::{ops::Range, pin::Pin};

/// Who asks: what they may see goes into every question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asker {
    /// Somebody who works here, or a program of the desk's, and sees all of it.
    Staff(Option<PersonId>),
    /// Somebody who works here, and sees the tickets of these groups and their own.
    OfGroups(PersonId, Vec<GroupId>),
    /// A customer, with the organizations whose tickets they share.
    Customer(PersonId, Vec<OrganizationId>),
}

impl Asker {
    /// Who `me` is.
    pub fn me(&self) -> Option<PersonId> {
        match self {
            Self::Staff(person) => *person,
            Self::OfGroups(person, _) | Self::Customer(person, _) => Some(*person),
        }
    }

    /// What they may see.
    pub fn seen(&self) -> Seen {
        match self {
            Self::Staff(_) => Seen::everything(),
            Self::OfGroups(person, groups) => {
                let own = [Sight::Assignee(*person), Sight::Requester(*person)];
                Seen::staff(groups.iter().copied().map(Sight::Group).chain(own))
            }
            Self::Customer(person, organizations) => Seen::customer(*person, organizations.iter().copied()),
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// What a text in the language of queries says.
    Query(String),
    /// The same of documents of one kind.
    QueryOf(Kind, String),
    /// Those of a kind in which words begin so: what is typed.
    Beginning(Kind, String),
    /// People who have a telephone number with these digits in it.
    Phone(String),
    /// Those of a kind with this id of the operator's own.
    ExternalId(Kind, String),
    /// Those of a kind whose field of this name has this value.
    OwnField(Kind, String, String),
    /// Which tags of tickets begin so, and how many tickets have each: as facets, at most as many as are to be taken. No ticket is found.
    Tags(String),
    /// The tickets of a view, in its order.
    View(ViewQuestion),
}

/// What the index is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// By whom.
    pub by: Asker,
    /// For what.
    pub wanted: Wanted,
    /// Parameters beside it: by what is sorted,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// and in which direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
    /// How many are left out.
    #[serde(default)]
    pub skip: usize,
    /// How many at most.
    pub take: usize,
    /// Behind which the page begins: but for views always by time of creation, so that each comes once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<PageEnd>,
    /// The time zone in which the query's days begin; UTC without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Whether the places are wanted that were found in the tickets' words.
    #[serde(default)]
    pub with_snippets: bool,
    /// Whether it is wanted how many there are by status, group, assignee, tag.
    #[serde(default)]
    pub with_facets: bool,
}

/// Where a page of an export ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageEnd {
    /// Of a view with groups: its number in their column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<i64>,
    /// Created, milliseconds since 1970; of a view its number in the column of its order.
    pub created: Option<i64>,
    /// The number.
    pub number: u64,
    /// Of which kind.
    pub kind: Kind,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Its number among its kind.
    pub number: u64,
    /// The place that was found, of a ticket, where it was asked for and its words are in a comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<FoundPlace>,
}

/// The piece of a comment around what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPlace {
    /// The piece.
    pub text: String,
    /// What was found, in bytes of it.
    pub marks: Vec<Range<usize>>,
    /// The version of the comment's event.
    pub comment: u64,
    /// Whether the text begins before it.
    pub goes_on_before: bool,
    /// Whether the text goes on behind it.
    pub goes_on_behind: bool,
}

/// How many of what was found have a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// As a query asks for it: `status:open`.
    pub term: String,
    /// Its value: a word, or a number.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// What an answer is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The index and what changed since.
    Whole,
    /// The index; what changed since then was too much to be looked at, and may be missing.
    Until(Timestamp),
    /// There is no index yet: subjects and properties of the newest tickets were looked at.
    Heads,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// The page that was asked for. Of what the index found it may lack what no longer stands by the query.
    pub found: Vec<Found>,
    /// How many there are by the index.
    pub count: u64,
    /// Where the next page of an export begins; nothing: this was the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<PageEnd>,
    /// From what.
    pub basis: Basis,
    /// How many by value, by property: `status`, `group`, `assignee`, `tags`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<(String, Vec<Facet>)>,
}

/// Why a query was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("character {}: {message}", character + 1)]
pub struct RefusedQuery {
    /// Characters before the place of the mistake.
    pub character: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl From<QueryError> for RefusedQuery {
    fn from(error: QueryError) -> Self {
        Self {
            character: error.place.character,
            message: error.message,
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Failed {
    /// The query is refused.
    #[error(transparent)]
    Refused(RefusedQuery),
    /// The index could not be asked.
    #[error("the search does not answer")]
    Unavailable,
}

/// An answer that is on its way.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<SearchAnswer, Failed>> + Send + 'a>>;

/// Whoever has the index: those who show what was found ask through this, wherever it lies.
pub trait Finding: Send + Sync {
    /// Answers.
    fn find(&self, request: SearchRequest) -> Answering<'_>;
}
