//! The names under which facts are stored.

use crate::ticket::Fact;

impl Fact {
    /// The name under which the fact is stored.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TicketCreated(_) => "TicketCreated",
            Self::CommentAdded(_) => "CommentAdded",
            Self::Triaged(_) => "Triaged",
            Self::Assigned { .. } => "Assigned",
            Self::AssignmentDeferred { .. } => "AssignmentDeferred",
            Self::SkillsRequired { .. } => "SkillsRequired",
            Self::HandedBack { .. } => "HandedBack",
            Self::Escalated { .. } => "Escalated",
            Self::StatusChanged { .. } => "StatusChanged",
            Self::AssigneeChanged { .. } => "AssigneeChanged",
            Self::GroupChanged { .. } => "GroupChanged",
            Self::PriorityChanged { .. } => "PriorityChanged",
            Self::TypeChanged { .. } => "TypeChanged",
            Self::ReplyViaChanged { .. } => "ReplyViaChanged",
            Self::SubjectChanged { .. } => "SubjectChanged",
            Self::ReopenHeldBack { .. } => "ReopenHeldBack",
            Self::CcsChanged { .. } => "CcsChanged",
            Self::TagsChanged { .. } => "TagsChanged",
            Self::FieldsChanged { .. } => "FieldsChanged",
            Self::SlaPolicySet { .. } => "SlaPolicySet",
            Self::RuleRan(_) => "RuleRan",
            Self::RuleStopped(_) => "RuleStopped",
            Self::AgentsNotified(_) => "AgentsNotified",
            Self::AutomationsPlanned { .. } => "AutomationsPlanned",
            Self::SlaPolicyApplied { .. } => "SlaPolicyApplied",
            Self::SlaEscalated { .. } => "SlaEscalated",
            Self::SlaBreachVoided { .. } => "SlaBreachVoided",
            Self::Snoozed { .. } => "Snoozed",
            Self::SnoozeEnded { .. } => "SnoozeEnded",
            Self::CustomerReminded { .. } => "CustomerReminded",
            Self::SolutionConfirmed { .. } => "SolutionConfirmed",
            Self::SlaWarned { .. } => "SlaWarned",
            Self::SlaBreached { .. } => "SlaBreached",
            Self::SlaFulfilled { .. } => "SlaFulfilled",
            Self::DeliveryReported { .. } => "DeliveryReported",
            Self::Deleted { .. } => "Deleted",
            Self::Restored {} => "Restored",
            Self::PermanentlyDeleted { .. } => "PermanentlyDeleted",
            Self::CommentRedacted { .. } => "CommentRedacted",
            Self::CommentMadePrivate { .. } => "CommentMadePrivate",
            Self::RequesterMerged { .. } => "RequesterMerged",
            Self::PersonForgotten { .. } => "PersonForgotten",
            Self::Erased { .. } => "Erased",
        }
    }
}
