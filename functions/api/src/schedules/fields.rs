//! A schedule as it is sent.

use super::week::{Interval, week};
use crate::kit::{error::ApiError, input::text};
use docket_domain::calendar::{CalendarDraft, DateHours, WeekSpan};
use serde::Deserialize;

/// A schedule as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ScheduleFields {
    #[serde(deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "text")]
    pub time_zone: Option<String>,
    pub intervals: Option<Vec<Interval>>,
    pub docket: Extras,
}

/// What the shape has no place for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extras {
    pub week: Option<Vec<WeekSpan>>,
    pub dates: Option<Vec<DateHours>>,
}

/// The opening hours of a week as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Workweek {
    pub intervals: Option<Vec<Interval>>,
}

impl ScheduleFields {
    /// The draft with what was sent. Hours that are sent in both forms are taken from the one that changed.
    pub fn put_into(&self, mut draft: CalendarDraft) -> Result<CalendarDraft, ApiError> {
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut draft.name);
        }
        if let Some(zone) = &self.time_zone {
            zone.trim().clone_into(&mut draft.zone);
        }
        let written = self.docket.week.as_ref().filter(|week| **week != draft.week);
        if let Some(written) = written {
            draft.week.clone_from(written);
        } else if let Some(intervals) = &self.intervals {
            let sent = week(intervals, "intervals")?;
            if super::week::intervals(&sent) != super::week::intervals(&draft.week) {
                draft.week = sent;
            }
        }
        if let Some(dates) = &self.docket.dates {
            draft.dates.clone_from(dates);
        }
        Ok(draft)
    }
}
