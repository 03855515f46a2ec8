//! What is in force: policies, calendars, and what happens by itself when nobody writes.

use super::{Hours, MissingCalendar, Policy, Terms};
use crate::{
    CalendarId, Digest, PolicyId,
    calendar::Calendar,
    record::ChainEnd,
    rule::{RuleAction, RuleBook, RuleBookError, RuleKind},
};
use serde::{Deserialize, Serialize};

/// Most policies in force: they are changed in one transaction of at most 100 parts.
pub const MOST_POLICIES: usize = 40;
/// Most calendars in force, for the same reason.
pub const MOST_CALENDARS: usize = 40;
/// Longest wait of a timer: a year.
pub const LONGEST_WAIT_SECONDS: i64 = 365 * 24 * 3600;
/// Shortest wait of a timer: the sweep comes once a minute.
pub const SHORTEST_WAIT_SECONDS: i64 = 60;
/// Most reminders to a customer who does not answer.
pub const MOST_REMINDERS: u32 = 10;

/// What happens by itself when nobody writes. Seconds of real time, whatever the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerRules {
    /// A customer whose answer is waited for is reminded after so long, and again after as long; never where nothing
    /// is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_after_seconds: Option<i64>,
    /// At most so often.
    pub most_reminders: u32,
    /// A ticket whose customer stays silent is solved after so long; never where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solve_after_seconds: Option<i64>,
    /// A solved ticket is closed after so long.
    pub close_after_seconds: i64,
}

impl Default for TimerRules {
    /// Nobody is reminded, nothing is solved by itself, what is solved closes after four days.
    fn default() -> Self {
        Self {
            remind_after_seconds: None,
            most_reminders: 1,
            solve_after_seconds: None,
            close_after_seconds: 4 * 24 * 3600,
        }
    }
}

/// The policies, calendars and timers in force. Without policies the standard one holds for every ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Version of the whole; 0 while nothing was configured.
    pub v: u64,
    /// Policies.
    pub policies: Vec<Policy>,
    /// Calendars.
    pub calendars: Vec<Calendar>,
    /// Timers.
    pub timers: TimerRules,
    /// Rules, and the texts they write.
    #[serde(default, skip_serializing_if = "RuleBook::is_empty")]
    pub rules: RuleBook,
    /// The highest number that a policy has had; none is given twice.
    pub last_policy_id: u64,
    /// The highest number that a calendar has had.
    pub last_calendar_id: u64,
    /// The digest under which the rules are stored.
    #[serde(skip)]
    pub rule_book: Option<Digest>,
    /// The end of the chain of its audit events; it stands beside the record.
    #[serde(skip)]
    pub chain: ChainEnd,
}

/// A book that does not hold together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// Too many policies.
    #[error("{0} policies, at most {MOST_POLICIES} can be in force")]
    TooManyPolicies(usize),
    /// Too many calendars.
    #[error("{0} calendars, at most {MOST_CALENDARS} can be in force")]
    TooManyCalendars(usize),
    /// Two policies of one id.
    #[error("two policies have the id {0}")]
    RepeatedPolicy(PolicyId),
    /// Two policies of one title.
    #[error("two policies are called {0:?}")]
    RepeatedTitle(String),
    /// Two calendars of one id.
    #[error("two calendars have the id {0}")]
    RepeatedCalendar(CalendarId),
    /// Two calendars of one name.
    #[error("two calendars are called {0:?}")]
    RepeatedName(String),
    /// A policy counts by a calendar that is not there.
    #[error("policy {title:?} counts by calendar {calendar}, which is not there")]
    MissingCalendar {
        /// Title of the policy.
        title: String,
        /// The calendar.
        calendar: CalendarId,
    },
    /// A wait that is too short or too long.
    #[error(
        "{name}: {seconds} seconds, {SHORTEST_WAIT_SECONDS} (a minute) to {LONGEST_WAIT_SECONDS} (a year) are allowed"
    )]
    Wait {
        /// Which.
        name: &'static str,
        /// How long.
        seconds: i64,
    },
    /// Too many reminders.
    #[error("most_reminders: {0}, at most {MOST_REMINDERS} are allowed")]
    Reminders(u32),
    /// A rule puts tickets under a policy that is not there.
    #[error("{kind} {name:?} sets SLA policy {policy}, which is not there")]
    MissingPolicy {
        /// The kind of the rule.
        kind: RuleKind,
        /// What it is called.
        name: String,
        /// The policy.
        policy: PolicyId,
    },
    /// Rules that do not hold together.
    #[error(transparent)]
    Rules(#[from] RuleBookError),
}

impl Book {
    /// A policy by its id.
    pub fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// A calendar by its id.
    pub fn calendar(&self, id: CalendarId) -> Option<&Calendar> {
        self.calendars.iter().find(|calendar| calendar.id() == id)
    }

    /// A policy with its calendar.
    pub fn terms<'b>(&'b self, policy: &'b Policy) -> Result<Terms<'b>, MissingCalendar> {
        Terms::new(policy, &self.calendars)
    }

    /// The id of the next policy.
    pub fn next_policy_id(&self) -> PolicyId {
        let last = self.policies.iter().map(|policy| policy.id.0).max();
        PolicyId(last.unwrap_or(0).max(self.last_policy_id) + 1)
    }

    /// The id of the next calendar.
    pub fn next_calendar_id(&self) -> CalendarId {
        let last = self.calendars.iter().map(|calendar| calendar.id().0).max();
        CalendarId(last.unwrap_or(0).max(self.last_calendar_id) + 1)
    }

    /// Policies that count by a calendar.
    pub fn counting_by(&self, calendar: CalendarId) -> impl Iterator<Item = &Policy> {
        self.policies
            .iter()
            .filter(move |policy| policy.hours == Hours::Calendar(calendar))
    }

    /// Checks that the parts fit each other.
    pub fn check(&self) -> Result<(), BookError> {
        if self.policies.len() > MOST_POLICIES {
            return Err(BookError::TooManyPolicies(self.policies.len()));
        }
        if self.calendars.len() > MOST_CALENDARS {
            return Err(BookError::TooManyCalendars(self.calendars.len()));
        }
        for (at, calendar) in self.calendars.iter().enumerate() {
            let before = &self.calendars[..at];
            if before.iter().any(|other| other.id() == calendar.id()) {
                return Err(BookError::RepeatedCalendar(calendar.id()));
            }
            let name = &calendar.draft().name;
            if before.iter().any(|other| other.draft().name == *name) {
                return Err(BookError::RepeatedName(name.clone()));
            }
        }
        for (at, policy) in self.policies.iter().enumerate() {
            let before = &self.policies[..at];
            if before.iter().any(|other| other.id == policy.id) {
                return Err(BookError::RepeatedPolicy(policy.id));
            }
            if before.iter().any(|other| other.title == policy.title) {
                return Err(BookError::RepeatedTitle(policy.title.clone()));
            }
            self.terms(policy).map_err(|missing| BookError::MissingCalendar {
                title: policy.title.clone(),
                calendar: missing.calendar,
            })?;
        }
        self.rules.check()?;
        self.check_policies_of_rules()?;
        self.timers.check()
    }

    fn check_policies_of_rules(&self) -> Result<(), BookError> {
        for rule in &self.rules.rules {
            for action in &rule.actions {
                if let RuleAction::SetSlaPolicy(Some(policy)) = action
                    && self.policy(*policy).is_none()
                {
                    return Err(BookError::MissingPolicy {
                        kind: rule.kind,
                        name: rule.name.clone(),
                        policy: *policy,
                    });
                }
            }
        }
        Ok(())
    }
}

impl TimerRules {
    fn check(&self) -> Result<(), BookError> {
        let waits = [
            ("remind_after_seconds", self.remind_after_seconds),
            ("solve_after_seconds", self.solve_after_seconds),
            ("close_after_seconds", Some(self.close_after_seconds)),
        ];
        for (name, seconds) in waits {
            if let Some(seconds) =
                seconds.filter(|s| !(SHORTEST_WAIT_SECONDS..=LONGEST_WAIT_SECONDS).contains(s))
            {
                return Err(BookError::Wait { name, seconds });
            }
        }
        if self.most_reminders > MOST_REMINDERS {
            return Err(BookError::Reminders(self.most_reminders));
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
