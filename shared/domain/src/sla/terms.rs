//! What holds for a ticket: a policy and the calendar it counts by.

use super::{Hours, Metric, Policy, PolicyDraft};
use crate::{
    CalendarId, PolicyId, Timestamp,
    calendar::{Calendar, Interval},
    ticket::Priority,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How time is counted.
#[derive(Clone, Copy, Debug)]
pub enum Measure<'c> {
    /// Every second.
    RoundTheClock,
    /// Seconds in which a calendar is open.
    Business(&'c Calendar),
}

impl Measure<'_> {
    /// How much time counts within `[from, to)`.
    pub fn length(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        match self {
            Self::RoundTheClock => to.duration_since(from).max(SignedDuration::ZERO),
            Self::Business(calendar) => calendar.open_for(from, to),
        }
    }

    /// The first instant by which so much time has counted since `start`; nothing beyond the calendar's horizon.
    pub fn add(&self, start: Timestamp, length: SignedDuration) -> Option<Timestamp> {
        match self {
            Self::RoundTheClock => start.checked_add(length.max(SignedDuration::ZERO)).ok(),
            Self::Business(calendar) => calendar.add(start, length),
        }
    }

    /// The intervals of `[from, to)` that count, in order, merged where they meet.
    pub fn intervals(&self, from: Timestamp, to: Timestamp) -> Vec<Interval> {
        match self {
            Self::RoundTheClock => (from < to)
                .then_some(Interval { start: from, end: to })
                .into_iter()
                .collect(),
            Self::Business(calendar) => crate::calendar::business_intervals(calendar, from, to).collect(),
        }
    }
}

/// The calendar of a policy is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("policy {policy} counts by calendar {calendar}, which is not there")]
pub struct MissingCalendar {
    /// The policy.
    pub policy: PolicyId,
    /// The calendar it names.
    pub calendar: CalendarId,
}

/// A policy and the calendar it counts by.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    policy: &'a Policy,
    measure: Measure<'a>,
}

/// Which versions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// The policy.
    pub policy: PolicyId,
    /// Its version.
    pub policy_version: u64,
    /// The calendar; nothing round the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_version: Option<u64>,
}

impl<'a> Terms<'a> {
    /// Finds a policy's calendar.
    pub fn new(
        policy: &'a Policy,
        calendars: impl IntoIterator<Item = &'a Calendar>,
    ) -> Result<Self, MissingCalendar> {
        let measure = match policy.hours {
            Hours::RoundTheClock => Measure::RoundTheClock,
            Hours::Calendar(id) => {
                let found = calendars.into_iter().find(|calendar| calendar.id() == id);
                Measure::Business(found.ok_or(MissingCalendar {
                    policy: policy.id,
                    calendar: id,
                })?)
            }
        };
        Ok(Self { policy, measure })
    }

    /// A policy by which every second counts, whatever hours it names.
    pub fn round_the_clock(policy: &'a Policy) -> Self {
        let measure = Measure::RoundTheClock;
        Self { policy, measure }
    }

    /// The policy.
    pub fn policy(&self) -> &'a PolicyDraft {
        self.policy
    }

    /// How time is counted.
    pub fn measure(&self) -> Measure<'a> {
        self.measure
    }

    /// What is promised of a metric.
    pub fn promise(&self, metric: Metric) -> Option<&'a super::Promise> {
        self.policy.promise(metric)
    }

    /// The target of a metric in seconds.
    pub fn target_seconds(&self, metric: Metric, priority: Option<Priority>) -> Option<i64> {
        self.policy.target_seconds(metric, priority)
    }

    /// Which versions hold.
    pub fn in_force(&self) -> InForce {
        let calendar = match self.measure {
            Measure::RoundTheClock => None,
            Measure::Business(calendar) => Some(calendar),
        };
        InForce {
            policy: self.policy.id,
            policy_version: self.policy.version,
            calendar: calendar.map(Calendar::id),
            calendar_version: calendar.map(Calendar::version),
        }
    }
}
