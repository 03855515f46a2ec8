//! A problem that is solved: what is its incident by then is solved with it, and gets what was said there.

use super::{
    CommentFacts, Fact, Refusal, Status, Ticket, TicketType,
    decide::{FAST_PATH, Log},
    fact,
};
use crate::{TicketNumber, Timestamp, contact::comment::AuthorRole};
use serde::{Deserialize, Serialize};

/// What is to be done about the incidents of a problem that was solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentsDue {
    /// Version of the event that asked for it.
    pub v: u64,
    /// When it was solved: what becomes its incident later is left alone.
    pub since: Timestamp,
    /// The comment that each of them gets: its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<u64>,
    /// When the sweep looks after them.
    pub overdue_at: Timestamp,
}

impl Ticket {
    /// Whether it is to be solved because this problem was, then. One that was reopened since is somebody's work again.
    pub fn is_solved_with(&self, problem: TicketNumber, since: Timestamp) -> bool {
        let was_reopened = self.reopened_at.last().is_some_and(|at| *at > since);
        self.problem == Some(problem) && self.is_worked_on() && !was_reopened
    }
}

impl Log<'_> {
    /// Where the save solves a problem, its incidents are to be solved.
    ///
    /// # Errors
    /// When it is not known whether who said something works here.
    pub(super) fn queue_incidents(&mut self) -> Result<(), Refusal> {
        let is_solved = self.before.status.is_unsolved() && self.ticket.status == Status::Solved;
        if !is_solved || self.ticket.ticket_type != Some(TicketType::Problem) {
            return Ok(());
        }
        let queued = fact::IncidentsQueued {
            comment: self.said_to_incidents()?,
            overdue_at: self.later(FAST_PATH),
        };
        self.push(Fact::IncidentsQueued(queued));
        Ok(())
    }

    /// What an agent says to the requester in the save, who may be themselves. What a customer says goes to no other customer, and
    /// what rules write they write on the incidents, too, where it is meant for these.
    fn said_to_incidents(&self) -> Result<Option<u64>, Refusal> {
        for event in &self.events {
            let added = match &event.fact {
                Fact::CommentAdded(added) if added.public => added,
                _ => continue,
            };
            let is_agents = match added.role {
                AuthorRole::Agent => true,
                AuthorRole::Requester => self
                    .context
                    .rules
                    .is_staff(added.author)
                    .ok_or_else(|| Refusal::lacks_staff(added.author))?,
                AuthorRole::Participant | AuthorRole::ThirdParty | AuthorRole::System => false,
            };
            if is_agents {
                return Ok(Some(event.v));
            }
        }
        Ok(None)
    }

    pub(super) fn solve_incident(
        &mut self,
        problem: TicketNumber,
        since: Timestamp,
        comment: Option<CommentFacts>,
    ) {
        if !self.ticket.is_solved_with(problem, since) {
            return;
        }
        if let Some(comment) = comment {
            self.comment(comment);
        }
        self.move_to(Status::Solved, &format!("its problem #{problem} was solved"));
    }

    pub(super) fn record_incidents(&mut self, v: u64, left: u64) {
        if self.ticket.incidents_due.is_some_and(|due| due.v == v) {
            self.push(Fact::IncidentsSolved(fact::IncidentsSolved { left }));
        }
    }
}
