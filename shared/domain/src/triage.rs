//! Triage: what is this, how urgent is it, and which group is it for.
//!
//! The rules are an ordered list; each is tried, all that match leave their mark, and for every choice the
//! last mark stands. What was tried, with which values, is kept with the decision.

mod default_rules;
mod duplicates;

pub use default_rules::{RULE_SET, decide};
pub use duplicates::{LikelyDuplicate, Words, likeness_percent};

use crate::{
    GroupId, OrganizationId, RuleId, Timestamp,
    assignment::RequiredSkill,
    rule::RuleAction,
    ticket::{Priority, Ticket, TicketType},
};
use serde::{Deserialize, Serialize};

/// What is known of the requester's past.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Tickets before this one.
    pub tickets_total: u64,
    /// Of these, unsolved.
    pub tickets_open: u64,
    /// Whether more exist than were looked at.
    pub is_partial: bool,
    /// When they last wrote on one of those looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_contact: Option<Timestamp>,
    /// What was agreed with them or with their organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Their organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<KnownOrganization>,
}

/// An organization as it was called at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownOrganization {
    /// The id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
}

/// What was found in a ticket's words, whatever the rules make of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// Their language as a BCP 47 tag; nothing where it could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// An open ticket of the requester that seems to say the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<LikelyDuplicate>,
}

impl Findings {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Everything the rules may look at.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// The text of its first comment.
    pub text: &'a str,
    /// Whether a bot handed it over to a human.
    pub handed_off: bool,
    /// The requester's past.
    pub history: &'a History,
    /// The group of the mailbox it came to, if that has one.
    pub mailbox_group: Option<GroupId>,
    /// Where a ticket goes that no rule sends elsewhere.
    pub default_group: GroupId,
}

/// What the rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriageOutcome {
    /// Priority.
    pub priority: Priority,
    /// Group.
    pub group: GroupId,
    /// Type, if a rule set one.
    pub ticket_type: Option<TicketType>,
    /// Tags to add.
    pub tags_added: Vec<String>,
    /// What was found in its words.
    pub found: Findings,
    /// Skills to require of whoever gets it.
    pub skills: Vec<RequiredSkill>,
    /// The rule that decided the priority.
    pub rule: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The operator's rules that matched, in their order.
    pub rules: Vec<RuleId>,
    /// What else they do.
    pub also: Vec<RuleAction>,
}

impl TriageOutcome {
    /// The ticket as it will be, for those who choose by it what is promised.
    pub fn preview(&self, ticket: &Ticket) -> Ticket {
        let mut ticket = ticket.clone();
        ticket.priority = Some(self.priority);
        ticket.group = Some(self.group);
        ticket.ticket_type = self.ticket_type.or(ticket.ticket_type);
        ticket.tags.extend(self.tags_added.iter().cloned());
        ticket.tags.sort();
        ticket.tags.dedup();
        for action in &self.also {
            if let RuleAction::SetSlaPolicy(policy) = action {
                ticket.sla_policy = *policy;
            }
        }
        ticket.language.clone_from(&self.found.language);
        ticket
    }
}

/// One rule as it was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// The rule.
    pub rule: String,
    /// Its id, where it is one of the operator's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RuleId>,
    /// Whether it matched.
    pub matched: bool,
    /// What it looked at.
    pub saw: String,
    /// What it set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
}

/// The whole decision, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Name and version of the rule set.
    pub rule_set: String,
    /// The requester's past at that time.
    pub history: History,
    /// Each rule.
    pub tried: Vec<Tried>,
    /// Priority set.
    pub priority: Priority,
    /// Group chosen.
    pub group: GroupId,
    /// What was found in the ticket's words.
    #[serde(default, skip_serializing_if = "Findings::is_empty")]
    pub found: Findings,
    /// The SLA policy that holds with it; nothing where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_policy: Option<String>,
    /// Why, in a sentence.
    pub reason: String,
}
