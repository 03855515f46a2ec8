//! What is wanted of a ticket and another one: it goes into it and comes back, or comments of it open it.

use super::{
    CommentFacts, Fact, Refusal, ReplyVia, Status, Ticket,
    decide::{FAST_PATH, Log},
    fact,
};
use crate::{PersonId, TicketNumber, Timestamp};

/// What is wanted of a ticket and another one.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkCommand {
    /// Into another ticket, which takes it in by the same save.
    MergeInto {
        /// The other.
        target: TicketNumber,
        /// What is said here.
        comment: Option<CommentFacts>,
    },
    /// Take another ticket in.
    TakeIn(TakeIn),
    /// Back from the ticket that it went into.
    UndoMerge,
    /// Let another ticket go back to itself.
    LetGo {
        /// The other.
        source: TicketNumber,
    },
    /// Solve it, because its problem was solved. Nothing where that is not to be.
    SolveIncident {
        /// The problem.
        problem: TicketNumber,
        /// When that was solved.
        since: Timestamp,
        /// What was said there.
        comment: Option<CommentFacts>,
    },
    /// Record that the incidents of a problem that was solved are, too. Nothing where something else is to be done about them now.
    RecordIncidents {
        /// Version of the event that asked for it.
        v: u64,
        /// How many stay as they were.
        left: u64,
    },
    /// Record that comments of it open a ticket of their own.
    SplitOff {
        /// The new ticket.
        to: TicketNumber,
        /// The comments: their versions.
        comments: Vec<u64>,
    },
    /// Begin with comments of another ticket: the first is what it was made with.
    SplitFrom {
        /// The other.
        ticket: TicketNumber,
        /// The comments there: their versions.
        comments: Vec<u64>,
        /// Those after the first.
        more: Vec<CommentFacts>,
    },
}

/// A ticket that goes into another, as that one is told.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeIn {
    /// It.
    pub source: TicketNumber,
    /// Its requester, and who got its answers in copy.
    pub people: Vec<PersonId>,
    /// Who followed it.
    pub followers: Vec<PersonId>,
    /// What is said here.
    pub comment: Option<CommentFacts>,
}

/// Why something that has to do with another ticket can't be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// It went elsewhere.
    #[error("the ticket was merged into ticket {0} and can't be changed; write there, or undo the merge")]
    Merged(TicketNumber),
    /// A ticket into itself.
    #[error("ticket {0} can't be merged into itself")]
    Itself(TicketNumber),
    /// The other is not there.
    #[error("there is no ticket {0}")]
    NoTicket(TicketNumber),
    /// Closed tickets neither go nor take.
    #[error("ticket {0} is closed and can't be merged")]
    ClosedTicket(TicketNumber),
    /// It did not go anywhere.
    #[error("the ticket was not merged")]
    NotMerged,
    /// Somebody has answered on it since.
    #[error(
        "the ticket has a public comment of its own that is newer than the merge, so the merge can't be undone"
    )]
    WroteSince,
    /// The other one was deleted.
    #[error("ticket {0}, which it was merged into, was deleted: restore that first")]
    OtherDeleted(TicketNumber),
    /// The other one went into a third since.
    #[error("the ticket that it was merged into was merged into ticket {0}: undo that first")]
    UndoOtherFirst(TicketNumber),
    /// Too many in one.
    #[error(
        "at most {} tickets can be merged into one, those that were merged into them included",
        Ticket::MOST_MERGED
    )]
    TooManyMerged,
    /// Only incidents have a problem.
    #[error("only a ticket of type incident can have a problem")]
    NotAnIncident,
    /// A ticket that is its own problem.
    #[error("a ticket can't be its own problem")]
    OwnProblem,
    /// Too many agents follow it.
    #[error("{0} agents would follow the ticket, at most {most} may", most = Ticket::MOST_FOLLOWERS)]
    TooManyFollowers(usize),
}

/// Whether rules hear of what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hear {
    /// As of every change.
    Rules,
    /// They do not.
    Nobody,
}

/// Whether the desk wants something of a merged ticket that is of no use while it is.
///
/// # Errors
/// When somebody wants something of it that can't be done.
pub(super) fn is_nothing_to_do(ticket: &Ticket, command: &super::Command) -> Result<bool, Refusal> {
    use super::Command;
    let Some(merged) = ticket.merged_into.filter(|_| !ticket.is_deleted()) else {
        return Ok(false);
    };
    match command {
        Command::FireTimers
        | Command::Triage { .. }
        | Command::Assign { .. }
        | Command::Defer { .. }
        | Command::HandBack { .. }
        | Command::FollowPolicy => Ok(true),
        Command::Update(_)
        | Command::RunMacro { .. }
        | Command::Escalate { .. }
        | Command::AnswerSolution { .. } => Err(LinkRefusal::Merged(merged.ticket).into()),
        _ => Ok(false),
    }
}

impl Log<'_> {
    pub(super) fn link(&mut self, command: LinkCommand) -> Result<Hear, Refusal> {
        match command {
            LinkCommand::MergeInto { target, comment } => self.merge_into(target, comment)?,
            LinkCommand::TakeIn(take_in) => {
                self.take_in(take_in)?;
                return Ok(Hear::Rules);
            }
            LinkCommand::SolveIncident {
                problem,
                since,
                comment,
            } => {
                self.solve_incident(problem, since, comment);
                return Ok(Hear::Rules);
            }
            LinkCommand::RecordIncidents { v, left } => self.record_incidents(v, left),
            LinkCommand::UndoMerge => self.undo_merge()?,
            LinkCommand::LetGo { source } => self.let_go(source)?,
            LinkCommand::SplitOff { to, comments } => {
                self.push(Fact::SplitOff(fact::SplitOff { to, comments }));
            }
            LinkCommand::SplitFrom {
                ticket,
                comments,
                more,
            } => {
                for comment in more {
                    self.comment(comment);
                }
                self.push(Fact::SplitFrom(fact::SplitFrom { ticket, comments }));
            }
        }
        Ok(Hear::Nobody)
    }

    fn merge_into(&mut self, target: TicketNumber, comment: Option<CommentFacts>) -> Result<(), Refusal> {
        if target == self.ticket.number {
            return Err(LinkRefusal::Itself(target).into());
        }
        if let Some(merged) = &self.ticket.merged_into {
            return Err(LinkRefusal::Merged(merged.ticket).into());
        }
        if self.ticket.status == Status::Closed {
            return Err(LinkRefusal::ClosedTicket(self.ticket.number).into());
        }
        if let Some(comment) = comment {
            self.comment(comment);
        }
        self.push(Fact::Merged(fact::Merged {
            into: target,
            status: self.ticket.status,
        }));
        Ok(())
    }

    fn take_in(&mut self, take_in: TakeIn) -> Result<(), Refusal> {
        if let Some(merged) = &self.ticket.merged_into {
            return Err(LinkRefusal::Merged(merged.ticket).into());
        }
        if self.ticket.status == Status::Closed {
            return Err(LinkRefusal::ClosedTicket(self.ticket.number).into());
        }
        if self.ticket.merged.len() >= Ticket::MOST_MERGED {
            return Err(LinkRefusal::TooManyMerged.into());
        }
        // Who can't be written to by mail gets no copies.
        let is_mailed = matches!(self.ticket.reply_via, ReplyVia::Mail { .. });
        let mut ccs = take_in.people;
        ccs.retain(|person| {
            is_mailed && *person != self.ticket.requester && !self.ticket.ccs.contains(person)
        });
        let mut followers = take_in.followers;
        followers.retain(|follower| !self.ticket.followers.contains(follower));
        for people in [&mut ccs, &mut followers] {
            people.sort();
            people.dedup();
        }
        let in_copy = self.ticket.ccs.len() + ccs.len();
        if in_copy > Ticket::MOST_CCS {
            return Err(Refusal::TooManyCcs(in_copy));
        }
        let following = self.ticket.followers.len() + followers.len();
        if following > Ticket::MOST_FOLLOWERS {
            return Err(LinkRefusal::TooManyFollowers(following).into());
        }
        self.check_labels(|ticket| {
            ticket.merged.push(take_in.source);
            ticket.ccs.extend(&ccs);
            ticket.followers.extend(&followers);
        })?;
        self.push(Fact::MergedIn(fact::MergedIn {
            source: take_in.source,
            ccs,
            followers,
        }));
        if let Some(comment) = take_in.comment {
            self.comment(comment);
        }
        Ok(())
    }

    fn undo_merge(&mut self) -> Result<(), Refusal> {
        let Some(merged) = self.ticket.merged_into else {
            return Err(LinkRefusal::NotMerged.into());
        };
        if self.ticket.last_public_v > merged.v {
            return Err(LinkRefusal::WroteSince.into());
        }
        self.push(Fact::MergeUndone(fact::MergeUndone { from: merged.ticket }));
        let agent = self.ticket.assignee;
        let is_gone = agent.is_some_and(|agent| !self.context.rules.works_here(agent));
        if is_gone && self.ticket.status.is_unsolved() {
            self.push(Fact::AssigneeChanged {
                from: agent,
                to: None,
                assignment_overdue_at: Some(self.later(FAST_PATH)),
            });
        }
        Ok(())
    }

    /// Whoever came with it goes with it, unless they went before; what was written since stays.
    fn let_go(&mut self, source: TicketNumber) -> Result<(), Refusal> {
        if !self.ticket.merged.contains(&source) {
            return Ok(());
        }
        let history = self.context.history.ok_or_else(Refusal::lacks_history)?;
        let mut came = history.iter().rev().filter_map(|event| match &event.fact {
            Fact::MergedIn(merged) if merged.source == source => Some(merged),
            _ => None,
        });
        let (mut ccs, mut followers) = came.next().map_or_else(Default::default, |came| {
            (came.ccs.clone(), came.followers.clone())
        });
        ccs.retain(|person| self.ticket.ccs.contains(person));
        followers.retain(|follower| self.ticket.followers.contains(follower));
        self.push(Fact::MergedInUndone(fact::MergedInUndone {
            source,
            ccs,
            followers,
        }));
        Ok(())
    }
}
