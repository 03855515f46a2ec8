//! Values of which there are only so many, and what to say of one that is none of them.

use std::collections::BTreeSet;
use std::fmt;

use docket_domain::contact::comment::IncidentState;
use docket_domain::ticket::{Actor, Channel, Fact, Priority, Status, TicketType};
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in conditions.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What happened: the events of a ticket.
    EventKind {
        /// A contact became a ticket.
        TicketCreated = "ticket_created",
        /// Somebody wrote.
        CommentAdded = "comment_added",
        /// The rules had their say.
        Triaged = "triaged",
        /// The desk gave it to an agent.
        Assigned = "assigned",
        /// Nobody could be found.
        AssignmentDeferred = "assignment_deferred",
        /// Other skills are required of whoever gets it.
        SkillsRequired = "skills_required",
        /// An agent who went away handed it back.
        HandedBack = "handed_back",
        /// It went to a group of a higher tier.
        Escalated = "escalated",
        /// The status moved.
        StatusChanged = "status_changed",
        /// It was given to an agent, or taken away, by hand.
        AssigneeChanged = "assignee_changed",
        /// It moved to another group.
        GroupChanged = "group_changed",
        /// The priority was set by hand.
        PriorityChanged = "priority_changed",
        /// The type was set by hand.
        TypeChanged = "type_changed",
        /// Answers go another way: the channel said so.
        ReplyViaChanged = "reply_via_changed",
        /// The subject was changed by hand.
        SubjectChanged = "subject_changed",
        /// The requester wrote on a solved ticket that was reopened too often to be reopened at once.
        ReopenHeldBack = "reopen_held_back",
        /// People who get the answers in copy came or went.
        CcsChanged = "ccs_changed",
        /// Tags came or went.
        TagsChanged = "tags_changed",
        /// A promise is about to be broken.
        SlaWarned = "sla_warned",
        /// A promise was broken.
        SlaBreached = "sla_breached",
        /// A promise was kept, or is over.
        SlaFulfilled = "sla_fulfilled",
        /// Another SLA policy holds, or another version of it.
        SlaPolicyApplied = "sla_policy_applied",
        /// A promise has been broken for a while.
        SlaEscalated = "sla_escalated",
        /// A breach was declared void.
        SlaBreachVoided = "sla_breach_voided",
        /// It sleeps for a while.
        Snoozed = "snoozed",
        /// It woke up.
        SnoozeEnded = "snooze_ended",
        /// The customer was reminded that we wait for an answer.
        CustomerReminded = "customer_reminded",
        /// The customer said that it is solved.
        SolutionConfirmed = "solution_confirmed",
        /// Fields of the operator's own were set or taken away.
        FieldsChanged = "fields_changed",
        /// It belongs to another form.
        FormChanged = "form_changed",
        /// It is in another of the operator's own statuses.
        CustomStatusChanged = "custom_status_changed",
        /// A task is due at another time.
        DueChanged = "due_changed",
        /// A rule said which SLA policy holds.
        SlaPolicySet = "sla_policy_set",
        /// A rule ran.
        RuleRan = "rule_ran",
        /// A rule did not run that was to.
        RuleStopped = "rule_stopped",
        /// A rule told agents something.
        AgentsNotified = "agents_notified",
        /// Automations were planned.
        AutomationsPlanned = "automations_planned",
        /// What became of an answer on its way out.
        DeliveryReported = "delivery_reported",
        /// It was taken back from those that were deleted.
        Restored = "restored",
    }
}

words! {
    /// Who did something.
    ActorKind {
        /// The person who asks.
        Requester = "requester",
        /// A person who neither asks nor works here.
        ThirdParty = "third_party",
        /// Somebody who works here.
        Agent = "agent",
        /// A rule.
        Rule = "rule",
        /// The desk itself.
        System = "system",
    }
}

words! {
    /// What of a ticket can change.
    Attribute {
        /// Subject.
        Subject = "subject",
        /// Status.
        Status = "status",
        /// Priority.
        Priority = "priority",
        /// Type.
        Type = "type",
        /// Tags.
        Tags = "tags",
        /// The operator's own fields.
        Fields = "fields",
        /// Form.
        Form = "form",
        /// The operator's own status.
        CustomStatus = "custom_status",
        /// When a task is due.
        DueAt = "due_at",
        /// Group.
        Group = "group",
        /// Assignee.
        Assignee = "assignee",
        /// Comments.
        Comments = "comments",
    }
}

impl EventKind {
    /// What conditions call a fact; nothing for one that no rule hears of.
    pub fn of(fact: &Fact) -> Option<Self> {
        Some(match fact {
            Fact::TicketCreated(_) => Self::TicketCreated,
            Fact::CommentAdded(_) => Self::CommentAdded,
            Fact::Triaged(_) => Self::Triaged,
            Fact::Assigned { .. } => Self::Assigned,
            Fact::AssignmentDeferred { .. } => Self::AssignmentDeferred,
            Fact::SkillsRequired { .. } => Self::SkillsRequired,
            Fact::HandedBack { .. } => Self::HandedBack,
            Fact::Escalated { .. } => Self::Escalated,
            Fact::StatusChanged { .. } => Self::StatusChanged,
            Fact::AssigneeChanged { .. } => Self::AssigneeChanged,
            Fact::GroupChanged { .. } => Self::GroupChanged,
            Fact::PriorityChanged { .. } => Self::PriorityChanged,
            Fact::TypeChanged { .. } => Self::TypeChanged,
            Fact::ReplyViaChanged { .. } => Self::ReplyViaChanged,
            Fact::SubjectChanged { .. } => Self::SubjectChanged,
            Fact::ReopenHeldBack { .. } => Self::ReopenHeldBack,
            Fact::CcsChanged { .. } => Self::CcsChanged,
            Fact::TagsChanged { .. } => Self::TagsChanged,
            Fact::SlaWarned { .. } => Self::SlaWarned,
            Fact::SlaBreached { .. } => Self::SlaBreached,
            Fact::SlaFulfilled { .. } => Self::SlaFulfilled,
            Fact::SlaPolicyApplied { .. } => Self::SlaPolicyApplied,
            Fact::SlaEscalated { .. } => Self::SlaEscalated,
            Fact::SlaBreachVoided { .. } => Self::SlaBreachVoided,
            Fact::Snoozed { .. } => Self::Snoozed,
            Fact::SnoozeEnded { .. } => Self::SnoozeEnded,
            Fact::CustomerReminded { .. } => Self::CustomerReminded,
            Fact::SolutionConfirmed { .. } => Self::SolutionConfirmed,
            Fact::FieldsChanged { .. } => Self::FieldsChanged,
            Fact::FormChanged { .. } => Self::FormChanged,
            Fact::CustomStatusChanged { .. } => Self::CustomStatusChanged,
            Fact::DueChanged { .. } => Self::DueChanged,
            Fact::SlaPolicySet { .. } => Self::SlaPolicySet,
            Fact::RuleRan(_) => Self::RuleRan,
            Fact::RuleStopped(_) => Self::RuleStopped,
            Fact::AgentsNotified(_) => Self::AgentsNotified,
            Fact::AutomationsPlanned { .. } => Self::AutomationsPlanned,
            Fact::DeliveryReported { .. } => Self::DeliveryReported,
            Fact::Restored {} => Self::Restored,
            Fact::SatisfactionRated { .. }
            | Fact::Skipped { .. }
            | Fact::Deleted { .. }
            | Fact::PermanentlyDeleted { .. }
            | Fact::CommentRedacted { .. }
            | Fact::CommentMadePrivate { .. }
            | Fact::RequesterMerged { .. }
            | Fact::PersonForgotten { .. }
            | Fact::Erased { .. }
            | Fact::Merged(_)
            | Fact::MergedIn(_)
            | Fact::MergeUndone(_)
            | Fact::MergedInUndone(_)
            | Fact::SplitOff(_)
            | Fact::SplitFrom(_)
            | Fact::ProblemChanged(_)
            | Fact::IncidentsQueued(_)
            | Fact::IncidentsSolved(_)
            | Fact::FollowersChanged(_)
            | Fact::ExternalIdChanged(_)
            | Fact::Imported(_) => return None,
        })
    }
}

impl From<&Actor> for ActorKind {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::Requester(_) => Self::Requester,
            Actor::ThirdParty(_) => Self::ThirdParty,
            Actor::Agent(_) => Self::Agent,
            Actor::Rule(_) => Self::Rule,
            Actor::System | Actor::Import(_) => Self::System,
        }
    }
}

impl Attribute {
    /// What of a ticket a fact changed.
    pub fn changed_by(fact: &Fact) -> Vec<Self> {
        match fact {
            Fact::TicketCreated(_) => Self::ALL.to_vec(),
            Fact::CommentAdded(_) => vec![Self::Comments],
            Fact::Triaged(_) => vec![Self::Priority, Self::Type, Self::Group, Self::Tags],
            Fact::Assigned { .. } | Fact::AssigneeChanged { .. } => vec![Self::Assignee],
            Fact::StatusChanged { .. } => vec![Self::Status],
            Fact::GroupChanged { .. } => vec![Self::Group],
            Fact::PriorityChanged { .. } => vec![Self::Priority],
            Fact::TypeChanged { .. } => vec![Self::Type],
            Fact::SubjectChanged { .. } => vec![Self::Subject],
            Fact::TagsChanged { .. } => vec![Self::Tags],
            Fact::FieldsChanged { .. } => vec![Self::Fields],
            Fact::FormChanged { .. } => vec![Self::Form],
            Fact::CustomStatusChanged { .. } => vec![Self::CustomStatus],
            Fact::DueChanged { .. } => vec![Self::DueAt],
            _ => vec![],
        }
    }
}

/// The word for a channel.
pub(crate) fn channel_word(channel: &Channel) -> &'static str {
    match channel {
        Channel::Mail { .. } => "mail",
        Channel::Hook { .. } => "hook",
        Channel::Api => "api",
        Channel::Agent => "agent",
        // Comments come there; no ticket does, so no condition asks for it.
        Channel::Portal => "portal",
        Channel::Phone => "phone",
    }
}

/// Rank of a priority: low 1, normal 2, high 3, urgent 4.
pub(crate) fn rank(priority: Priority) -> i64 {
    match priority {
        Priority::Low => 1,
        Priority::Normal => 2,
        Priority::High => 3,
        Priority::Urgent => 4,
    }
}

/// Names that the operator gave. Where a set is known, a condition that speaks of something outside it is
/// refused; where it is not, any name will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Calendars.
    pub calendars: Option<BTreeSet<String>>,
    /// Groups.
    pub groups: Option<BTreeSet<String>>,
    /// Mailboxes, by address.
    pub mailboxes: Option<BTreeSet<String>>,
    /// The operator's own fields of tickets.
    pub fields: Option<BTreeSet<String>>,
}

/// Which set of words a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    Status,
    Priority,
    Type,
    Channel,
    EventKind,
    Actor,
    Attribute,
    Incident,
    Group,
    Mailbox,
}

impl Words {
    /// What the set is called in a sentence.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Type => "type",
            Self::Channel => "channel",
            Self::EventKind => "kind of event",
            Self::Actor => "actor",
            Self::Attribute => "changed thing",
            Self::Incident => "state of an incident",
            Self::Group => "group",
            Self::Mailbox => "mailbox",
        }
    }

    /// Every word, or nothing when any text may be one.
    pub(crate) fn all(self, vocabulary: &Vocabulary) -> Option<Vec<&str>> {
        Some(match self {
            Self::Status => Status::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Priority => Priority::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Type => TicketType::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Channel => vec!["mail", "hook", "api", "agent", "phone"],
            Self::EventKind => EventKind::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Actor => ActorKind::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Incident => IncidentState::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Attribute => Attribute::ALL.iter().map(|word| word.as_str()).collect(),
            Self::Group => vocabulary.groups.as_ref()?.iter().map(String::as_str).collect(),
            Self::Mailbox => vocabulary
                .mailboxes
                .as_ref()?
                .iter()
                .map(String::as_str)
                .collect(),
        })
    }
}

/// Longest wrong word in bytes for which a nearest one is looked for: the search is quadratic.
const LONGEST_MISSPELT: usize = 64;

/// The known word that is most like a wrong one, if any is like it.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > LONGEST_MISSPELT {
        return None;
    }
    let most = 1 + wrong.chars().count() / 4;
    known
        .into_iter()
        .map(|word| {
            let distance = strsim::damerau_levenshtein(&wrong.to_lowercase(), &word.to_lowercase());
            (distance, word)
        })
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, word)| word)
}

/// Our function for one that other languages have.
pub(crate) fn foreign(name: &str) -> Option<&'static str> {
    Some(match name {
        "length" | "len" | "count" => "size",
        "toLowerCase" | "toLower" | "lowercase" | "downcase" => "lower",
        "includes" | "indexOf" | "has" => "contains",
        "any" | "some" => "exists",
        "every" => "all",
        "test" | "match" | "search" => "matches",
        "strip" => "trim",
        "starts_with" => "startsWith",
        "ends_with" => "endsWith",
        "is_open" | "isOpen" => "open",
        _ => return None,
    })
}

/// What to add to "there is no such thing": the nearest word, else all of them while they are few.
pub(crate) fn hint<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(wrong, known.iter().copied()) {
        Some(word) => format!("; did you mean `{word}`?"),
        None if known.is_empty() => "; there are none".to_owned(),
        None if known.len() <= 24 => format!("; there are: {}", known.join(", ")),
        None => String::new(),
    }
}
