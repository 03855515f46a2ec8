//! How the status of a ticket moves, and what follows from that by itself.

use super::{
    CustomerWait, Fact, Refusal, Status, Ticket,
    decide::{FAST_PATH, Log},
};
use crate::Timestamp;
use jiff::SignedDuration;

impl Log<'_> {
    /// Back to the agents, because the customer wrote. A ticket that was reopened too often lately has to wait, so that
    /// a program which answers every mail does not keep an agent busy; it is never left behind.
    pub(super) fn reopen(&mut self) {
        let window = Ticket::REOPEN_WINDOW;
        let since = self.now.checked_sub(window).unwrap_or(Timestamp::MIN);
        let lately = self.ticket.reopened_at.iter().filter(|at| **at > since);
        let lately: Vec<Timestamp> = lately.copied().collect();
        if self.ticket.status != Status::Solved || lately.len() < Ticket::MOST_REOPENS {
            return self.move_to(Status::Open, "the requester wrote again");
        }
        if self.ticket.reopen_due_at.is_none() {
            let first = lately.first().copied().unwrap_or(self.now);
            let reopen_due_at = first.checked_add(window).unwrap_or(Timestamp::MAX);
            let reason = format!(
                "reopened {} times within three hours; it is reopened once that is over",
                lately.len()
            );
            self.push(Fact::ReopenHeldBack {
                reason,
                reopen_due_at,
            });
        }
    }

    /// An agent has it.
    pub(super) fn open_if_new(&mut self) {
        if self.ticket.status == Status::New {
            self.move_to(Status::Open, "an agent has it");
        }
    }

    pub(super) fn set_status(&mut self, to: Status, reason: &str) -> Result<(), Refusal> {
        let from = self.ticket.status;
        if from == to {
            return Ok(());
        }
        let allowed = match to {
            Status::New => false,
            Status::Closed => from == Status::Solved,
            Status::Open | Status::Pending | Status::Hold | Status::Solved => true,
        };
        if !allowed {
            return Err(Refusal::StatusMove { from, to });
        }
        self.move_to(to, reason);
        Ok(())
    }

    pub(super) fn move_to(&mut self, to: Status, reason: &str) {
        let from = self.ticket.status;
        let timers = self.context.rules.timers();
        let close_after = SignedDuration::from_secs(timers.close_after_seconds);
        let close_due_at = (to == Status::Solved).then(|| self.later(close_after));
        let waits = to == Status::Pending;
        self.push(Fact::StatusChanged {
            from,
            to,
            reason: reason.to_owned(),
            close_due_at,
            wait: CustomerWait::new(timers, self.now).filter(|_| waits),
        });
        self.take_default_status(to);
        if !to.is_unsolved() {
            self.wake_up("the ticket is solved");
        }
        // A ticket that comes back without an agent, or to one who is gone, is to find one.
        let agent = self.ticket.assignee;
        let has_agent = agent.is_some_and(|agent| self.context.rules.works_here(agent));
        if from == Status::Solved && to.is_unsolved() && !has_agent {
            let wait = Some(self.later(FAST_PATH));
            self.push(Fact::AssigneeChanged {
                from: agent,
                to: None,
                assignment_overdue_at: wait,
            });
        }
    }
}
