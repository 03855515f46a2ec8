//! A ticket that comes from another system as it stood there. Nothing follows from it: no rule hears of it, nobody is told, the desk
//! neither sorts nor gives it. Only an open one begins for the clocks, when it comes, and finds an agent where it has none.

use super::{
    CommentFacts, Decided, Fact, LinkRefusal, NewTicket, Refusal, Status, Ticket,
    decide::{FAST_PATH, Log},
    fact,
};
use crate::{GroupId, PersonId, TicketNumber, Timestamp};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// A comment of then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedComment {
    /// When it was written.
    pub at: Timestamp,
    /// What the ticket needs to know of it.
    pub facts: CommentFacts,
}

/// A ticket as it stood in another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// How it began; its comment is the first of `comments`, and its copies are those of the end.
    pub new: NewTicket,
    /// When.
    pub created_at: Timestamp,
    /// All comments, by their times.
    pub comments: Vec<ImportedComment>,
    /// How it stood in the end.
    pub status: Status,
    /// When it was solved, where it was.
    pub solved_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Its group.
    pub group: Option<GroupId>,
    /// Its agent.
    pub assignee: Option<PersonId>,
    /// Who follows it.
    pub followers: Vec<PersonId>,
    /// The problem that it is an incident of.
    pub problem: Option<TicketNumber>,
    /// Fields of the operator's own.
    pub fields: BTreeMap<String, Option<String>>,
    /// The form that it belongs to.
    pub form: Option<u64>,
    /// When it is due, where it is a task.
    pub due_at: Option<Timestamp>,
}

impl Log<'_> {
    pub(super) fn import(mut self, import: Import) -> Result<Decided, Refusal> {
        let is_open = import.status.is_unsolved();
        let Import {
            mut new,
            created_at,
            comments,
            mut followers,
            ..
        } = import;
        let (mut ccs, priority) = (std::mem::take(&mut new.ccs), new.priority);
        ccs.retain(|person| *person != new.requester);
        for people in [&mut ccs, &mut followers] {
            people.sort();
            people.dedup();
        }
        if ccs.len() > Ticket::MOST_CCS {
            return Err(Refusal::TooManyCcs(ccs.len()));
        }
        if followers.len() > Ticket::MOST_FOLLOWERS {
            return Err(LinkRefusal::TooManyFollowers(followers.len()).into());
        }
        self.then(created_at, |log| log.begin(new));
        if let Some(to) = import.problem {
            self.then(created_at, |log| log.change_problem(Some(Some(to))))?;
        }
        let (fields, form, due_at) = (import.fields, import.form, import.due_at);
        self.then(created_at, |log| {
            log.set_fields(fields)?;
            log.set_form(form.or(log.ticket.form))?;
            log.set_due(due_at)
        })?;
        let mut solved_at = (!is_open).then_some(import.solved_at.unwrap_or(import.updated_at));
        for comment in comments {
            if let Some(at) = solved_at.take_if(|at| *at < comment.at) {
                self.then(at, |log| log.stand(import.status));
            }
            self.then(comment.at, |log| log.comment(comment.facts));
        }
        if let Some(at) = solved_at {
            self.then(at, |log| log.stand(import.status));
        }
        let waits = is_open && import.assignee.is_none() && import.group.is_some();
        self.check_labels(|ticket| {
            ticket.ccs.clone_from(&ccs);
            ticket.followers.clone_from(&followers);
        })?;
        self.push(Fact::Imported(fact::Imported {
            is_solved: !is_open,
            priority,
            group: import.group,
            assignee: import.assignee,
            ccs,
            followers,
            updated_at: import.updated_at,
            close_due_at: self.closes_at(import.status),
            assignment_overdue_at: waits.then(|| self.later(FAST_PATH)),
        }));
        if is_open && import.status != Status::New {
            self.stand(import.status);
        }
        self.settle_clocks()?;
        self.and_nothing_else()
    }

    /// Does something as of then.
    fn then<T>(&mut self, at: Timestamp, does: impl FnOnce(&mut Self) -> T) -> T {
        let now = std::mem::replace(&mut self.now, at);
        let done = does(self);
        self.now = now;
        done
    }

    /// What is solved here closes as everything that is solved now.
    fn closes_at(&self, status: Status) -> Option<Timestamp> {
        let close_after = SignedDuration::from_secs(self.context.rules.timers().close_after_seconds);
        (status == Status::Solved).then(|| self.later(close_after))
    }

    /// The status that it had in the end. Nobody is reminded of anything.
    fn stand(&mut self, to: Status) {
        let steps = match to {
            Status::Closed => vec![Status::Solved, Status::Closed],
            to => vec![to],
        };
        for to in steps {
            self.push(Fact::StatusChanged {
                from: self.ticket.status,
                to,
                reason: "as it stood in the other system".to_owned(),
                close_due_at: None,
                wait: None,
            });
        }
    }
}
