//! Documents: what is searched of a ticket, a person, an organization.

mod head;
mod number;
mod people;
mod ticket;

pub(crate) use head::{head_columns, head_keywords, priority_rank, satisfaction_rank, status_rank};
pub(crate) use number::place_of_number;
pub use people::{organization_document, person_document};
pub use ticket::{CommentWords, PersonWords, TicketDocument, TicketWords};

use crate::document::{Columns, Document, Kind, TextField, Token};
use docket_domain::Timestamp;

/// What stands for something that is gone: it has no words, and what stood before it is found no more.
pub fn tombstone(kind: Kind, number: u64, version: u64) -> Document {
    Document {
        kind,
        number,
        version,
        columns: Columns::default(),
        texts: Vec::new(),
        keywords: Vec::new(),
        tombstone: true,
        erases_before: version,
    }
}

/// A time as it stands in columns.
pub(crate) fn milliseconds(at: Timestamp) -> i64 {
    at.as_millisecond()
}

fn with_words(texts: Vec<(TextField, Vec<Token>)>) -> Vec<(TextField, Vec<Token>)> {
    texts
        .into_iter()
        .filter(|(_, tokens)| !tokens.is_empty())
        .collect()
}

fn in_order(mut keywords: Vec<String>) -> Vec<String> {
    keywords.sort_unstable();
    keywords.dedup();
    keywords
}

#[cfg(test)]
mod tests;
