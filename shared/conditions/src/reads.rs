//! Which names a change of a ticket can touch.

use crate::words::Attribute;

/// Whether a change of the attribute can change what stands behind the name.
pub(crate) fn touches(attribute: Attribute, name: &str) -> bool {
    // Every change is an event of its own, and moves the instant of the last.
    if name == "event" || name.starts_with("event.") || name == "ticket.updated_at" {
        return true;
    }
    let names: &[&str] = match attribute {
        Attribute::Subject => &["ticket.subject"],
        Attribute::Status => &[
            "ticket.status",
            "ticket.custom_status",
            "ticket.solved_at",
            "ticket.reopens",
            "requester.tickets_open",
        ],
        Attribute::Priority => &["ticket.priority", "ticket.priority_rank"],
        Attribute::Type => &["ticket.type"],
        Attribute::Tags => &["ticket.tags"],
        Attribute::Fields => return name == "ticket.fields" || name.starts_with("ticket.fields."),
        Attribute::Form => &["ticket.form"],
        Attribute::CustomStatus => &["ticket.custom_status"],
        Attribute::DueAt => &["ticket.due_at"],
        Attribute::Group => &["ticket.group"],
        Attribute::Assignee => &["ticket.assignee"],
        Attribute::Comments => &["requester.last_contact"],
    };
    names.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::names;

    /// Names that no change of a ticket touches, except that time passes: who asks, how it came, what a model said.
    const UNTOUCHED: &[&str] = &[
        "ticket.number",
        "ticket.text",
        "ticket.channel",
        "ticket.channel_name",
        "ticket.mailbox",
        "ticket.language",
        "ticket.external_id",
        "ticket.created_at",
        "ticket.age",
        "requester.name",
        "requester.email",
        "requester.domain",
        "requester.tier",
        "requester.tags",
        "requester.locale",
        "requester.tickets_total",
        "organization.name",
        "organization.domain",
        "organization.tier",
        "organization.tags",
        "organization.external_id",
        "bot.intent",
        "bot.confidence",
        "bot.summary",
        "bot.reason",
        "now",
    ];

    #[test]
    fn each_name_is_touched_by_a_change_or_by_none() {
        for name in names() {
            let touched = Attribute::ALL
                .iter()
                .any(|attribute| touches(*attribute, name.path));
            assert_eq!(touched, !UNTOUCHED.contains(&name.path), "{}", name.path);
        }
    }
}
