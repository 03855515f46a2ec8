//! Why a query is refused, and where.

use std::fmt;

/// A place in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub byte: usize,
    /// Characters before it.
    pub character: usize,
}

impl Place {
    /// The place of a byte of the query.
    pub(super) fn of(query: &str, byte: usize) -> Self {
        let before = query.char_indices().take_while(|(at, _)| *at < byte);
        Self {
            byte: byte.min(query.len()),
            character: before.count(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "character {}", self.character + 1)
    }
}

/// The kind of a mistake, for a caller that treats some on their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// The query, a phrase or the list of conditions is too long.
    TooLong,
    /// A quote is not closed.
    UnclosedQuote,
    /// No property has that name.
    UnknownKey,
    /// A property has no value.
    NoValue,
    /// The property can't be compared like that.
    Operator,
    /// The property can't have that value.
    Value,
    /// The time can't be read.
    Date,
    /// A `*` that does not stand at the end of a word.
    Wildcard,
    /// Too few letters before a `*`.
    ShortPrefix,
    /// Brackets and OR.
    Logic,
    /// An order that there is not.
    Order,
}

/// Why a query is refused. The words are written for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct QueryError {
    /// Where.
    pub place: Place,
    /// What kind.
    pub problem: Problem,
    /// What is wrong and what would be right.
    pub message: String,
}
