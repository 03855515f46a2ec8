//! The names a condition can use: one table, from which checking, reading and the documentation come.

use crate::types::{Plain, Type};
use crate::words::{Vocabulary, Words};

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
    Form,
    CustomStatus,
    DueAt,
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
    ChangedFields,
    CommentPublic,
    CommentText,
    Monitor,
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
    /// What it is, in a sentence.
    pub(crate) meaning: &'static str,
}

impl Row {
    /// Whether `== null` and `has()` can say something about it.
    pub(crate) fn can_be_absent(&self) -> bool {
        self.is_optional || self.root.is_some_and(Root::is_optional)
    }
}

macro_rules! rows {
    ($($root:ident $root_name:literal { $($name:literal $ty:expr, $optional:literal, $field:ident, $meaning:literal;)+ })+) => {
        &[
            $($(Row {
                root: Some(Root::$root),
                name: $name,
                path: concat!($root_name, ".", $name),
                ty: $ty,
                is_optional: $optional,
                field: Field::$field,
                meaning: $meaning,
            },)+)+
            Row {
                root: None,
                name: "now",
                path: "now",
                ty: Type::TIMESTAMP,
                is_optional: false,
                field: Field::Now,
                meaning: "The instant of the decision.",
            },
        ]
    };
}

const fn word(words: Words) -> Type {
    Type::Plain(Plain::Word(words))
}

const TEXTS: Type = Type::List(Plain::Text);

/// Name, type, whether facts can lack it, what is read, and what it means. In the order of [`Field`].
static ROWS: &[Row] = rows! {
    Ticket "ticket" {
        "number" Type::INT, false, Number, "The number.";
        "subject" Type::TEXT, false, Subject, "What it is about.";
        "text" Type::TEXT, false, TicketText, "Text of its first comment.";
        "channel" word(Words::Channel), false, Channel, "How it came.";
        "channel_name" Type::TEXT, true, ChannelName, "The name of the hook it came by.";
        "mailbox" word(Words::Mailbox), true, Mailbox, "The mailbox it was sent to.";
        "status" word(Words::Status), false, Status, "Where it stands.";
        "priority" word(Words::Priority), true, Priority, "How urgent it is.";
        "priority_rank" Type::INT, true, PriorityRank, "The same as a number: low 1, normal 2, high 3, urgent 4; absent 0.";
        "type" word(Words::Type), true, Type, "What kind of request it is.";
        "tags" TEXTS, false, TicketTags, "Its tags.";
        "language" Type::TEXT, true, Language, "Language of the text, as a BCP 47 tag.";
        "fields" Type::Fields, false, Fields, "The operator's own fields, by name.";
        "form" Type::INT, true, Form, "The number of its form.";
        "custom_status" Type::INT, false, CustomStatus, "The number of the operator's own status that it is in, or of the one that every desk has.";
        "due_at" Type::TIMESTAMP, true, DueAt, "When a task is due.";
        "group" word(Words::Group), true, Group, "The group that works on it.";
        "assignee" Type::TEXT, true, Assignee, "Address of the agent who works on it.";
        "external_id" Type::TEXT, true, TicketExternalId, "Its id in the caller's own system.";
        "created_at" Type::TIMESTAMP, false, CreatedAt, "When it came.";
        "updated_at" Type::TIMESTAMP, false, UpdatedAt, "When it last changed.";
        "solved_at" Type::TIMESTAMP, true, SolvedAt, "When it was solved last.";
        "age" Type::DURATION, false, Age, "Time since it came.";
        "reopens" Type::INT, false, Reopens, "How often it was reopened.";
    }
    Requester "requester" {
        "name" Type::TEXT, false, RequesterName, "Their name.";
        "email" Type::TEXT, true, Email, "Their mail address, in lower case.";
        "domain" Type::TEXT, true, RequesterDomain, "What follows the `@` of it.";
        "tier" Type::TEXT, true, RequesterTier, "Their tier.";
        "tags" TEXTS, false, RequesterTags, "Their tags.";
        "locale" Type::TEXT, true, Locale, "Their language, as a BCP 47 tag.";
        "tickets_open" Type::INT, false, TicketsOpen, "Their unsolved tickets before this one.";
        "tickets_total" Type::INT, false, TicketsTotal, "Their tickets before this one.";
        "last_contact" Type::TIMESTAMP, true, LastContact, "When they last wrote before this.";
    }
    Organization "organization" {
        "name" Type::TEXT, false, OrganizationName, "Its name.";
        "domain" Type::TEXT, true, OrganizationDomain, "The domain of its addresses.";
        "tier" Type::TEXT, true, OrganizationTier, "Its tier.";
        "tags" TEXTS, false, OrganizationTags, "Its tags.";
        "external_id" Type::TEXT, true, OrganizationExternalId, "Its id in the operator's own system.";
    }
    Event "event" {
        "kind" word(Words::EventKind), false, EventKind, "What happened.";
        "actor" word(Words::Actor), false, Actor, "Who did it.";
        "changed" Type::List(Plain::Word(Words::Attribute)), false, Changed, "What it changed.";
        "changed_fields" TEXTS, false, ChangedFields, "The operator's own fields that it changed, by name.";
        "comment_public" Type::BOOL, false, CommentPublic, "Of a comment: whether the requester may see it.";
        "comment_text" Type::TEXT, false, CommentText, "Of a comment: its text.";
        "monitor" word(Words::Incident), true, Monitor, "Of a monitor's mail: how what it watches stands.";
    }
    Bot "bot" {
        "intent" Type::TEXT, false, Intent, "What the requester wants.";
        "confidence" Type::DOUBLE, false, Confidence, "How sure the model is, 0 to 1.";
        "summary" Type::TEXT, false, Summary, "The ticket in a sentence.";
        "reason" Type::TEXT, false, Reason, "Why the model thinks so.";
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
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// Its type in words.
    pub type_name: String,
    /// The only values it, or each value of the list, can have; empty where others are possible.
    pub words: Vec<String>,
    /// Whether it may be absent, so that `has(…)` and `== null` say something about it.
    pub can_be_absent: bool,
}

/// Every name that conditions can use.
pub fn names() -> Vec<Name> {
    let name = |row: &Row| Name {
        path: row.path,
        meaning: row.meaning,
        type_name: row.ty.name(),
        words: words_of(row.ty),
        can_be_absent: row.can_be_absent(),
    };
    ROWS.iter().map(name).collect()
}

fn words_of(ty: Type) -> Vec<String> {
    let (Type::Plain(Plain::Word(words)) | Type::List(Plain::Word(words))) = ty else {
        return Vec::new();
    };
    let vocabulary = Vocabulary::default();
    let all = words.all(&vocabulary).unwrap_or_default();
    all.into_iter().map(str::to_owned).collect()
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
