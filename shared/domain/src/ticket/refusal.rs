//! Why the domain says no. A refusal is a normal answer, not a failure of the world.

use super::{LinkRefusal, Needs, Status};
use crate::{GroupId, PersonId, RuleId, assignment::BadSkills, sla::Metric};

/// A command that may not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The ticket has events already.
    #[error("the ticket exists already")]
    AlreadyExists,
    /// There is no such ticket.
    #[error("there is no such ticket")]
    Missing,
    /// Deleted tickets do not change.
    #[error("the ticket was deleted; restore it first")]
    Deleted,
    /// Nothing brings it back.
    #[error("the ticket was deleted for good")]
    DeletedForGood,
    /// What stands is neither restored nor deleted for good.
    #[error("the ticket was not deleted")]
    NotDeleted,
    /// Closed tickets do not change.
    #[error("the ticket is closed and can't be changed")]
    Closed,
    /// A move the status does not allow.
    #[error("status can't change from {from} to {to}")]
    StatusMove {
        /// From.
        from: Status,
        /// To.
        to: Status,
    },
    /// The group does not know the agent.
    #[error("the assignee is not an agent of group {0}")]
    NotInGroup(u64),
    /// The subject is empty or too long.
    #[error("the subject has {0} characters, 1 to 250 are allowed")]
    SubjectLength(usize),
    /// A tag is empty, too long, or there are too many.
    #[error("tags: at most 30, each of 1 to 40 characters without white space")]
    Tags,
    /// Fields of the operator's own that are none, or too many.
    #[error(
        "fields: at most 10, each with a name of 1 to 40 characters a-z, 0-9 and _ and a value of 1 to 100 characters"
    )]
    Fields,
    /// A field of tickets that is none, or a value that is none of its.
    #[error("{words}")]
    OwnField {
        /// Which.
        id: u64,
        /// Why, in words.
        words: String,
    },
    /// An agent solves what lacks something.
    #[error("{title:?} has to be filled in before the ticket is solved")]
    RequiredField {
        /// Which.
        id: u64,
        /// What it is called.
        title: String,
    },
    /// There is no such form, or it is not in use.
    #[error("there is no active form {0}")]
    NoForm(u64),
    /// There is no such status, or it is not in use.
    #[error("there is no active status {0}")]
    NoCustomStatus(u64),
    /// A status that tickets of the form do not have.
    #[error("tickets of form {form} do not have status {status}")]
    StatusOfForm {
        /// The form.
        form: u64,
        /// The status.
        status: u64,
    },
    /// Only tasks have a time by which they are due.
    #[error("only a ticket of type task has a due date")]
    DueWithoutTask,
    /// There is no such macro.
    #[error("there is no active macro {0}")]
    NoMacro(RuleId),
    /// More people in copy than one mail may have.
    #[error("{0} people would get the answers in copy, at most 40 may")]
    TooManyCcs(usize),
    /// Copies go out by mail.
    #[error("nobody can get the answers in copy: this ticket is not answered by mail")]
    CopiesWithoutMail,
    /// The decision lacks something: hand it in and decide again.
    #[error("what the decision needs was not handed in")]
    Lacks(Box<Needs>),
    /// More than one save can hold.
    #[error("too much for one save: it would have {parts} parts and can have {most}; do it in several steps")]
    TooMuchAtOnce {
        /// How many it would have.
        parts: usize,
        /// How many it can have, beside what goes with it.
        most: usize,
    },
    /// The head would be larger than it may be.
    #[error(
        "the ticket would say too much of itself: {bytes} bytes, {most} are allowed; use fewer or shorter tags, fields and skills"
    )]
    HeadTooLarge {
        /// What it would have.
        bytes: usize,
        /// What it may have.
        most: usize,
    },
    /// There is no such breach.
    #[error("no breach of {} in the cycle that began with version {instance} stands", metric.as_str())]
    NoBreach {
        /// Of which clock.
        metric: Metric,
        /// Of which cycle.
        instance: u64,
    },
    /// Asleep until a time that is past or too far away.
    #[error("a ticket can be snoozed for at least a minute and at most a year")]
    Snooze,
    /// What is solved does not sleep.
    #[error("the ticket is {0} and can't be snoozed")]
    SnoozeSolved(Status),
    /// Only a solved ticket can be confirmed.
    #[error("the ticket is {0}, so there is nothing to confirm")]
    NotSolved(Status),
    /// Skills that can't be required.
    #[error(transparent)]
    Skills(#[from] BadSkills),
    /// Nobody said where the tickets of this group are escalated to.
    #[error("no group stands above {}, so the ticket can't be escalated", .0.map_or_else(|| "a ticket without a group".to_owned(), |group| format!("group {group}")))]
    NoHigherGroup(Option<GroupId>),
    /// It is there already.
    #[error("the ticket is in group {0} already")]
    AlreadyInGroup(GroupId),
    /// There is no such group, or it takes no more tickets.
    #[error("group {0} takes no tickets")]
    GroupTakesNone(GroupId),
    /// What is solved is not escalated.
    #[error("the ticket is {0} and can't be escalated")]
    EscalateSolved(Status),
    /// Something that has to do with another ticket can't be.
    #[error(transparent)]
    Link(#[from] LinkRefusal),
    /// A reason is empty or too long.
    #[error("the reason has {0} characters, 1 to 500 are allowed")]
    ReasonLength(usize),
    /// Somebody else changed the ticket since the caller last looked.
    #[error("the ticket was changed since version {seen} by somebody else; it is at version {now}")]
    Stale {
        /// What the caller had seen.
        seen: u64,
        /// What is there.
        now: u64,
    },
}

impl Refusal {
    pub(crate) fn lacks_history() -> Self {
        Self::Lacks(Box::new(Needs::history()))
    }

    pub(crate) fn lacks_staff(person: PersonId) -> Self {
        Self::Lacks(Box::new(Needs::staff(person)))
    }
}
