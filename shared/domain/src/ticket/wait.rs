//! The wait for a customer who does not answer.

use crate::{Timestamp, sla::TimerRules};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What happens while a ticket is pending and its customer does not answer. The waits are those of when it began; they
/// count from our last word to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerWait {
    /// Our last word.
    pub since: Timestamp,
    /// A reminder after each so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_after_seconds: Option<i64>,
    /// At most so many.
    pub most_reminders: u32,
    /// How many there were.
    pub reminders: u32,
    /// Solved after so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solve_after_seconds: Option<i64>,
}

impl CustomerWait {
    /// A wait that begins; nothing where nothing ever happens.
    pub fn new(rules: TimerRules, since: Timestamp) -> Option<Self> {
        let reminds = rules.remind_after_seconds.is_some() && rules.most_reminders > 0;
        (reminds || rules.solve_after_seconds.is_some()).then_some(Self {
            since,
            remind_after_seconds: rules.remind_after_seconds,
            most_reminders: rules.most_reminders,
            reminders: 0,
            solve_after_seconds: rules.solve_after_seconds,
        })
    }

    /// When the next reminder is due.
    pub fn remind_at(&self) -> Option<Timestamp> {
        let seconds = self.remind_after_seconds?;
        let is_left = self.reminders < self.most_reminders;
        is_left.then(|| self.after(seconds.saturating_mul(i64::from(self.reminders) + 1)))
    }

    /// When it is solved.
    pub fn solve_at(&self) -> Option<Timestamp> {
        Some(self.after(self.solve_after_seconds?))
    }

    /// The next of either.
    pub fn next_at(&self) -> Option<Timestamp> {
        [self.remind_at(), self.solve_at()].into_iter().flatten().min()
    }

    /// Which reminder `now` is the time of, from 1: those of an outage are passed over.
    pub fn reminder_of(&self, now: Timestamp) -> u32 {
        let waited = now.as_second() - self.since.as_second();
        let nth = self
            .remind_after_seconds
            .map_or(0, |seconds| waited / seconds.max(1));
        let nth = u32::try_from(nth).unwrap_or(u32::MAX);
        nth.clamp(self.reminders + 1, self.most_reminders.max(self.reminders + 1))
    }

    fn after(&self, seconds: i64) -> Timestamp {
        let wait = SignedDuration::from_secs(seconds);
        self.since.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait() -> CustomerWait {
        let rules = TimerRules {
            remind_after_seconds: Some(100),
            most_reminders: 3,
            solve_after_seconds: Some(1000),
            ..TimerRules::default()
        };
        CustomerWait::new(rules, Timestamp::UNIX_EPOCH).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn reminders_come_at_their_distance_and_end() {
        let mut wait = wait();
        assert_eq!(wait.next_at(), Some(at(100)));
        wait.reminders = 1;
        assert_eq!(wait.next_at(), Some(at(200)));
        wait.reminders = 3;
        assert_eq!(wait.next_at(), Some(at(1000)));
    }

    #[test]
    fn reminders_of_an_outage_are_one() {
        assert_eq!(wait().reminder_of(at(100)), 1);
        assert_eq!(wait().reminder_of(at(250)), 2);
        assert_eq!(wait().reminder_of(at(900)), 3);
    }

    #[test]
    fn without_rules_nothing_waits() {
        assert_eq!(CustomerWait::new(TimerRules::default(), at(0)), None);
    }
}
