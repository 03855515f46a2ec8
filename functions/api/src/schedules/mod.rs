//! `business_hours/schedules`: when the office is open.

mod fields;
mod holidays;
mod import;
mod shape;
mod spans;
mod week;

pub(crate) use holidays::{
    create as create_holiday, destroy as destroy_holiday, list as list_holidays, show as show_holiday,
    update as update_holiday,
};
pub(crate) use import::import;

use crate::kit::{
    call::{API, Call, Ids},
    configuration::{Times, book_error, done, newest},
    error::ApiError,
    idempotency::Once,
    input::Sent,
    paging::Paging,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use docket_desk::{Guard, setup::SetupChange};
use docket_domain::{
    CalendarId,
    calendar::{Calendar, CalendarDraft, CalendarError},
    sla::Book,
};
use fields::{ScheduleFields, Workweek};
use http::StatusCode;
use serde_json::{Value, json};
use shape::schedule;
use std::sync::Arc;
use week::intervals;

/// `GET business_hours/schedules`, by id.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    let mut calendars: Vec<&Calendar> = book.calendars.iter().collect();
    calendars.sort_by_key(|calendar| calendar.id());
    let times = Times::of(&call).await?;
    let paging = Paging::of(&call.address);
    let window = paging.window(calendars.len() as u64);
    let rows = window.of(&calendars).into_iter();
    let rows = rows
        .map(|calendar| schedule(&call.address, &times, calendar))
        .collect();
    let mut envelope = paging.envelope(&call.address, "schedules", rows, &window);
    let url = call.address.resource("/business_hours/schedules");
    envelope.insert("url".to_owned(), Value::String(url));
    Ok(Json(Value::Object(envelope)))
}

/// `GET business_hours/schedules/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = call.desk.rules().book().await?;
    shown(&call, &Times::of(&call).await?, &book, CalendarId(id)).map(Json)
}

/// `POST business_hours/schedules`.
pub(crate) async fn create(call: Call, sent: Sent) -> Result<Response, ApiError> {
    let fields: ScheduleFields = sent.read("schedule")?;
    let once = Once::of(&call, &sent)?;
    if once.earlier(&call).await?.is_some() {
        return repeated(&call, &once, &fields).await;
    }
    for (field, text) in [("name", &fields.name), ("time_zone", &fields.time_zone)] {
        if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
            return Err(ApiError::blank(field));
        }
    }
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(once.cause.as_str()), once.guards(true), |book| {
            let id = book.next_calendar_id();
            let blank = CalendarDraft {
                id,
                version: 1,
                name: String::new(),
                zone: String::new(),
                week: week::office_hours(),
                holidays: Vec::new(),
                dates: Vec::new(),
            };
            book.calendars.push(calendar(fields.put_into(blank)?)?);
            book.last_calendar_id = id.0;
            book.check().map_err(|error| book_error(&error))?;
            Ok(id)
        })
        .await?;
    match changed {
        SetupChange::Done(book, id) => {
            let shown = Json(shown(&call, &Times::of(&call).await?, &book, id)?);
            Ok(once.mark((StatusCode::CREATED, shown).into_response(), false))
        }
        SetupChange::Refused(error) => Err(error),
        SetupChange::Repeated(answer) => {
            once.same(answer)?;
            repeated(&call, &once, &fields).await
        }
    }
}

/// The schedule that an earlier call of the same key made; names are unique.
async fn repeated(call: &Call, once: &Once, fields: &ScheduleFields) -> Result<Response, ApiError> {
    let book = newest(call).await?;
    let name = fields.name.as_deref().unwrap_or_default().trim();
    let mut calendars = book.calendars.iter();
    let made = calendars
        .find(|calendar| calendar.draft().name == name)
        .ok_or(ApiError::Missing)?;
    let shown = Json(shown(call, &Times::of(call).await?, &book, made.id())?);
    Ok(once.mark((StatusCode::CREATED, shown).into_response(), true))
}

/// `PUT business_hours/schedules/{id}`.
pub(crate) async fn update(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let fields: ScheduleFields = sent.read("schedule")?;
    let changed = change(&call, CalendarId(id), vec![], |draft| {
        *draft = fields.put_into(draft.clone())?;
        Ok(())
    });
    let (book, ()) = changed.await?.done()?;
    shown(&call, &Times::of(&call).await?, &book, CalendarId(id)).map(Json)
}

/// `PUT business_hours/schedules/{id}/workweek`: all opening hours of the week.
pub(crate) async fn workweek(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Json<Value>, ApiError> {
    let sent: Workweek = sent.read("workweek")?;
    let week = week::week(
        &sent.intervals.ok_or_else(|| ApiError::blank("intervals"))?,
        "intervals",
    )?;
    let changed = change(&call, CalendarId(id), vec![], |draft| {
        draft.week.clone_from(&week);
        Ok(())
    });
    let (book, ()) = changed.await?.done()?;
    let calendar = book.calendar(CalendarId(id)).ok_or(ApiError::Missing)?;
    Ok(Json(
        json!({ "workweek": { "intervals": intervals(&calendar.draft().week) } }),
    ))
}

/// `DELETE business_hours/schedules/{id}`.
pub(crate) async fn destroy(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    let id = CalendarId(id);
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), vec![], |book| {
            let place = book.calendars.iter().position(|calendar| calendar.id() == id);
            let place = place.ok_or(ApiError::Missing)?;
            if let Some(reason) = in_use(book, id) {
                return Err(ApiError::invalid("base", reason));
            }
            book.last_calendar_id = book.next_calendar_id().0 - 1;
            book.calendars.remove(place);
            Ok(())
        })
        .await?;
    done(changed)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which policies need a calendar.
fn in_use(book: &Book, id: CalendarId) -> Option<String> {
    let titles: Vec<String> = book
        .counting_by(id)
        .map(|policy| format!("{:?}", policy.title))
        .collect();
    (!titles.is_empty()).then(|| format!("is what these policies count by: {}", titles.join(", ")))
}

/// A change of what is in force.
struct Changed<T>(SetupChange<Book, T, ApiError>);

impl<T> Changed<T> {
    /// What is in force with it, and what the change gave; of one that has no key of its own.
    fn done(self) -> Result<(Arc<Book>, T), ApiError> {
        match self.0 {
            SetupChange::Done(book, result) => Ok((book, result)),
            SetupChange::Refused(error) => Err(error),
            SetupChange::Repeated(_) => Err(ApiError::OtherRequest),
        }
    }

    /// Whether it was done before, by the same request.
    fn was_repeated(self, once: &Once) -> Result<bool, ApiError> {
        match self.0 {
            SetupChange::Repeated(answer) => once.same(answer).map(|_| true),
            SetupChange::Refused(error) => Err(error),
            SetupChange::Done(..) => Ok(false),
        }
    }
}

/// Changes the draft of a calendar, and what is in force with it.
async fn change<T>(
    call: &Call,
    id: CalendarId,
    guards: Vec<Guard>,
    change: impl Fn(&mut CalendarDraft) -> Result<T, ApiError>,
) -> Result<Changed<T>, ApiError> {
    let changed = call
        .desk
        .rules()
        .change_book(call.changed_by(API), guards, |book| {
            let place = book.calendars.iter().position(|calendar| calendar.id() == id);
            let place = place.ok_or(ApiError::Missing)?;
            let mut draft = book.calendars[place].draft().clone();
            let result = change(&mut draft)?;
            book.calendars[place] = calendar(draft)?;
            book.check().map_err(|error| book_error(&error))?;
            Ok(result)
        })
        .await?;
    Ok(Changed(changed))
}

fn calendar(draft: CalendarDraft) -> Result<Calendar, ApiError> {
    Calendar::new(draft).map_err(|error| {
        let field = match &error {
            CalendarError::Name(_) => "name",
            CalendarError::UnknownZone(_) => "time_zone",
            CalendarError::Twice(_, "holidays") | CalendarError::TooMany { what: "holidays", .. } => {
                "holidays"
            }
            CalendarError::Twice(..) => "docket.dates",
            CalendarError::TooMany {
                what: "dates with other hours" | "opening hours of a date",
                ..
            } => "docket.dates",
            _ => "intervals",
        };
        ApiError::invalid(field, error.to_string())
    })
}

fn shown(call: &Call, times: &Times, book: &Book, id: CalendarId) -> Result<Value, ApiError> {
    let calendar = book.calendar(id).ok_or(ApiError::Missing)?;
    Ok(json!({ "schedule": schedule(&call.address, times, calendar) }))
}
