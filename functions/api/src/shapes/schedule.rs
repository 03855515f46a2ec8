//! A schedule and its holidays.

use crate::{
    call::Address,
    schedules::{HolidaySpan, intervals},
};
use docket_domain::calendar::Calendar;
use serde_json::{Value, json};

/// The schedule. What the shape has no place for stands under `docket`.
pub(crate) fn schedule(address: &Address, calendar: &Calendar) -> Value {
    let draft = calendar.draft();
    json!({
        "id": draft.id,
        "url": address.resource(&format!("/business_hours/schedules/{}", draft.id)),
        "name": draft.name,
        "time_zone": draft.zone,
        "intervals": intervals(&draft.week),
        "created_at": null,
        "updated_at": null,
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
