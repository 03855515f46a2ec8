//! A schedule and its holidays.

use super::{spans::HolidaySpan, week::intervals};
use crate::{
    kit::{address::Address, configuration::Times},
    shapes::time,
};
use docket_domain::calendar::Calendar;
use serde_json::{Value, json};

/// The schedule. What the shape has no place for stands under `docket`.
pub(crate) fn schedule(address: &Address, times: &Times, calendar: &Calendar) -> Value {
    let times = times.calendar(calendar);
    let draft = calendar.draft();
    json!({
        "id": draft.id,
        "url": address.resource(&format!("/business_hours/schedules/{}", draft.id)),
        "name": draft.name,
        "time_zone": draft.zone,
        "intervals": intervals(&draft.week),
        "created_at": times.created_at.map(time),
        "updated_at": times.updated_at.map(time),
        "docket": {
            "version": draft.version,
            "week": draft.week,
            "dates": draft.dates,
        },
    })
}

/// The holiday.
pub(crate) fn holiday(span: &HolidaySpan, this_year: i16) -> Value {
    let bounds = span.bounds(this_year);
    json!({
        "id": span.id(),
        "name": span.name,
        "start_date": bounds.map(|(first, _)| first),
        "end_date": bounds.map(|(_, last)| last),
        "docket": { "every_year": span.is_yearly() },
    })
}
