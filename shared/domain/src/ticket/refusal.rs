//! Why the domain says no. A refusal is a normal answer, not a failure of the world.

use super::Status;

/// A command that may not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The ticket has events already.
    #[error("the ticket exists already")]
    AlreadyExists,
    /// There is no such ticket.
    #[error("there is no such ticket")]
    Missing,
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
    /// More people in copy than one mail may have.
    #[error("{0} people would get the answers in copy, at most 40 may")]
    TooManyCcs(usize),
    /// Copies go out by mail.
    #[error("nobody can get the answers in copy: this ticket is not answered by mail")]
    CopiesWithoutMail,
    /// Somebody else changed the ticket since the caller last looked.
    #[error("the ticket was changed since version {seen} by somebody else; it is at version {now}")]
    Stale {
        /// What the caller had seen.
        seen: u64,
        /// What is there.
        now: u64,
    },
}
