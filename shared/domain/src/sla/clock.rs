//! Promises: how long a clock has run, when it warns and when it is due.
//!
//! The clocks here run round the clock and stand still while the ticket waits for the requester or a third
//! party. A clock keeps what it has counted, so a pause never loses or gains time.

use crate::{
    Timestamp,
    ticket::{SlaMetric, SlaTargets, Ticket},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The policy in force while none is configured: first reply in 8 hours, resolution in 3 days, a warning
/// after 80 percent of either.
pub fn default_targets() -> SlaTargets {
    SlaTargets {
        policy: "default".to_owned(),
        first_reply_seconds: 8 * 3600,
        resolution_seconds: 3 * 24 * 3600,
        warn_percent: 80,
    }
}

/// One clock of one ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// How long it may run, in milliseconds.
    pub target_ms: i64,
    /// Share of the target after which it warns, in percent.
    pub warn_percent: u8,
    /// How long it had run when it last stopped, in milliseconds.
    pub elapsed_ms: i64,
    /// Since when it runs; nothing while it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_since: Option<Timestamp>,
    /// The warning was given.
    #[serde(default)]
    pub warned: bool,
    /// The breach was recorded.
    #[serde(default)]
    pub breached: bool,
    /// What it measures has happened.
    #[serde(default)]
    pub fulfilled: bool,
}

impl Clock {
    /// A clock that has counted since `created_at`; it goes on from `running_since`, or stands still.
    /// `now` is when the policy was chosen.
    pub fn started(
        created_at: Timestamp,
        target_seconds: i64,
        warn_percent: u8,
        running_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        Self {
            target_ms: target_seconds * 1000,
            warn_percent,
            elapsed_ms: milliseconds(created_at, now),
            running_since,
            warned: false,
            breached: false,
            fulfilled: false,
        }
    }

    /// When the whole target will have run out, if the clock runs.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.reaches(self.target_ms)
    }

    /// When the warning is due, if the clock runs.
    pub fn warn_at(&self) -> Option<Timestamp> {
        self.reaches(self.target_ms * i64::from(self.warn_percent) / 100)
    }

    /// The next thing the clock will do.
    pub fn next_timer_at(&self) -> Option<Timestamp> {
        match (self.warned, self.breached) {
            (_, true) => None,
            (true, false) => self.due_at(),
            (false, false) => self.warn_at(),
        }
    }

    /// Lets it run from `at`.
    pub fn run(&mut self, at: Timestamp) {
        if !self.fulfilled && self.running_since.is_none() {
            self.running_since = Some(at);
        }
    }

    /// Stops it at `at`.
    pub fn pause(&mut self, at: Timestamp) {
        if let Some(since) = self.running_since.take() {
            self.elapsed_ms += milliseconds(since, at);
        }
    }

    /// What it measures has happened at `at`.
    pub fn fulfil(&mut self, at: Timestamp) {
        self.pause(at);
        self.fulfilled = true;
    }

    fn reaches(&self, elapsed_ms: i64) -> Option<Timestamp> {
        let since = self.running_since?;
        since
            .checked_add(SignedDuration::from_millis(elapsed_ms - self.elapsed_ms))
            .ok()
    }
}

/// What the clocks of a ticket have to say at `now`: warnings and breaches, each with the time it was due.
/// A breach found late also gives the warning that was never given.
pub fn due(ticket: &Ticket, now: Timestamp) -> Vec<Due> {
    let mut due = Vec::new();
    let clocks = [
        (SlaMetric::FirstReply, &ticket.first_reply),
        (SlaMetric::Resolution, &ticket.resolution),
    ];
    for (metric, clock) in clocks {
        let Some(clock) = clock else { continue };
        if !clock.warned
            && let Some(at) = clock.warn_at().filter(|at| *at <= now)
        {
            due.push(Due::Warning(metric, at));
        }
        if !clock.breached
            && let Some(at) = clock.due_at().filter(|at| *at <= now)
        {
            due.push(Due::Breach(metric, at));
        }
    }
    due
}

/// Something a clock has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The warning, due at the time given.
    Warning(SlaMetric, Timestamp),
    /// The breach, due at the time given.
    Breach(SlaMetric, Timestamp),
}

fn milliseconds(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_millisecond() - from.as_millisecond()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn clock() -> Clock {
        let start = at("2026-03-02T08:00:00Z");
        Clock::started(start, 8 * 3600, 80, Some(start), start)
    }

    #[test]
    fn a_running_clock_warns_at_its_share_and_is_due_at_its_target() {
        assert_eq!(clock().warn_at(), Some(at("2026-03-02T14:24:00Z")));
        assert_eq!(clock().due_at(), Some(at("2026-03-02T16:00:00Z")));
    }

    #[test]
    fn a_pause_moves_both_by_its_length() {
        let mut clock = clock();
        clock.pause(at("2026-03-02T10:00:00Z"));
        assert_eq!(clock.due_at(), None);
        clock.run(at("2026-03-02T13:00:00Z"));
        assert_eq!(clock.warn_at(), Some(at("2026-03-02T17:24:00Z")));
        assert_eq!(clock.due_at(), Some(at("2026-03-02T19:00:00Z")));
    }

    #[test]
    fn time_before_the_policy_was_chosen_counts() {
        let created = at("2026-03-02T08:00:00Z");
        let chosen = at("2026-03-02T08:00:30Z");
        let clock = Clock::started(created, 8 * 3600, 80, Some(chosen), chosen);
        assert_eq!(clock.due_at(), Some(at("2026-03-02T16:00:00Z")));
    }

    #[test]
    fn a_second_run_or_pause_changes_nothing() {
        let mut clock = clock();
        clock.run(at("2026-03-02T09:00:00Z"));
        assert_eq!(clock.due_at(), Some(at("2026-03-02T16:00:00Z")));
        clock.pause(at("2026-03-02T10:00:00Z"));
        clock.pause(at("2026-03-02T11:00:00Z"));
        assert_eq!(clock.elapsed_ms, 2 * 3_600_000);
    }

    #[test]
    fn a_fulfilled_clock_does_not_run_again() {
        let mut clock = clock();
        clock.fulfil(at("2026-03-02T09:00:00Z"));
        clock.run(at("2026-03-02T10:00:00Z"));
        assert_eq!(clock.next_timer_at(), None);
    }
}
