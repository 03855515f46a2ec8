//! Fields and statuses that every desk has.

use super::{CustomStatus, FieldDefinition, FieldKind, FieldsOf};
use crate::{Timestamp, ticket::Status};

/// The key of what was agreed with a person or an organization.
pub const TIER: &str = "tier";

/// Of tickets: number, what it is, what it is called. Numbers never change: programs keep them.
const OF_TICKETS: [(u64, FieldKind, &str, &str); 8] = [
    (1, FieldKind::Subject, "Subject", ""),
    (
        2,
        FieldKind::Description,
        "Description",
        "Please enter the details of your request.",
    ),
    (3, FieldKind::Status, "Status", "Request status"),
    (4, FieldKind::TicketType, "Type", "Request type"),
    (5, FieldKind::Priority, "Priority", "Request priority"),
    (6, FieldKind::Group, "Group", "Request group"),
    (
        7,
        FieldKind::Assignee,
        "Assignee",
        "Agent assigned to your request",
    ),
    (
        8,
        FieldKind::CustomStatus,
        "Ticket status",
        "Request ticket status",
    ),
];

/// The fields that every desk has.
pub(super) fn fields(of: FieldsOf) -> Vec<FieldDefinition> {
    let made = Timestamp::UNIX_EPOCH;
    let tier = |id| FieldDefinition {
        key: Some(TIER.to_owned()),
        ..FieldDefinition::new(id, FieldKind::Text, "Tier", made)
    };
    match of {
        FieldsOf::Tickets => OF_TICKETS
            .into_iter()
            .map(|(id, kind, title, description)| {
                let is_for_customers = matches!(kind, FieldKind::Subject | FieldKind::Description);
                FieldDefinition {
                    description: description.to_owned(),
                    position: id,
                    visible_in_portal: is_for_customers,
                    editable_in_portal: is_for_customers,
                    required_in_portal: is_for_customers,
                    ..FieldDefinition::new(id, kind, title, made)
                }
            })
            .collect(),
        FieldsOf::People => vec![tier(11)],
        FieldsOf::Organizations => vec![tier(12)],
    }
}

/// The statuses that every desk has, one of each category.
pub fn system_statuses() -> Vec<CustomStatus> {
    let one = |category, agent_label: &str, end_user_label: &str, description: &str| CustomStatus {
        id: CustomStatus::of_every_desk(category),
        category,
        agent_label: agent_label.to_owned(),
        end_user_label: Some(end_user_label.to_owned()),
        description: description.to_owned(),
        end_user_description: String::new(),
        is_active: true,
        is_default: true,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    vec![
        one(Status::New, "New", "Open", "Nobody has taken it on."),
        one(Status::Open, "Open", "Open", "An agent is to act."),
        one(
            Status::Pending,
            "Pending",
            "Awaiting your reply",
            "It waits for the requester.",
        ),
        one(Status::Hold, "On-hold", "Open", "It waits for a third party."),
        one(Status::Solved, "Solved", "Solved", "It is solved."),
    ]
}
