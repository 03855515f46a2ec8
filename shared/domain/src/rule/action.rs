//! What a rule does.

use super::{RuleKind, Text};
use crate::{
    GroupId, PersonId, PolicyId,
    assignment::RequiredSkill,
    sla::Recipient,
    ticket::{Priority, Status, TicketType},
};
use serde::{Deserialize, Serialize};

/// One thing that a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum RuleAction {
    /// Set the priority.
    SetPriority(Priority),
    /// Set the type, or take it away.
    SetType(Option<TicketType>),
    /// Set the status.
    SetStatus(Status),
    /// Move the ticket to a group.
    SetGroup(GroupId),
    /// Give the ticket to an agent, or take it away from whoever has it.
    SetAssignee(Option<PersonId>),
    /// Of a macro: give the ticket to the agent who runs it.
    AssignToActor,
    /// Add tags.
    AddTags(Vec<String>),
    /// Take tags away.
    RemoveTags(Vec<String>),
    /// Set a field of the operator's own, or take it away.
    SetField {
        /// Its name.
        name: String,
        /// Its value.
        value: Option<String>,
    },
    /// Set a status of the operator's own, by its number.
    SetCustomStatus(u64),
    /// Put the ticket into a form, by its number.
    SetForm(u64),
    /// Put the ticket under this SLA policy, whatever the policies' conditions say; or under the one that they choose again.
    SetSlaPolicy(Option<PolicyId>),
    /// Require these skills of whoever gets the ticket; none: any will do.
    RequireSkills(Vec<RequiredSkill>),
    /// Move the ticket up to a group of a higher tier.
    Escalate {
        /// The group.
        to: GroupId,
        /// Why, in a sentence.
        reason: String,
    },
    /// Send people the answers in copy.
    AddCcs(Vec<PersonId>),
    /// Add an internal note.
    AddNote(Text),
    /// Write to the requester.
    Reply(Text),
    /// Tell agents by mail.
    Notify {
        /// Whom.
        to: Recipient,
        /// What.
        text: Text,
    },
    /// Call this address, which begins with `https://`.
    CallWebhook(String),
}

impl RuleAction {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SetPriority(_) => "set_priority",
            Self::SetType(_) => "set_type",
            Self::SetStatus(_) => "set_status",
            Self::SetGroup(_) => "set_group",
            Self::SetAssignee(_) => "set_assignee",
            Self::AssignToActor => "assign_to_actor",
            Self::AddTags(_) => "add_tags",
            Self::RemoveTags(_) => "remove_tags",
            Self::SetField { .. } => "set_field",
            Self::SetCustomStatus(_) => "set_custom_status",
            Self::SetForm(_) => "set_form",
            Self::SetSlaPolicy(_) => "set_sla_policy",
            Self::RequireSkills(_) => "require_skills",
            Self::Escalate { .. } => "escalate",
            Self::AddCcs(_) => "add_ccs",
            Self::AddNote(_) => "add_note",
            Self::Reply(_) => "reply",
            Self::Notify { .. } => "notify",
            Self::CallWebhook(_) => "call_webhook",
        }
    }

    /// Whether a rule of this kind can do it. A routing rule says what a ticket is and whose; whoever wants to write or
    /// call because of it makes a trigger.
    pub fn suits(&self, kind: RuleKind) -> bool {
        match self {
            Self::AssignToActor => kind == RuleKind::Macro,
            Self::SetStatus(_)
            | Self::SetCustomStatus(_)
            | Self::Escalate { .. }
            | Self::AddNote(_)
            | Self::Reply(_)
            | Self::Notify { .. }
            | Self::CallWebhook(_) => kind != RuleKind::Routing,
            _ => true,
        }
    }

    /// What it writes, if it writes.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::AddNote(text) | Self::Reply(text) | Self::Notify { text, .. } => Some(text),
            _ => None,
        }
    }
}
