//! The names a condition can use: one table, from which checking, reading and the documentation come.

use crate::types::{Plain, Type};
use crate::words::Words;

/// A thing with fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Ticket,
    Requester,
    Organization,
    Event,
    Bot,
}

impl Root {
    pub(crate) const ALL: [Self; 5] = [
        Self::Ticket,
        Self::Requester,
        Self::Organization,
        Self::Event,
        Self::Bot,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Requester => "requester",
            Self::Organization => "organization",
            Self::Event => "event",
            Self::Bot => "bot",
        }
    }

    /// Whether facts can lack it.
    pub(crate) fn is_optional(self) -> bool {
        matches!(self, Self::Organization | Self::Event | Self::Bot)
    }

    pub(crate) fn fields(self) -> impl Iterator<Item = &'static Row> {
        ROWS.iter().filter(move |row| row.root == Some(self))
    }
}

/// One thing that facts hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Field {
    Number,
    Subject,
    TicketText,
    Channel,
    ChannelName,
    Mailbox,
    Status,
    Priority,
    PriorityRank,
    Type,
    TicketTags,
    Language,
    Fields,
    Group,
    Assignee,
    TicketExternalId,
    CreatedAt,
    UpdatedAt,
    SolvedAt,
    Age,
    Reopens,
    RequesterName,
    Email,
    RequesterDomain,
    RequesterTier,
    RequesterTags,
    Locale,
    TicketsOpen,
    TicketsTotal,
    LastContact,
    OrganizationName,
    OrganizationDomain,
    OrganizationTier,
    OrganizationTags,
    OrganizationExternalId,
    EventKind,
    Actor,
    Changed,
    CommentPublic,
    CommentText,
    Intent,
    Confidence,
    Summary,
    Reason,
    Now,
}

/// A row of the table of names.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) root: Option<Root>,
    pub(crate) name: &'static str,
    /// Root and name, as explanations show it.
    pub(crate) path: &'static str,
    pub(crate) ty: Type,
    /// Whether facts can lack it though they have its root.
    pub(crate) is_optional: bool,
    pub(crate) field: Field,
}

impl Row {
    /// Whether `== null` and `has()` can say something about it.
    pub(crate) fn can_be_absent(&self) -> bool {
        self.is_optional || self.root.is_some_and(Root::is_optional)
    }
}

macro_rules! rows {
    ($($root:ident $root_name:literal { $($name:literal $ty:expr, $optional:literal, $field:ident;)+ })+) => {
        &[
            $($(Row {
                root: Some(Root::$root),
                name: $name,
                path: concat!($root_name, ".", $name),
                ty: $ty,
                is_optional: $optional,
                field: Field::$field,
            },)+)+
            Row { root: None, name: "now", path: "now", ty: Type::TIMESTAMP, is_optional: false, field: Field::Now },
        ]
    };
}

const fn word(words: Words) -> Type {
    Type::Plain(Plain::Word(words))
}

const TEXTS: Type = Type::List(Plain::Text);

/// Name, type, whether facts can lack it, and what is read. In the order of [`Field`].
static ROWS: &[Row] = rows! {
    Ticket "ticket" {
        "number" Type::INT, false, Number;
        "subject" Type::TEXT, false, Subject;
        "text" Type::TEXT, false, TicketText;
        "channel" word(Words::Channel), false, Channel;
        "channel_name" Type::TEXT, true, ChannelName;
        "mailbox" word(Words::Mailbox), true, Mailbox;
        "status" word(Words::Status), false, Status;
        "priority" word(Words::Priority), true, Priority;
        "priority_rank" Type::INT, true, PriorityRank;
        "type" word(Words::Type), true, Type;
        "tags" TEXTS, false, TicketTags;
        "language" Type::TEXT, true, Language;
        "fields" Type::Fields, false, Fields;
        "group" word(Words::Group), true, Group;
        "assignee" Type::TEXT, true, Assignee;
        "external_id" Type::TEXT, true, TicketExternalId;
        "created_at" Type::TIMESTAMP, false, CreatedAt;
        "updated_at" Type::TIMESTAMP, false, UpdatedAt;
        "solved_at" Type::TIMESTAMP, true, SolvedAt;
        "age" Type::DURATION, false, Age;
        "reopens" Type::INT, false, Reopens;
    }
    Requester "requester" {
        "name" Type::TEXT, false, RequesterName;
        "email" Type::TEXT, true, Email;
        "domain" Type::TEXT, true, RequesterDomain;
        "tier" Type::TEXT, true, RequesterTier;
        "tags" TEXTS, false, RequesterTags;
        "locale" Type::TEXT, true, Locale;
        "tickets_open" Type::INT, false, TicketsOpen;
        "tickets_total" Type::INT, false, TicketsTotal;
        "last_contact" Type::TIMESTAMP, true, LastContact;
    }
    Organization "organization" {
        "name" Type::TEXT, false, OrganizationName;
        "domain" Type::TEXT, true, OrganizationDomain;
        "tier" Type::TEXT, true, OrganizationTier;
        "tags" TEXTS, false, OrganizationTags;
        "external_id" Type::TEXT, true, OrganizationExternalId;
    }
    Event "event" {
        "kind" word(Words::EventKind), false, EventKind;
        "actor" word(Words::Actor), false, Actor;
        "changed" Type::List(Plain::Word(Words::Attribute)), false, Changed;
        "comment_public" Type::BOOL, false, CommentPublic;
        "comment_text" Type::TEXT, false, CommentText;
    }
    Bot "bot" {
        "intent" Type::TEXT, false, Intent;
        "confidence" Type::DOUBLE, false, Confidence;
        "summary" Type::TEXT, false, Summary;
        "reason" Type::TEXT, false, Reason;
    }
};

impl Field {
    /// Its row.
    pub(crate) fn row(self) -> &'static Row {
        // The table is in the order of the fields: a test holds both together.
        &ROWS[self as usize]
    }
}

/// What a name without a dot before it means.
pub(crate) enum Meaning {
    Root(Root),
    Field(&'static Row),
}

/// Looks up a name without a dot before it.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    let root = Root::ALL.into_iter().find(|root| root.name() == name);
    root.map(Meaning::Root).or_else(|| {
        let row = ROWS.iter().find(|row| row.root.is_none() && row.name == name);
        row.map(Meaning::Field)
    })
}

/// The names without a dot before them.
pub(crate) fn top_names() -> impl Iterator<Item = &'static str> {
    Root::ALL.into_iter().map(Root::name).chain(["now"])
}

/// The path of the first field of this name, for one who left out what it belongs to.
pub(crate) fn path_of_field(name: &str) -> Option<&'static str> {
    ROWS.iter().find(|row| row.name == name).map(|row| row.path)
}

/// A name that conditions can use, for editors that complete them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, such as `ticket.subject`.
    pub path: &'static str,
    /// Its type in words.
    pub type_name: String,
    /// Whether it may be absent, so that `has(…)` and `== null` say something about it.
    pub can_be_absent: bool,
}

/// Every name that conditions can use.
pub fn names() -> Vec<Name> {
    let name = |row: &Row| Name {
        path: row.path,
        type_name: row.ty.name(),
        can_be_absent: row.can_be_absent(),
    };
    ROWS.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_fields() {
        for (place, row) in ROWS.iter().enumerate() {
            assert_eq!(row.field as usize, place, "{}", row.path);
        }
        assert_eq!(Field::Now as usize + 1, ROWS.len());
        assert!(ROWS.len() <= 64, "an evaluation marks what it read in 64 bits");
    }
}
