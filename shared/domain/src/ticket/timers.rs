//! What happens by itself at its time: clocks, reminders, silence, snooze, closing.

use super::{Fact, Refusal, Status, decide::Log};
use crate::Timestamp;

impl Log<'_> {
    /// Does what is due. Of what fell into an outage each thing happens once, and reminders not one by one.
    pub(super) fn fire_timers(&mut self) -> Result<(), Refusal> {
        self.fire_clocks()?;
        if self.is_due(self.ticket.snoozed_until) {
            let reason = "its time has come".to_owned();
            self.push(Fact::SnoozeEnded { reason });
        }
        if self.is_due(self.ticket.reopen_due_at) {
            self.move_to(
                Status::Open,
                "the requester wrote again while reopening was held back",
            );
        }
        self.fire_wait();
        self.fire_automations();
        if self.is_due(self.ticket.close_due_at) {
            let since = self.ticket.solved_at.unwrap_or(self.now);
            let reason = format!("solved and not reopened for {}", days_since(since, self.now));
            self.move_to(Status::Closed, &reason);
        }
        Ok(())
    }

    /// The customer whose answer is waited for is reminded; after a longer silence the ticket is solved.
    fn fire_wait(&mut self) {
        let Some(wait) = self.ticket.wait else { return };
        if self.is_due(wait.solve_at()) {
            let reason = format!(
                "the customer did not answer for {}",
                days_since(wait.since, self.now)
            );
            return self.move_to(Status::Solved, &reason);
        }
        if let Some(due_at) = wait.remind_at().filter(|at| *at <= self.now) {
            let nth = wait.reminder_of(self.now);
            self.push(Fact::CustomerReminded { nth, due_at });
        }
    }

    fn is_due(&self, at: Option<Timestamp>) -> bool {
        at.is_some_and(|at| at <= self.now)
    }
}

/// A span in whole days, or in hours or minutes where it is shorter.
fn days_since(since: Timestamp, now: Timestamp) -> String {
    let minutes = (now.as_second() - since.as_second()).max(0) / 60;
    let (count, unit) = match minutes {
        0..=119 => (minutes, "minute"),
        120..=2879 => (minutes / 60, "hour"),
        _ => (minutes / (24 * 60), "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_their_unit() {
        let said = |seconds| days_since(Timestamp::UNIX_EPOCH, Timestamp::from_second(seconds).unwrap());
        assert_eq!(said(60), "1 minute");
        assert_eq!(said(3 * 3600), "3 hours");
        assert_eq!(said(4 * 24 * 3600 + 59), "4 days");
    }
}
