//! `POST business_hours/schedules/{id}/holidays/import`: the holidays of an iCalendar file.

use super::{
    change,
    holidays::this_year,
    shape::holiday,
    spans::{HolidaySpan, spans},
};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    input::Sent,
};
use axum::Json;
use docket_domain::{
    CalendarId,
    calendar::{CalendarDraft, Holiday, read_feed},
};
use serde_json::{Value, json};

/// Takes in what the file has and the schedule has not, and tells what was passed over, whole events and parts of them. The same file twice changes
/// nothing the second time.
pub(crate) async fn import(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let file = std::str::from_utf8(&sent.body);
    let file =
        file.map_err(|_| ApiError::BadRequest("The body is not an iCalendar file in UTF-8.".to_owned()))?;
    let feed =
        read_feed(file).map_err(|error| ApiError::BadRequest(format!("The body can't be read: {error}.")))?;
    let changed = change(&call, CalendarId(id), vec![], |draft| {
        Ok(merge(draft, &feed.holidays))
    })
    .await?;
    let (book, (added, known)) = changed.done()?;
    let calendar = book.calendar(CalendarId(id)).ok_or(ApiError::Missing)?;
    let year = this_year(&call, calendar);
    let added: Vec<Value> = spans(&added)
        .iter()
        .map(|span: &HolidaySpan| holiday(span, year))
        .collect();
    let skipped = feed
        .skipped
        .iter()
        .chain(&feed.cut)
        .map(|skipped| json!({ "line": skipped.line, "name": skipped.name, "reason": skipped.reason }));
    let known = known
        .iter()
        .map(|(name, reason)| json!({ "line": null, "name": name, "reason": reason }));
    let skipped: Vec<Value> = skipped.chain(known).collect();
    Ok(Json(json!({ "holidays": added, "skipped": skipped })))
}

/// Adds the days that are no holidays yet; those added, and the others with the reason.
fn merge(draft: &mut CalendarDraft, sent: &[Holiday]) -> (Vec<Holiday>, Vec<(String, String)>) {
    let (mut added, mut known) = (Vec::new(), Vec::new());
    for new in sent {
        match draft.holidays.iter().find(|holiday| holiday.date == new.date) {
            Some(holiday) => {
                let reason = format!("{} is a holiday already: {}", holiday.date, holiday.name);
                known.push((new.name.clone(), reason));
            }
            None => {
                draft.holidays.push(new.clone());
                added.push(new.clone());
            }
        }
    }
    (added, known)
}
