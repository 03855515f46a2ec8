//! `business_hours/schedules/{id}/holidays`: days on which the office stays closed.

use super::{
    change,
    shape::holiday,
    spans::{HolidaySpan, days, find, spans},
};
use crate::kit::{
    call::{Call, Ids},
    configuration::newest,
    error::ApiError,
    idempotency::Once,
    input::{Sent, flag, text},
    paging::Paging,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_domain::{
    CalendarId,
    calendar::{Calendar, CalendarDraft, Holiday, HolidayDate, LONGEST_HOLIDAY_DAYS},
    sla::Book,
};
use http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Value, json};

/// A holiday as sent. What is not there is left as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HolidayFields {
    #[serde(deserialize_with = "text")]
    name: Option<String>,
    #[serde(deserialize_with = "date")]
    start_date: Option<Date>,
    #[serde(deserialize_with = "date")]
    end_date: Option<Date>,
    docket: Extras,
}

/// What the shape has no place for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extras {
    #[serde(deserialize_with = "flag")]
    every_year: Option<bool>,
}

/// A date; nothing for null and the empty text.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    match text(deserializer)? {
        Some(text) if !text.trim().is_empty() => {
            let wrong = |_| D::Error::custom(format!("{text:?} is not a date such as 2026-12-24"));
            text.trim().parse().map(Some).map_err(wrong)
        }
        _ => Ok(None),
    }
}

/// `GET …/holidays`, in order; those of every year last.
pub(crate) async fn list(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let calendar = book.calendar(CalendarId(id)).ok_or(ApiError::Missing)?;
    let spans = spans(&calendar.draft().holidays);
    let paging = Paging::of(&call.address);
    let window = paging.window(spans.len() as u64);
    let year = this_year(&call, calendar);
    let rows = window
        .of(&spans)
        .into_iter()
        .map(|span| holiday(span, year))
        .collect();
    let mut envelope = paging.envelope(&call.address, "holidays", rows, &window);
    let url = call
        .address
        .resource(&format!("/business_hours/schedules/{id}/holidays"));
    envelope.insert("url".to_owned(), Value::String(url));
    Ok(Json(Value::Object(envelope)))
}

/// `GET …/holidays/{holiday}`.
pub(crate) async fn show(call: Call, Ids((id, wanted)): Ids<(u64, u64)>) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    shown(&call, &book, CalendarId(id), wanted).map(Json)
}

/// `POST …/holidays`.
pub(crate) async fn create(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let fields: HolidayFields = sent.read("holiday")?;
    let once = Once::of(&call, &sent)?;
    let span = fields.span(None, 0)?;
    let mut repeated = once.earlier(&call).await?.is_some();
    if !repeated {
        let add = |draft: &mut CalendarDraft| add(draft, &span);
        repeated = change(&call, CalendarId(id), once.guards(true), add)
            .await?
            .was_repeated(&once)?;
    }
    let book = newest(&call).await?;
    let shown = Json(shown(&call, &book, CalendarId(id), span.id())?);
    Ok(once.mark((StatusCode::CREATED, shown).into_response(), repeated))
}

/// `PUT …/holidays/{holiday}`. Another first day gives it another id.
pub(crate) async fn update(
    call: Call,
    Ids((id, wanted)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<Json<Value>, ApiError> {
    let fields: HolidayFields = sent.read("holiday")?;
    let book = newest(&call).await?;
    let calendar = book.calendar(CalendarId(id)).ok_or(ApiError::Missing)?;
    let year = this_year(&call, calendar);
    let changed = change(&call, CalendarId(id), vec![], |draft| {
        let known = find(&draft.holidays, wanted).ok_or(ApiError::Missing)?;
        let span = fields.span(Some(&known), year)?;
        remove(draft, &known);
        add(draft, &span)?;
        Ok(span.id())
    })
    .await?;
    let (book, new_id) = changed.done()?;
    shown(&call, &book, CalendarId(id), new_id).map(Json)
}

/// `DELETE …/holidays/{holiday}`.
pub(crate) async fn destroy(call: Call, Ids((id, wanted)): Ids<(u64, u64)>) -> Result<StatusCode, ApiError> {
    let changed = change(&call, CalendarId(id), vec![], |draft| {
        let known = find(&draft.holidays, wanted).ok_or(ApiError::Missing)?;
        remove(draft, &known);
        Ok(())
    })
    .await?;
    changed.done()?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(call: &Call, book: &Book, id: CalendarId, wanted: u64) -> Result<Value, ApiError> {
    let calendar = book.calendar(id).ok_or(ApiError::Missing)?;
    let span = find(&calendar.draft().holidays, wanted).ok_or(ApiError::Missing)?;
    Ok(json!({ "holiday": holiday(&span, this_year(call, calendar)) }))
}

/// The year that a calendar has now.
pub(super) fn this_year(call: &Call, calendar: &Calendar) -> i16 {
    call.desk.now().to_zoned(calendar.zone().clone()).year()
}

/// Takes a holiday in, if none of its days is one already.
fn add(draft: &mut CalendarDraft, span: &HolidaySpan) -> Result<(), ApiError> {
    let is_of = |holiday: &&Holiday| span.days.contains(&holiday.date);
    if let Some(known) = draft.holidays.iter().find(is_of) {
        let words = format!("{} is a holiday already: {}", known.date, known.name);
        return Err(ApiError::invalid("start_date", words));
    }
    let new = span.days.iter().map(|date| Holiday {
        date: *date,
        name: span.name.clone(),
    });
    draft.holidays.extend(new);
    Ok(())
}

fn remove(draft: &mut CalendarDraft, span: &HolidaySpan) {
    draft
        .holidays
        .retain(|holiday| !span.days.contains(&holiday.date));
}

impl HolidayFields {
    /// The holiday that these fields make of the one that is known.
    fn span(&self, known: Option<&HolidaySpan>, this_year: i16) -> Result<HolidaySpan, ApiError> {
        let name = self
            .name
            .as_deref()
            .map(str::trim)
            .or(known.map(|known| known.name.as_str()));
        let name = name
            .filter(|name| !name.is_empty())
            .ok_or_else(|| ApiError::blank("name"))?;
        let is_yearly = self
            .docket
            .every_year
            .or(known.map(HolidaySpan::is_yearly))
            .unwrap_or(false);
        if let (Some(known), None, None, None) =
            (known, self.start_date, self.end_date, self.docket.every_year)
        {
            return Ok(HolidaySpan {
                name: name.to_owned(),
                days: known.days.clone(),
            });
        }
        let any_year = self.start_date.or(self.end_date).map_or(this_year, Date::year);
        let bounds = known.and_then(|known| known.bounds(any_year));
        let first = self
            .start_date
            .or(bounds.map(|(first, _)| first))
            .ok_or_else(|| ApiError::blank("start_date"))?;
        let last = self.end_date.or(bounds.map(|(_, last)| last)).unwrap_or(first);
        let length = first.until(last).map_or(i32::MAX, |span| span.get_days()) + 1;
        if length < 1 {
            return Err(ApiError::invalid("end_date", format!("{last} is before {first}")));
        }
        if length > LONGEST_HOLIDAY_DAYS {
            let words = format!("is {length} days long, at most {LONGEST_HOLIDAY_DAYS} are allowed");
            return Err(ApiError::invalid("end_date", words));
        }
        let days: Vec<HolidayDate> = days(first, last, is_yearly).collect();
        Ok(HolidaySpan {
            name: name.to_owned(),
            days,
        })
    }
}
