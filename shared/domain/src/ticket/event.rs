//! What happened to a ticket, in the past tense. Events are immutable and hold ids of people, never
//! addresses or bodies, so that a person can be erased and the record kept.

use super::{Channel, Priority, ReplyVia, Status, TicketType};
use crate::{
    Digest, GroupId, OutboxId, PersonId, TicketNumber, Timestamp,
    comment::{AuthorRole, BodyRef},
};
use serde::{Deserialize, Serialize};

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// The person who asks.
    Requester(PersonId),
    /// A person who neither asks nor works here.
    ThirdParty(PersonId),
    /// Somebody who works here.
    Agent(PersonId),
    /// A rule, by name.
    Rule(String),
    /// The desk itself.
    System,
}

impl Actor {
    /// The person, if it was one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Requester(id) | Self::ThirdParty(id) | Self::Agent(id) => Some(*id),
            Self::Rule(_) | Self::System => None,
        }
    }

    /// Whether an agent did it.
    pub fn is_agent(&self) -> bool {
        matches!(self, Self::Agent(_))
    }
}

/// What a promise is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlaMetric {
    /// Created until the first public answer of an agent.
    FirstReply,
    /// Created until solved.
    Resolution,
}

impl SlaMetric {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstReply => "first_reply",
            Self::Resolution => "resolution",
        }
    }
}

/// The promise that was chosen for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaTargets {
    /// Name of the policy.
    pub policy: String,
    /// Seconds until the first public answer.
    pub first_reply_seconds: i64,
    /// Seconds until solved.
    pub resolution_seconds: i64,
    /// Share of the target after which a warning is given, in percent.
    pub warn_percent: u8,
}

/// An event: the `v`-th of its ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEvent {
    /// Version that the ticket has with it.
    pub v: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What led to it: the guard key of a contact, the version of the event before, a timer's due time.
    pub cause: String,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "PascalCase", rename_all_fields = "snake_case")]
pub enum Fact {
    /// A contact became a ticket.
    TicketCreated {
        /// Subject.
        subject: String,
        /// Who asks.
        requester: PersonId,
        /// How it came.
        channel: Channel,
        /// Where answers go.
        reply_via: ReplyVia,
        /// Id in the caller's own system.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_id: Option<String>,
        /// Priority the contact brought along.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<Priority>,
        /// Type the contact brought along.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_type: Option<TicketType>,
        /// Tags the contact brought along.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
        /// The ticket it follows or may belong to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<TicketNumber>,
        /// Whether the requester is told that we have it.
        #[serde(default)]
        acknowledge: bool,
        /// Why they are not, where they would have been.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unacknowledged: Option<String>,
        /// When the sweep looks after its triage.
        triage_overdue_at: Timestamp,
    },
    /// Somebody wrote.
    CommentAdded {
        /// In which part they wrote.
        role: AuthorRole,
        /// The author.
        author: PersonId,
        /// Whether the requester may see it.
        public: bool,
        /// Where the text lies.
        body: BodyRef,
        /// The sign by which it was taken for automatic mail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        automatic: Option<String>,
        /// Who gets an answer in copy.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cc: Vec<PersonId>,
    },
    /// The rules had their say.
    Triaged {
        /// Priority.
        priority: Priority,
        /// Group.
        group: GroupId,
        /// Type.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_type: Option<TicketType>,
        /// Tags added.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags_added: Vec<String>,
        /// The promise chosen.
        sla: SlaTargets,
        /// Which rule set its mark last.
        rule: String,
        /// Why, in a sentence.
        reason: String,
        /// Where the whole decision lies.
        decision: Digest,
        /// When the sweep looks after its assignment.
        assignment_overdue_at: Timestamp,
    },
    /// The desk gave it to an agent.
    Assigned {
        /// The agent.
        assignee: PersonId,
        /// Why, in a sentence.
        reason: String,
        /// Where the whole decision lies.
        decision: Digest,
    },
    /// Nobody could be found; it waits.
    AssignmentDeferred {
        /// Why, in a sentence.
        reason: String,
        /// When it is tried again at the latest.
        retry_at: Timestamp,
    },
    /// The status moved.
    StatusChanged {
        /// From.
        from: Status,
        /// To.
        to: Status,
        /// Why, in a sentence.
        reason: String,
        /// When a solved ticket will close.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        close_due_at: Option<Timestamp>,
    },
    /// Somebody gave it to an agent, or took it away, by hand.
    AssigneeChanged {
        /// From.
        from: Option<PersonId>,
        /// To.
        to: Option<PersonId>,
        /// When the sweep looks after its assignment, if nobody has it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment_overdue_at: Option<Timestamp>,
    },
    /// It moved to another group.
    GroupChanged {
        /// From.
        from: Option<GroupId>,
        /// To.
        to: GroupId,
        /// When the sweep looks after its assignment, if nobody has it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment_overdue_at: Option<Timestamp>,
    },
    /// The priority was set by hand.
    PriorityChanged {
        /// From.
        from: Option<Priority>,
        /// To.
        to: Priority,
    },
    /// The type was set by hand.
    TypeChanged {
        /// From.
        from: Option<TicketType>,
        /// To.
        to: Option<TicketType>,
    },
    /// The subject was changed by hand.
    SubjectChanged {
        /// From.
        from: String,
        /// To.
        to: String,
    },
    /// The requester wrote on a solved ticket that was reopened too often to be reopened at once.
    ReopenHeldBack {
        /// Why, in a sentence.
        reason: String,
        /// When it is reopened, unless somebody does before.
        reopen_due_at: Timestamp,
    },
    /// People who get the answers in copy came or went.
    CcsChanged {
        /// Came.
        added: Vec<PersonId>,
        /// Went.
        removed: Vec<PersonId>,
    },
    /// Tags came or went.
    TagsChanged {
        /// Came.
        added: Vec<String>,
        /// Went.
        removed: Vec<String>,
    },
    /// A promise is about to be broken.
    SlaWarned {
        /// Which.
        metric: SlaMetric,
        /// When the warning was due.
        due_at: Timestamp,
    },
    /// A promise was broken.
    SlaBreached {
        /// Which.
        metric: SlaMetric,
        /// When it was due.
        due_at: Timestamp,
    },
    /// A promise was kept, or is over: no more timers for it.
    SlaFulfilled {
        /// Which.
        metric: SlaMetric,
        /// When it would have been due.
        due_at: Timestamp,
    },
    /// What became of an answer on its way out, where an agent must know.
    DeliveryReported {
        /// Which piece of work.
        outbox: OutboxId,
        /// What became of it.
        outcome: crate::delivery::Outcome,
        /// In words.
        detail: String,
    },
}

impl Fact {
    /// The name under which the fact is stored.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TicketCreated { .. } => "TicketCreated",
            Self::CommentAdded { .. } => "CommentAdded",
            Self::Triaged { .. } => "Triaged",
            Self::Assigned { .. } => "Assigned",
            Self::AssignmentDeferred { .. } => "AssignmentDeferred",
            Self::StatusChanged { .. } => "StatusChanged",
            Self::AssigneeChanged { .. } => "AssigneeChanged",
            Self::GroupChanged { .. } => "GroupChanged",
            Self::PriorityChanged { .. } => "PriorityChanged",
            Self::TypeChanged { .. } => "TypeChanged",
            Self::SubjectChanged { .. } => "SubjectChanged",
            Self::ReopenHeldBack { .. } => "ReopenHeldBack",
            Self::CcsChanged { .. } => "CcsChanged",
            Self::TagsChanged { .. } => "TagsChanged",
            Self::SlaWarned { .. } => "SlaWarned",
            Self::SlaBreached { .. } => "SlaBreached",
            Self::SlaFulfilled { .. } => "SlaFulfilled",
            Self::DeliveryReported { .. } => "DeliveryReported",
        }
    }
}
