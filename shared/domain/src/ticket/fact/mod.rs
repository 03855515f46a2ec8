//! What happened to a ticket. Facts are stored for ever and hold ids of people, never addresses or bodies.

mod contact;
mod links;
mod name;
mod rules;
mod triage;

use super::{CustomerWait, Priority, ReplyVia, Status, TicketType};
use crate::{
    Digest, GroupId, OutboxId, PersonId, PolicyId, Timestamp,
    assignment::RequiredSkill,
    sla::{Action, Firing, InForce, Metric, Step},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use contact::{CommentAdded, TicketCreated, WrittenBy};
pub use links::{
    ExternalIdChanged, FollowersChanged, Imported, IncidentsQueued, IncidentsSolved, MergeUndone, Merged,
    MergedIn, MergedInUndone, ProblemChanged, SplitFrom, SplitOff,
};
pub use rules::{AgentsNotified, RuleRan, RuleStopped};
pub use triage::Triaged;

/// The reason of a status that somebody chose.
pub const SET_BY_HAND: &str = "set by hand";

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "PascalCase", rename_all_fields = "snake_case")]
pub enum Fact {
    /// A contact became a ticket.
    TicketCreated(TicketCreated),
    /// Somebody wrote.
    CommentAdded(CommentAdded),
    /// The rules had their say.
    Triaged(Triaged),
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
    /// Answers go another way: the channel said so.
    ReplyViaChanged {
        /// From now on.
        to: ReplyVia,
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
    /// It belongs to another form.
    FormChanged {
        /// From.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<u64>,
        /// To.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<u64>,
    },
    /// It is in another of the operator's own statuses of the same category; none is the one that every desk has.
    CustomStatusChanged {
        /// From.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<u64>,
        /// To.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<u64>,
    },
    /// A task is due at another time.
    DueChanged {
        /// From.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        /// To.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Timestamp>,
    },
    /// A rule put it under a policy, whatever the policies' conditions say, or left the choice to them again.
    SlaPolicySet {
        /// The policy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<PolicyId>,
    },
    /// A rule ran. What it did stands in the events before it, which name it as their actor.
    RuleRan(RuleRan),
    /// A rule that was to run did not, and will not for a while.
    RuleStopped(RuleStopped),
    /// A rule tells agents something by mail.
    AgentsNotified(AgentsNotified),
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
    /// The requester said how they were helped.
    SatisfactionRated {
        /// How it was.
        score: super::Score,
        /// Why, as a code of the reasons there are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<u16>,
        /// In their own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// An agent passed it over.
    Skipped {
        /// Who.
        agent: PersonId,
        /// Why, in their words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What became of an answer on its way out, where an agent must know.
    DeliveryReported {
        /// Which piece of work.
        outbox: OutboxId,
        /// What became of it.
        outcome: crate::outbox::DeliveryOutcome,
        /// In words.
        detail: String,
        /// Whether the requester has an agent's answer after that, or it is on its way to them again; nothing where it says
        /// nothing about that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        is_answered: Option<bool>,
    },
    /// It was set aside: nobody finds it, and nothing happens to it.
    Deleted {
        /// When it is deleted for good, unless somebody restores it before.
        for_good_at: Timestamp,
    },
    /// It was taken back from those that were deleted.
    Restored {},
    /// It was deleted for good: nothing that anybody said stays.
    PermanentlyDeleted {
        /// Why, in a sentence.
        reason: String,
        /// When what was said is to be gone.
        erase_due_at: Timestamp,
    },
    /// Something that was said in a comment was made unreadable for good, or files of it were.
    CommentRedacted {
        /// The comment: its version.
        comment: u64,
        /// In how many places of its text; of a whole comment none.
        places: u64,
        /// Which of its files, by their place among them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<u64>,
        /// Whether nothing of it stays.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        whole: bool,
        /// The ticket's subject with it, where that said the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// When it is to be gone from wherever else it stands.
        erase_due_at: Timestamp,
    },
    /// A public comment is for agents only from now on.
    CommentMadePrivate {
        /// The comment: its version.
        comment: u64,
        /// Version of the newest comment that still is public; 0 for none.
        last_public_v: u64,
    },
    /// Who asked is somebody else now: two records were one person's, or are two again.
    RequesterMerged {
        /// Who asked.
        from: PersonId,
        /// Who asks.
        to: PersonId,
        /// Whether they are two again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_undone: bool,
    },
    /// Somebody who got its answers in copy, or wrote on it, was forgotten.
    PersonForgotten {
        /// Who it was.
        person: PersonId,
    },
    /// What was redacted or deleted for good before is gone from wherever it stood.
    Erased {
        /// Of how many objects and entries.
        count: u64,
        /// When the rest is looked at, where something is left.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again_at: Option<Timestamp>,
    },
    /// It went into another ticket.
    Merged(Merged),
    /// Another ticket went into it.
    MergedIn(MergedIn),
    /// It came back from the ticket that it had gone into.
    MergeUndone(MergeUndone),
    /// Another ticket that had gone into it went back to itself.
    MergedInUndone(MergedInUndone),
    /// Comments of it opened a ticket of their own.
    SplitOff(SplitOff),
    /// It has another id in another system, or none there any more.
    ExternalIdChanged(ExternalIdChanged),
    /// It was opened by comments of another ticket.
    SplitFrom(SplitFrom),
    /// Another problem is what it is an incident of, or none.
    ProblemChanged(ProblemChanged),
    /// A problem was solved, and its incidents are to be.
    IncidentsQueued(IncidentsQueued),
    /// The incidents of a problem were solved with it.
    IncidentsSolved(IncidentsSolved),
    /// Agents follow it from now on, or do not any more.
    FollowersChanged(FollowersChanged),
    /// It came from another system.
    Imported(Imported),
}
