//! Section `timers`.

use crate::values::{Duration, Wait};
use docket_domain::sla::{MOST_REMINDERS, TimerRules};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens by itself when nobody writes, in real time, whatever the calendar; a minute to a year each. What is left
/// out is as on a new desk: no reminder, nothing is solved by itself, what is solved closes after four days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimersEntry {
    /// A customer whose answer is waited for is reminded after so long, and again after as long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_after: Option<Wait>,
    /// At most so many reminders; at most 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = MOST_REMINDERS))]
    pub most_reminders: Option<u32>,
    /// A ticket whose customer stays silent is solved after so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solve_after: Option<Wait>,
    /// A solved ticket is closed after so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_after: Option<Duration>,
}

impl TimersEntry {
    /// What it means.
    pub fn rules(&self) -> TimerRules {
        let default = TimerRules::default();
        TimerRules {
            remind_after_seconds: self
                .remind_after
                .map_or(default.remind_after_seconds, Wait::seconds),
            most_reminders: self.most_reminders.unwrap_or(default.most_reminders),
            solve_after_seconds: self
                .solve_after
                .map_or(default.solve_after_seconds, Wait::seconds),
            close_after_seconds: self
                .close_after
                .map_or(default.close_after_seconds, |after| after.seconds),
        }
    }
}

impl From<TimerRules> for TimersEntry {
    fn from(rules: TimerRules) -> Self {
        Self {
            remind_after: Some(rules.remind_after_seconds.into()),
            most_reminders: Some(rules.most_reminders),
            solve_after: Some(rules.solve_after_seconds.into()),
            close_after: Some(Duration {
                seconds: rules.close_after_seconds,
            }),
        }
    }
}
