//! What somebody or something wants of a ticket.

use super::{
    Actor, Channel, Import, LinkCommand, Priority, ReplyVia, Rules, Status, TicketEvent, TicketType,
};
use crate::{
    Digest, GroupId, OutboxId, PersonId, RuleId, TicketNumber, Timestamp,
    assignment::{self, RequiredSkill},
    contact::{
        comment::{AuthorRole, BodyRef, IncidentState},
        tells::Tells,
    },
    outbox,
    sla::Metric,
    triage,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// What the decision needs to know besides ticket and command.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// Who commands.
    pub actor: &'c Actor,
    /// What led to it, as it will stand in the events.
    pub cause: &'c str,
    /// What the operator laid down.
    pub rules: &'c dyn Rules,
    /// The ticket's events so far; needed only where a decision says that it [lacks](super::Refusal::Lacks) them.
    pub history: Option<&'c [TicketEvent]>,
    /// How many parts the save can have: [`super::MOST_PARTS`] without those that go with it.
    pub room: usize,
}

/// A contact that becomes a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    /// Subject; cut to the limit, "(no subject)" when empty.
    pub subject: String,
    /// Who asks.
    pub requester: PersonId,
    /// How it came.
    pub channel: Channel,
    /// Where answers go.
    pub reply_via: ReplyVia,
    /// Id in the caller's own system.
    pub external_id: Option<String>,
    /// Priority the contact brought along.
    pub priority: Option<Priority>,
    /// Type the contact brought along.
    pub ticket_type: Option<TicketType>,
    /// Tags the contact brought along.
    pub tags: Vec<String>,
    /// The ticket it follows or may belong to.
    pub follows: Option<TicketNumber>,
    /// Whether the requester is told that we have it.
    pub acknowledge: bool,
    /// Why they are not, where they would have been.
    pub unacknowledged: Option<String>,
    /// The first comment.
    pub comment: CommentFacts,
    /// What an agent says beside it, to agents only.
    pub note: Option<CommentFacts>,
    /// People who are to get the answers in copy, the first comment included if it is one.
    pub ccs: Vec<PersonId>,
}

/// What the ticket needs to know of a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentFacts {
    /// In which part they wrote.
    pub role: AuthorRole,
    /// The author.
    pub author: PersonId,
    /// Whether the requester may see it.
    pub public: bool,
    /// Where the text lies.
    pub body: BodyRef,
    /// The sign by which it was taken for automatic mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<String>,
    /// What a monitor tells by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<IncidentState>,
    /// Agents whom a note speaks to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// What it tells of besides its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells: Option<Tells>,
}

/// A change of an existing ticket, in one save. An answer that can be recalled is stored with it, so what was stored is read for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Update {
    /// The version the caller had seen, if they care.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<u64>,
    /// A comment to add.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<CommentFacts>,
    /// Status to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Assignee to set, or to take away.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "set_or_taken_away"
    )]
    pub assignee: Option<Option<PersonId>>,
    /// Group to move to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Priority to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Type to set, or to take away.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "set_or_taken_away"
    )]
    pub ticket_type: Option<Option<TicketType>>,
    /// Subject to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Id in another system to set, or to take away.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "set_or_taken_away"
    )]
    pub external_id: Option<Option<String>>,
    /// Where answers go from now on; kept as it is where the ticket has no room for the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_via: Option<ReplyVia>,
    /// Fields of the operator's own to set, or to take away.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Option<String>>,
    /// Form to belong to, or none.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "set_or_taken_away"
    )]
    pub form: Option<Option<u64>>,
    /// Status of the operator's own to set; its category goes before `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_status: Option<u64>,
    /// When a task is due, or that it is not.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "set_or_taken_away"
    )]
    pub due_at: Option<Option<Timestamp>>,
    /// Tags to add.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Tags to take away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_tags: Vec<String>,
    /// People who are to get the answers in copy, this one included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_ccs: Vec<PersonId>,
    /// People who are not to any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_ccs: Vec<PersonId>,
    /// The problem that it is an incident of, or that it is of none any more.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "set_or_taken_away"
    )]
    pub problem: Option<Option<TicketNumber>>,
    /// Agents who are told of each comment from now on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_followers: Vec<PersonId>,
    /// Agents who are not any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_followers: Vec<PersonId>,
    /// Until when it sleeps, or that it wakes up.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "set_or_taken_away"
    )]
    pub snooze: Option<Option<Timestamp>>,
    /// All skills required of whoever gets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<RequiredSkill>>,
}

/// What is there was said, be it that something is to be taken away.
fn set_or_taken_away<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What somebody or something wants of a ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Make it.
    Create(Box<NewTicket>),
    /// Change it.
    Update(Box<Update>),
    /// Record what the rules say.
    Triage {
        /// What they say.
        outcome: triage::TriageOutcome,
        /// Where the whole decision lies.
        decision: Digest,
        /// The ticket's events so far: triggers answer to its creation now that it is known what it is.
        began: Vec<TicketEvent>,
    },
    /// Run a macro.
    RunMacro {
        /// Which.
        rule: RuleId,
    },
    /// Give it to the agent found.
    Assign {
        /// Who, and why.
        choice: assignment::Choice,
        /// Where the whole decision lies.
        decision: Digest,
    },
    /// Record that nobody was found.
    Defer {
        /// Why, in a sentence.
        reason: String,
        /// When it is tried again at the latest.
        retry_at: Timestamp,
        /// When time alone makes another decision possible.
        changes_at: Option<Timestamp>,
        /// Where the whole decision lies.
        decision: Option<Digest>,
    },
    /// Back to its group, because the agent who has it went away. Nothing where they do not have it, or it is not open.
    HandBack {
        /// The agent.
        from: PersonId,
        /// Whether they are gone for good, so that what waits for somebody else goes back, too.
        leaves: bool,
        /// Why, in a sentence.
        reason: String,
    },
    /// To a group of a higher tier.
    Escalate {
        /// Which; nothing where there is none above its own.
        to: Option<GroupId>,
        /// Why, in a sentence.
        reason: String,
    },
    /// Do what is due.
    FireTimers,
    /// Put the ticket under the policy that holds for it now, in its newest version.
    FollowPolicy,
    /// Declare a breach void.
    VoidBreach {
        /// Of which clock.
        metric: Metric,
        /// Of which cycle: version of the event that started it.
        instance: u64,
        /// Why, in a sentence.
        reason: String,
    },
    /// The customer says whether it is solved.
    AnswerSolution {
        /// Whether.
        is_solved: bool,
    },
    /// The requester says how they were helped.
    Rate(Box<super::Rating>),
    /// Record that an agent passed it over.
    Skip {
        /// Who.
        agent: PersonId,
        /// Why, in their words.
        reason: Option<String>,
    },
    /// Tell the agents what became of an answer.
    ReportDelivery {
        /// Which piece of work.
        outbox: OutboxId,
        /// What became of it.
        outcome: outbox::DeliveryOutcome,
        /// In words.
        detail: String,
        /// Whether the requester has an agent's answer after that, or it is on its way to them again; nothing where it says
        /// nothing about that.
        is_answered: Option<bool>,
    },
    /// Set it aside, so that nobody finds it.
    Delete,
    /// Take it back from those that were deleted.
    Restore,
    /// Delete it for good, once it was set aside.
    DeletePermanently,
    /// Record that something of a comment was made unreadable; the comment is stored with it.
    Redact(Redaction),
    /// Make it somebody else's who asks, because two records were one person's, or are two again. Nothing where it is not theirs.
    MergeRequester {
        /// Whose it is.
        from: PersonId,
        /// Whose it becomes.
        to: PersonId,
        /// Whether they are two again.
        is_undone: bool,
    },
    /// Record that somebody who had to do with it was forgotten.
    ForgetPerson {
        /// Who it was.
        person: PersonId,
    },
    /// Keep a public comment to agents; the comment is stored with it.
    MakePrivate {
        /// The comment: its version.
        comment: u64,
        /// Version of the newest comment that stays public; 0 for none.
        last_public_v: u64,
    },
    /// Something that has to do with another ticket, too.
    Link(Box<LinkCommand>),
    /// Make it of what stood in another system.
    Import(Box<Import>),
    /// Record that what had to go is gone.
    RecordErasure {
        /// As of which version: what had to go since is not.
        redacted_v: u64,
        /// How many objects and entries it was.
        count: u64,
        /// When the rest is looked at, where something is left.
        again_at: Option<Timestamp>,
    },
}

/// What of a comment was made unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// The comment: its version.
    pub comment: u64,
    /// In how many places of its text.
    pub places: u64,
    /// Which of its files, by their place among them.
    pub files: Vec<u64>,
    /// Whether nothing of it stays.
    pub whole: bool,
    /// The passages of its text; they do not stay in the ticket's subject either.
    pub passages: Vec<String>,
}
