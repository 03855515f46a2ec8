//! What the rules said of a new ticket.

use crate::{
    Digest, GroupId, RuleId, TicketNumber, Timestamp,
    assignment::RequiredSkill,
    ticket::{Priority, TicketType},
};
use serde::{Deserialize, Serialize};

/// The rules had their say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triaged {
    /// Priority.
    pub priority: Priority,
    /// Group.
    pub group: GroupId,
    /// Type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<TicketType>,
    /// Tags added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags_added: Vec<String>,
    /// Skills required of whoever gets it, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<RequiredSkill>,
    /// Language of its first comment as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The requester's open ticket that seems to say the same. A hint: nothing follows from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<TicketNumber>,
    /// Which rule set its mark last.
    pub rule: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The operator's rules that matched, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleId>,
    /// Where the whole decision lies.
    pub decision: Digest,
    /// When the sweep looks after its assignment.
    pub assignment_overdue_at: Timestamp,
}
