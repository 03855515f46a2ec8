//! What of a ticket filters compare, by its names in filters and in conditions.

use super::clause::Use;

/// What of a ticket a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Status,
    Type,
    Priority,
    Group,
    Via,
    Recipient,
}

impl Subject {
    pub const ALL: [Self; 6] = [
        Self::Status,
        Self::Type,
        Self::Priority,
        Self::Group,
        Self::Via,
        Self::Recipient,
    ];

    /// Those that a use knows.
    pub fn of(of: Use) -> impl Iterator<Item = Self> {
        let all = Self::ALL.into_iter();
        all.filter(move |subject| of != Use::Policy || *subject != Self::Status)
    }

    /// The name of its change, where it can change.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Status => Some("status"),
            Self::Type => Some("type"),
            Self::Priority => Some("priority"),
            Self::Group => Some("group"),
            Self::Via | Self::Recipient => None,
        }
    }

    /// Its name in filters.
    pub fn field(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Type => "type",
            Self::Priority => "priority",
            Self::Group => "group_id",
            Self::Via => "via_id",
            Self::Recipient => "recipient",
        }
    }

    /// Its name in conditions.
    pub fn path(self) -> &'static str {
        match self {
            Self::Status => "ticket.status",
            Self::Type => "ticket.type",
            Self::Priority => "ticket.priority",
            Self::Group => "ticket.group",
            Self::Via => "ticket.channel",
            Self::Recipient => "ticket.mailbox",
        }
    }
}

/// The name of the tags in filters.
pub(crate) const TAGS: &str = "current_tags";

/// A text that words are looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Subject,
    Comment,
}

impl Part {
    pub const ALL: [Self; 2] = [Self::Subject, Self::Comment];

    /// Its name in filters.
    pub fn field(self) -> &'static str {
        match self {
            Self::Subject => "subject_includes_word",
            Self::Comment => "comment_includes_word",
        }
    }

    /// Its name in conditions.
    pub fn path(self) -> &'static str {
        match self {
            Self::Subject => "ticket.subject",
            Self::Comment => "event.comment_text",
        }
    }
}
