//! A ticket that sleeps for a while.

use super::{Fact, Refusal, decide::Log};
use crate::{
    Timestamp,
    sla::{LONGEST_WAIT_SECONDS, SHORTEST_WAIT_SECONDS},
};

impl Log<'_> {
    pub(super) fn snooze(&mut self, until: Timestamp) -> Result<(), Refusal> {
        let seconds = until.as_second() - self.now.as_second();
        if !(SHORTEST_WAIT_SECONDS..=LONGEST_WAIT_SECONDS).contains(&seconds) {
            return Err(Refusal::Snooze);
        }
        if !self.ticket.status.is_unsolved() {
            return Err(Refusal::SnoozeSolved(self.ticket.status));
        }
        if self.ticket.snoozed_until != Some(until) {
            self.push(Fact::Snoozed { until });
        }
        Ok(())
    }

    pub(super) fn wake_up(&mut self, reason: &str) {
        if self.ticket.snoozed_until.is_some() {
            let reason = reason.to_owned();
            self.push(Fact::SnoozeEnded { reason });
        }
    }
}
