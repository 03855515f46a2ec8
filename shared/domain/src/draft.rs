//! What an agent has begun to write on a ticket: the fields of its form as they stand, kept at the desk until it is sent.

use crate::{TicketNumber, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most bytes of all fields of a draft, names included: the longest text that a comment may have, and room for what is chosen beside it.
pub const MOST_DRAFT_BYTES: usize = 72 * 1024;
/// Most fields of a draft: a form has fewer.
pub const MOST_DRAFT_FIELDS: usize = 40;

/// The fields of a form, by their names.
pub type DraftFields = BTreeMap<String, String>;

/// A draft as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The ticket.
    pub ticket: TicketNumber,
    /// One more each time that it is kept: by that it is found out who kept it last elsewhere. It begins with the time, so that no draft has
    /// a version of one before it that went.
    pub v: u64,
    /// When it was kept last.
    pub at: Timestamp,
    /// What stands in the form.
    pub fields: DraftFields,
}

/// How large these fields are, in bytes.
pub fn draft_bytes(fields: &DraftFields) -> usize {
    fields.iter().map(|(name, value)| name.len() + value.len()).sum()
}

/// Whether these fields can be kept.
pub fn draft_fits(fields: &DraftFields) -> bool {
    fields.len() <= MOST_DRAFT_FIELDS && draft_bytes(fields) <= MOST_DRAFT_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_at_the_limit_is_kept_and_one_byte_more_is_not() {
        let of = |bytes: usize| DraftFields::from([("text".to_owned(), "x".repeat(bytes - 4))]);
        assert!(draft_fits(&of(MOST_DRAFT_BYTES)));
        assert!(!draft_fits(&of(MOST_DRAFT_BYTES + 1)));
        let many = (0..=MOST_DRAFT_FIELDS).map(|n| (n.to_string(), String::new()));
        assert!(!draft_fits(&many.collect()));
    }
}
