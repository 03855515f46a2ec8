//! What happened to a ticket, in the past tense. Events are immutable and hold ids of people, never
//! addresses or bodies, so that a person can be erased and the record kept.

use super::{Channel, CustomerWait, Priority, ReplyVia, Status, TicketType};
use crate::rule::{Planned, RuleKind};
use crate::sla::{Action, Clocks, Firing, InForce, Metric, Step};
use crate::{
    Digest, GroupId, OutboxId, PersonId, PolicyId, RuleId, TicketNumber, Timestamp,
    assignment::RequiredSkill,
    contact::comment::{AuthorRole, BodyRef},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// The promise that was chosen for a ticket, as it was stored before policies had versions.
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
    /// The clocks with it, where the save that it ends changed them: so the ticket stays the sum of its events, and its
    /// history shows how each due time moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clocks: Option<Clocks>,
    /// The automations that are to run with it, where the save that it ends changed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automations: Option<Vec<Planned>>,
}

/// What a rule wrote in a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenBy {
    /// The rule.
    pub rule: RuleId,
    /// What it is called.
    pub name: String,
    /// The subject of the mail that it goes out in; the ticket's own where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The language it is in, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its first words.
    pub snippet: String,
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
        /// What it weighs in an agent's load, in units, where that is not one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight: Option<u32>,
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
        /// The rule that wrote it, where one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written_by: Option<WrittenBy>,
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
        /// Skills required of whoever gets it, sorted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skills: Vec<RequiredSkill>,
        /// The promise chosen, in events of before policies had versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sla: Option<SlaTargets>,
        /// Language of its first comment as a BCP 47 tag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        /// The requester's open ticket that seems to say the same. A hint: nothing follows from it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duplicate_of: Option<TicketNumber>,
        /// Which rule set its mark last.
        rule: String,
        /// Why, in a sentence.
        reason: String,
        /// The operator's rules that matched, in their order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rules: Vec<RuleId>,
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
        /// When time alone makes another decision possible: somebody's day begins, skills are waived.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        changes_at: Option<Timestamp>,
        /// Where the whole decision lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<Digest>,
    },
    /// Other skills are required of whoever gets it.
    SkillsRequired {
        /// From, sorted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        from: Vec<RequiredSkill>,
        /// To, sorted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<RequiredSkill>,
        /// When the sweep looks after its assignment, if it waits for an agent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment_overdue_at: Option<Timestamp>,
    },
    /// An agent who went away handed it back to its group.
    HandedBack {
        /// Who had it.
        from: PersonId,
        /// Why, in a sentence.
        reason: String,
        /// When the sweep looks after its assignment.
        assignment_overdue_at: Timestamp,
    },
    /// It went to a group of a higher tier.
    Escalated {
        /// From.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<GroupId>,
        /// To.
        to: GroupId,
        /// Who had it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<PersonId>,
        /// Why, in a sentence.
        reason: String,
        /// When the sweep looks after its assignment.
        assignment_overdue_at: Timestamp,
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
        /// What happens if the customer does not answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wait: Option<CustomerWait>,
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
    /// Fields of the operator's own were set or taken away.
    FieldsChanged {
        /// Name and new value.
        changed: BTreeMap<String, Option<String>>,
    },
    /// A rule put it under a policy, whatever the policies' conditions say, or left the choice to them again.
    SlaPolicySet {
        /// The policy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<PolicyId>,
    },
    /// A rule ran. What it did stands in the events before it, which name it as their actor.
    RuleRan {
        /// The rule.
        rule: RuleId,
        /// Its kind.
        kind: RuleKind,
        /// What it is called.
        name: String,
        /// Why, in a sentence.
        reason: String,
        /// What its condition read, with the values it found.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        read: Vec<(String, String)>,
        /// What it could not do, and why.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left_undone: Vec<String>,
        /// The addresses it calls.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        calls: Vec<String>,
        /// Of an automation: when it was due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Timestamp>,
    },
    /// A rule that was to run did not, and will not for a while.
    RuleStopped {
        /// The rule.
        rule: RuleId,
        /// Its kind.
        kind: RuleKind,
        /// What it is called.
        name: String,
        /// Why, in a sentence.
        reason: String,
        /// Of an automation: when it was due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Timestamp>,
    },
    /// A rule tells agents something by mail.
    AgentsNotified {
        /// The rule.
        rule: RuleId,
        /// What it is called.
        name: String,
        /// Whom.
        to: Vec<PersonId>,
        /// The subject.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// Where the text lies.
        body: BodyRef,
    },
    /// Automations came into force that are to run later, or went.
    AutomationsPlanned {},
    /// Another policy holds from now on, or another version of it or of its calendar.
    SlaPolicyApplied {
        /// What it is called; nothing where no policy holds any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<String>,
        /// Which versions held before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<InForce>,
        /// Which versions hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<InForce>,
        /// Why, in a sentence.
        reason: String,
    },
    /// A promise is about to be broken.
    SlaWarned {
        /// Which.
        metric: Metric,
        /// When the warning was due.
        due_at: Timestamp,
        /// Which cycle: version of the event that started it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instance: Option<u64>,
        /// Which warning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Step>,
        /// Which versions held.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        in_force: Option<InForce>,
    },
    /// A promise was broken.
    SlaBreached {
        /// Which.
        metric: Metric,
        /// When it was due.
        due_at: Timestamp,
        /// Which cycle: version of the event that started it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instance: Option<u64>,
        /// Which versions held.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        in_force: Option<InForce>,
    },
    /// A promise has been broken for a while, and the policy says what is done then. What follows stands in the events
    /// after it.
    SlaEscalated {
        /// Which step of which clock, and when it was due.
        firing: Firing,
        /// What is done.
        actions: Vec<Action>,
        /// Who is told.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notified: Vec<PersonId>,
    },
    /// A breach was declared void. It stays in the history.
    SlaBreachVoided {
        /// Of which clock.
        metric: Metric,
        /// Of which cycle: version of the event that started it.
        instance: u64,
        /// When it was due.
        due_at: Timestamp,
        /// Why, in a sentence.
        reason: String,
    },
    /// A promise was kept, or what it is about happened late.
    SlaFulfilled {
        /// Which.
        metric: Metric,
        /// When it was due, or would have been; nothing where its clock stood still.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Timestamp>,
        /// Which cycle: version of the event that started it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instance: Option<u64>,
    },
    /// It sleeps for a while.
    Snoozed {
        /// Until then.
        until: Timestamp,
    },
    /// It woke up.
    SnoozeEnded {
        /// Why, in a sentence.
        reason: String,
    },
    /// The customer was reminded that we wait for an answer.
    CustomerReminded {
        /// Which reminder of this wait, from 1; those that fell into an outage are counted, not sent.
        nth: u32,
        /// When it was due.
        due_at: Timestamp,
    },
    /// The customer said that it is solved.
    SolutionConfirmed {},
    /// What became of an answer on its way out, where an agent must know.
    DeliveryReported {
        /// Which piece of work.
        outbox: OutboxId,
        /// What became of it.
        outcome: crate::outbox::Outcome,
        /// In words.
        detail: String,
    },
}
