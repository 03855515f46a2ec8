//! What an index is asked, in its own terms.

use crate::{
    document::{Column, Kind, TextField, Token},
    keyword,
};
use docket_domain::{OrganizationId, PersonId};
use std::ops::Bound;

/// From and to, both included; nothing is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// At least.
    pub least: Option<i64>,
    /// At most.
    pub most: Option<i64>,
}

/// Which documents are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Matcher {
    /// All that are alive.
    All,
    /// None.
    Nothing,
    /// Of one kind.
    Kind(Kind),
    /// With this number.
    Number(u64),
    /// With this word in one of the fields.
    Word {
        /// Where it is looked for.
        fields: Vec<TextField>,
        /// The folded word.
        word: String,
    },
    /// With a word that begins so in one of the fields: complete, however many words do.
    Prefix {
        /// Where it is looked for.
        fields: Vec<TextField>,
        /// Folded.
        prefix: String,
    },
    /// With these words at these distances in one of the fields. One position may hold several tokens: any will do.
    Phrase {
        /// Where it is looked for.
        fields: Vec<TextField>,
        /// Words and their places, counted from any number.
        words: Vec<Token>,
    },
    /// With this exact term.
    Keyword(String),
    /// With one of these exact terms.
    AnyKeyword(Vec<String>),
    /// With an exact term within bounds, in the order of their bytes.
    KeywordWithin(Bound<String>, Bound<String>),
    /// Tickets with somebody around them who is found by the inner one. Of none, no ticket.
    Around(Around, Box<Matcher>),
    /// With a number within bounds in a column.
    Within(Column, Bounds),
    /// With a number in a column.
    Has(Column),
    /// All of these; of none, all documents.
    And(Vec<Matcher>),
    /// At least one of these; of none, no document.
    Or(Vec<Matcher>),
    /// All but these.
    Not(Box<Matcher>),
    /// As the inner one; counts that many times for relevance. 0: it only filters.
    Weighted(f32, Box<Matcher>),
}

/// Who is around a ticket, as documents of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// Its requester.
    Requester,
    /// Its requester's organization.
    Organization,
}

impl Around {
    /// Of which kind they are.
    pub fn kind(self) -> Kind {
        match self {
            Self::Requester => Kind::Person,
            Self::Organization => Kind::Organization,
        }
    }

    /// The exact term of the tickets around which is the one of this number.
    pub fn keyword(self, number: u64) -> String {
        match self {
            Self::Requester => keyword::requester(PersonId(number)),
            Self::Organization => keyword::organization(OrganizationId(number)),
        }
    }
}

impl Matcher {
    /// Whether it asks for who is around tickets.
    pub fn looks_around(&self) -> bool {
        match self {
            Self::Around(..) => true,
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::looks_around),
            Self::Not(inner) | Self::Weighted(_, inner) => inner.looks_around(),
            _ => false,
        }
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What fits best first; of equal ones the higher number.
    Relevance,
    /// By a column; what has none comes last in either direction; of equal ones by number in the same direction.
    By(Column, Direction),
    /// In groups by a column where one is named, and in each as [`Order::By`]; without a column by number.
    Listed {
        /// What the groups are by.
        group: Option<(Column, Direction)>,
        /// What they are ordered by inside.
        by: Option<Column>,
        /// In which direction.
        direction: Direction,
    },
}

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Least first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// What an index is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Which documents.
    pub matcher: Matcher,
    /// In which order.
    pub order: Order,
    /// So many are left out.
    pub skip: usize,
    /// So many at most.
    pub take: usize,
}
