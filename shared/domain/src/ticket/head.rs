//! The ticket's head: the state that its events add up to.

use super::{
    CustomerWait, IncidentsDue, Priority, Status, TicketType,
    channel::{Channel, ReplyVia},
};
use crate::{
    GroupId, PersonId, PolicyId, TicketNumber, Timestamp,
    assignment::{DEFAULT_WEIGHT, RequiredSkill},
    field::{LONGEST_VALUE, own_id},
    record::ChainEnd,
    rule::{Planned, RuleRuns},
    sla::Clocks,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether a ticket has been triaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Triage {
    /// Not yet; when the sweep should look after it.
    Due {
        /// Until then the fast path has its chance.
        overdue_at: Timestamp,
    },
    /// Done.
    Done,
}

/// Which part of a list a ticket stands in, the first first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListRank {
    /// Something is due, or overdue.
    Due,
    /// Nothing is.
    NotDue,
    /// It sleeps.
    Snoozed,
}

/// A ticket that waits for an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Since when.
    pub since: Timestamp,
    /// When the sweep should look after it.
    pub overdue_at: Timestamp,
    /// Why nobody was found, once somebody was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When time alone makes another decision possible: somebody's day begins, skills are waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes_at: Option<Timestamp>,
}

impl Waiting {
    /// Whether it says this already.
    pub fn says(&self, reason: &str, changes_at: Option<Timestamp>) -> bool {
        self.reason.as_deref() == Some(reason) && self.changes_at == changes_at
    }
}

/// That a ticket was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// When.
    pub at: Timestamp,
    /// Who did it, if it was a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// When it is deleted for good; nothing once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_good_at: Option<Timestamp>,
}

impl Deletion {
    /// Whether it can't be restored any more.
    pub fn is_for_good(&self) -> bool {
        self.for_good_at.is_none()
    }
}

/// Where a ticket went that was merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedInto {
    /// The ticket where it goes on, unless that one was merged, too.
    pub ticket: TicketNumber,
    /// Version of the event by which it went.
    pub v: u64,
    /// The status that it had.
    pub status: Status,
}

/// The head. It is the fold of the ticket's events, and is stored so that nobody has to fold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The number.
    pub number: TicketNumber,
    /// Version: the number of events. 0 before the first.
    pub v: u64,
    /// What it is about.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// Who asks.
    pub requester: PersonId,
    /// Who asked before, where the records of two people became one, the first first: at most [`Ticket::MOST_MERGED_FROM`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_from: Vec<PersonId>,
    /// Who got answers in copy until they became who asks, by the records of two people that became one; as many at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copied_before: Vec<PersonId>,
    /// How it came.
    pub channel: Channel,
    /// Where answers go.
    pub reply_via: ReplyVia,
    /// The group that works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The agent who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// Whether that agent came to it without being asked for room: by hand, or because it came back. A load may be above
    /// capacity by such tickets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_override: bool,
    /// The skills that the desk asks of an agent, sorted: at most [`crate::assignment::MOST_SKILLS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<RequiredSkill>,
    /// What it weighs in an agent's load, in units.
    #[serde(default = "one_unit", skip_serializing_if = "is_one_unit")]
    pub weight: u32,
    /// How urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<TicketType>,
    /// Tags, sorted, without repeats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The operator's own fields, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The form it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<u64>,
    /// The operator's own status that it is in, of the category of its status; none is the one that every desk has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_status: Option<u64>,
    /// When a task is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Id in the caller's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The closed ticket it follows, or the one it may belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<TicketNumber>,
    /// Language of its first comment as a BCP 47 tag; nothing where it could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Who gets the answers in copy, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ccs: Vec<PersonId>,
    /// Solved last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved_at: Option<Timestamp>,
    /// How often it was reopened.
    #[serde(default)]
    pub reopens: u32,
    /// When it was reopened lately, oldest first: at most [`Ticket::MOST_REOPENS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reopened_at: Vec<Timestamp>,
    /// When a solved ticket is reopened whose reopening was held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopen_due_at: Option<Timestamp>,
    /// Triage.
    pub triage: Triage,
    /// Set while it waits for an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// What is promised and how it stands; nothing where no policy holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clocks: Option<Clocks>,
    /// The SLA policy that a rule put it under, whatever the policies' conditions say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_policy: Option<PolicyId>,
    /// Rules that ran on it within the hour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rule_runs: Vec<RuleRuns>,
    /// Automations whose condition holds for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub automations: Vec<Planned>,
    /// What happens if the customer does not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<CustomerWait>,
    /// Until when it sleeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    /// When a solved ticket closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_due_at: Option<Timestamp>,
    /// Version of the newest public comment.
    #[serde(default)]
    pub last_public_v: u64,
    /// Version of the newest comment of all. 0 in heads of before that was kept, see [`Ticket::newest_comment_v`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub last_comment_v: u64,
    /// When the requester last wrote. Nothing in heads of before that was kept, see [`Ticket::requester_wrote_at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_contact_at: Option<Timestamp>,
    /// What its requester thinks of how they were helped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<super::Satisfaction>,
    /// That it was deleted; nothing while it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    /// Version of the last event by which words had to go; 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub redacted_v: u64,
    /// When they are to be gone from wherever else they stand; nothing once they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erase_due_at: Option<Timestamp>,
    /// The ticket that it went into; nothing while it stands for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<MergedInto>,
    /// The tickets that went into it, in that order: at most [`Ticket::MOST_MERGED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<TicketNumber>,
    /// The problem that it is an incident of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<TicketNumber>,
    /// What is left to do about its incidents, where it is a problem that was solved; nothing once they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incidents_due: Option<IncidentsDue>,
    /// Agents who are told of each comment, sorted: at most [`Ticket::MOST_FOLLOWERS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub followers: Vec<PersonId>,
    /// When it came from another system; nothing where it began here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_at: Option<Timestamp>,
    /// The end of the chain of its events as they are stored; it stands beside the head.
    #[serde(skip)]
    pub chain: ChainEnd,
}

fn one_unit() -> u32 {
    DEFAULT_WEIGHT
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn is_one_unit(weight: &u32) -> bool {
    *weight == DEFAULT_WEIGHT
}

impl Ticket {
    /// Longest subject in characters.
    pub const LONGEST_SUBJECT: usize = 250;
    /// Most bytes of a subject: a head has at most [`super::parts::MOST_HEAD_BYTES`].
    pub const MOST_SUBJECT_BYTES: usize = 600;
    /// Most tags on one ticket, for the same reason.
    pub const MOST_TAGS: usize = 30;
    /// Longest tag in characters.
    pub const LONGEST_TAG: usize = 40;
    /// Most fields of the operator's own on one ticket, for the same reason.
    pub const MOST_FIELDS: usize = 10;
    /// Longest name of such a field in characters.
    pub const LONGEST_FIELD_NAME: usize = 40;
    /// Longest value of such a field in characters.
    pub const LONGEST_FIELD_VALUE: usize = 100;
    /// Most people who get the answers in copy: with the requester fewer than the 50 recipients of one mail.
    pub const MOST_CCS: usize = 40;
    /// Most tickets that went into one, those that had gone into them included: whoever reads its comments reads theirs.
    pub const MOST_MERGED: usize = 40;
    /// Most agents who follow a ticket: each gets a mail for each comment.
    pub const MOST_FOLLOWERS: usize = 20;
    /// Most earlier requesters that a head names: of an older one the undo of a merge takes no ticket back.
    pub const MOST_MERGED_FROM: usize = 8;
    /// How long a deleted ticket can be restored.
    pub const RESTORABLE_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);
    /// Most reopenings within [`Ticket::REOPEN_WINDOW`]: a program that answers every mail would reopen for ever.
    pub const MOST_REOPENS: usize = 5;
    /// The window of that limit.
    pub const REOPEN_WINDOW: jiff::SignedDuration = jiff::SignedDuration::from_mins(180);

    /// The ticket before its first event.
    pub fn blank(number: TicketNumber) -> Self {
        Self {
            number,
            v: 0,
            subject: String::new(),
            status: Status::New,
            requester: PersonId(0),
            merged_from: Vec::new(),
            copied_before: Vec::new(),
            channel: Channel::Api,
            reply_via: ReplyVia::Nowhere,
            group: None,
            assignee: None,
            by_override: false,
            skills: Vec::new(),
            weight: DEFAULT_WEIGHT,
            priority: None,
            ticket_type: None,
            tags: Vec::new(),
            fields: BTreeMap::new(),
            form: None,
            custom_status: None,
            due_at: None,
            external_id: None,
            follows: None,
            language: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            ccs: Vec::new(),
            solved_at: None,
            reopens: 0,
            reopened_at: Vec::new(),
            reopen_due_at: None,
            triage: Triage::Done,
            waiting: None,
            clocks: None,
            sla_policy: None,
            rule_runs: Vec::new(),
            automations: Vec::new(),
            wait: None,
            snoozed_until: None,
            close_due_at: None,
            last_public_v: 0,
            last_comment_v: 0,
            last_contact_at: None,
            satisfaction: None,
            deletion: None,
            redacted_v: 0,
            erase_due_at: None,
            merged_into: None,
            merged: Vec::new(),
            problem: None,
            incidents_due: None,
            followers: Vec::new(),
            imported_at: None,
            chain: ChainEnd::default(),
        }
    }

    /// Whether a field of the operator's own can have this name and value.
    pub fn field_is_well_formed(name: &str, value: Option<&str>) -> bool {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        (1..=Self::LONGEST_FIELD_NAME).contains(&name.len())
            && name.chars().all(is_name)
            && value.is_none_or(|value| {
                let longest = own_id(name).map_or(Self::LONGEST_FIELD_VALUE, |_| LONGEST_VALUE);
                !value.is_empty() && value.chars().count() <= longest
            })
    }

    /// When the requester last wrote, as far as it is known. A ticket whose head does not say so began with their words
    /// where they came from outside.
    pub fn requester_wrote_at(&self) -> Option<Timestamp> {
        let is_from_outside = !matches!(self.channel, Channel::Api | Channel::Agent);
        self.last_contact_at
            .or_else(|| is_from_outside.then_some(self.created_at))
    }

    /// The version of its newest comment, as far as it is known: of a ticket whose head does not say so, of the newest public one.
    /// 0: it has none.
    pub fn newest_comment_v(&self) -> u64 {
        match self.last_comment_v {
            0 => self.last_public_v,
            v => v,
        }
    }

    /// Whether it was deleted, for a while or for good.
    pub fn is_deleted(&self) -> bool {
        self.deletion.is_some()
    }

    /// Whether it was deleted and can't be restored any more.
    pub fn is_deleted_for_good(&self) -> bool {
        self.deletion.as_ref().is_some_and(Deletion::is_for_good)
    }

    /// When it last changed here: one from another system came later than it was changed there.
    pub fn changed_at(&self) -> Timestamp {
        self.imported_at
            .map_or(self.updated_at, |at| at.max(self.updated_at))
    }

    /// Whether somebody works on it, or is to.
    pub fn is_worked_on(&self) -> bool {
        self.status.is_unsolved() && !self.is_deleted()
    }

    /// Whether a contact can be added to it.
    pub fn takes_contacts(&self) -> bool {
        self.status != Status::Closed && !self.is_deleted()
    }

    /// The agent whose load the ticket is part of.
    pub fn burdens(&self) -> Option<PersonId> {
        self.assignee.filter(|_| self.is_worked_on())
    }

    /// The least of everything that is to happen later; nothing once the ticket is closed.
    pub fn next_timer_at(&self) -> Option<Timestamp> {
        if let Some(deletion) = &self.deletion {
            return [deletion.for_good_at, self.erase_due_at]
                .into_iter()
                .flatten()
                .min();
        }
        if self.merged_into.is_some() {
            return self.next_own_timer_at();
        }
        let triage = match self.triage {
            Triage::Due { overdue_at } => Some(overdue_at),
            Triage::Done => None,
        };
        let stages = [
            triage,
            self.waiting.as_ref().map(|waiting| waiting.overdue_at),
            self.incidents_due.map(|due| due.overdue_at),
        ];
        stages.into_iter().flatten().chain(self.next_own_timer_at()).min()
    }

    /// The least of what is to happen later, without the stages that are to look at it.
    pub fn next_own_timer_at(&self) -> Option<Timestamp> {
        // What was due is due again once the merge is undone.
        if self.merged_into.is_some() {
            return self.erase_due_at;
        }
        let clocks = self.clocks.as_ref().and_then(Clocks::next_timer_at);
        [
            clocks,
            self.wait.as_ref().and_then(CustomerWait::next_at),
            self.snoozed_until,
            self.close_due_at,
            self.reopen_due_at,
            self.erase_due_at,
            self.automations.iter().filter_map(|planned| planned.due_at).min(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The least time by which something promised and not fulfilled is due, or was.
    pub fn next_due_at(&self) -> Option<Timestamp> {
        self.clocks.as_ref().and_then(Clocks::next_due_at)
    }

    /// Where an open ticket stands in lists: what a clock counts for by its due time, so the overdue first; then what nobody
    /// promised anything of by when its customer wrote; what sleeps by when it wakes.
    pub fn list_place(&self) -> (ListRank, Timestamp) {
        match (self.snoozed_until, self.next_due_at()) {
            (Some(until), _) => (ListRank::Snoozed, until),
            (None, Some(due_at)) => (ListRank::Due, due_at),
            (None, None) => (ListRank::NotDue, self.last_contact_at.unwrap_or(self.created_at)),
        }
    }
}
