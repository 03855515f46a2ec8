//! `satisfaction_ratings`: what requesters think of how they were helped. A rating is an event of its ticket, and has its id.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, at_most, id, text, word},
        paging::{Paging, link},
    },
    shapes::{child_id, parent_of, time},
    tickets::attempt,
};
use axum::{
    Json, Router,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_desk::{Changed, RatingPlace, Try, Want, Wish};
use docket_domain::{
    TicketNumber, Timestamp,
    ticket::{Actor, Command, Fact, Rating, Score, Ticket, TicketEvent},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Why somebody was not helped well: the code, and the words. They are those that clients know.
const REASONS: &[(u16, &str)] = &[
    (0, "No reason provided"),
    (5, "The issue took too long to resolve"),
    (6, "The issue was not resolved"),
    (7, "The agent's knowledge is unsatisfactory"),
    (8, "The agent's attitude is unsatisfactory"),
    (100, "Some other reason"),
];
/// Most ratings that a list reaches, and that are counted.
const MOST_LISTED: usize = 10_000;
/// Tickets that are read at once for a page.
const AT_ONCE: usize = 25;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/satisfaction_ratings", get(list))
        .route("/satisfaction_ratings/count", get(count))
        .route("/satisfaction_ratings/received", get(list))
        .route("/satisfaction_ratings/{id}", get(show))
        .route("/satisfaction_reasons", get(reasons))
        .route("/satisfaction_reasons/{id}", get(reason))
        .route("/tickets/{id}/satisfaction_rating", post(rate))
}

/// The rating that counts, as a ticket is shown with it.
pub(crate) fn of_ticket(ticket: &Ticket) -> Value {
    match &ticket.satisfaction {
        None => Value::Null,
        Some(rating) => json!({
            "id": child_id(ticket.number, rating.v),
            "score": rating.score,
            "reason": rating.reason.map(words_of),
            "reason_id": rating.reason,
        }),
    }
}

fn words_of(code: u16) -> Option<&'static str> {
    let known = REASONS.iter().find(|(known, _)| *known == code);
    known.map(|(_, words)| *words)
}

/// A rating as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "word")]
    score: Option<Option<Score>>,
    #[serde(deserialize_with = "text")]
    comment: Option<String>,
    #[serde(deserialize_with = "text")]
    reason: Option<String>,
    #[serde(deserialize_with = "id")]
    reason_id: Option<u64>,
    #[serde(deserialize_with = "id")]
    reason_code: Option<u64>,
}

impl Fields {
    fn rating(self) -> Result<Rating, ApiError> {
        let score = self.score.flatten().ok_or_else(|| ApiError::blank("score"))?;
        let comment = self.comment.map(|text| text.trim().to_owned());
        let comment = comment.filter(|text| !text.is_empty());
        at_most("comment", comment.as_deref(), Rating::LONGEST_COMMENT)?;
        let by_code = self.reason_code.or(self.reason_id);
        let known = |is: &dyn Fn(&(u16, &str)) -> bool| REASONS.iter().find(|reason| is(reason));
        let reason = match (by_code, self.reason.filter(|text| !text.is_empty())) {
            (None, None) => None,
            (Some(code), _) => Some(known(&|(known, _)| u64::from(*known) == code)),
            (None, Some(text)) => Some(known(&|(_, words)| *words == text)),
        };
        let reason = match reason {
            None => None,
            Some(Some((code, _))) => Some(*code),
            Some(None) => return Err(ApiError::invalid("reason", "is none of satisfaction_reasons")),
        };
        Ok(Rating {
            score,
            reason,
            comment,
        })
    }
}

/// A rating of a ticket as it is found.
struct Rated<'a> {
    call: &'a Call,
    rating: Rating,
}

impl Want<ApiError> for Rated<'_> {
    async fn want(&mut self, on: Try) -> Result<Option<Wish>, ApiError> {
        let (call, rating, ticket) = (self.call, &self.rating, on.ticket);
        let has_comment = rating.comment.is_some();
        let is_new = ticket
            .satisfaction
            .is_none_or(|before| (before.score, before.reason) != (rating.score, rating.reason));
        let mut wish = Wish::from(Command::Rate(Box::new(rating.clone())));
        if call.caller.id == ticket.requester {
            wish.actor = Some(Actor::Requester(ticket.requester));
        }
        // Its event is the first of the save.
        if is_new || has_comment {
            let v = ticket.v + 1;
            let tickets = call.desk.tickets();
            let write = tickets.rating_write(on.now, ticket.number, v, rating.score, has_comment);
            wish.writes.push(write);
        }
        Ok(Some(wish))
    }
}

/// `POST tickets/{id}/satisfaction_rating`: by the requester, or for them by who works here.
async fn rate(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let number = TicketNumber(id);
    let once = Once::of(&call, &sent)?;
    let answer = async |v: Option<u64>, repeated: bool| {
        let file = call
            .desk
            .tickets()
            .standing_file(number)
            .await?
            .ok_or(ApiError::Missing)?;
        let rated = |event: &&TicketEvent| matches!(event.fact, Fact::SatisfactionRated { .. });
        let mut events = file.events.iter().filter(rated);
        let event = match v {
            Some(v) => events.rfind(|event| event.v <= v),
            None => events.next_back(),
        };
        let row = row(&call, &file.ticket, event.ok_or(ApiError::Missing)?);
        let body = Json(json!({ "satisfaction_rating": row }));
        Ok::<_, ApiError>(once.mark((StatusCode::OK, body).into_response(), repeated))
    };
    if let Some(earlier) = once.earlier(&call).await? {
        return answer(earlier.v, true).await;
    }
    let fields: Fields = sent.read("satisfaction_rating")?;
    let rating = fields.rating()?;
    let attempt = attempt(&call, &once);
    let mut rated = Rated { call: &call, rating };
    match call.desk.change(number, attempt, &mut rated).await? {
        Changed::Done(saved) => answer(Some(saved.ticket.v), false).await,
        Changed::Duplicate(earlier) => {
            let earlier = once.same(earlier)?;
            answer(earlier.v, true).await
        }
        Changed::Refused(refusal) => Err(refusal.into()),
        Changed::NotThere => Err(ApiError::Missing),
    }
}

fn row(call: &Call, ticket: &Ticket, event: &TicketEvent) -> Value {
    let Fact::SatisfactionRated {
        score,
        reason,
        comment,
    } = &event.fact
    else {
        return Value::Null;
    };
    let id = child_id(ticket.number, event.v);
    json!({
        "id": id,
        "url": call.address.resource(&format!("/satisfaction_ratings/{id}")),
        "ticket_id": ticket.number,
        "requester_id": ticket.requester,
        "assignee_id": ticket.assignee,
        "group_id": ticket.group,
        "score": score,
        "comment": comment,
        "reason": reason.map(words_of),
        "reason_id": reason,
        "reason_code": reason,
        "created_at": time(event.at),
        "updated_at": time(event.at),
    })
}

/// Which ratings are asked for.
struct Filters {
    is_good: Option<bool>,
    has_comment: Option<bool>,
    /// There are none such: nobody is asked.
    is_nothing: bool,
    from: Timestamp,
    until: Timestamp,
}

impl Filters {
    fn of(call: &Call) -> Result<Self, ApiError> {
        let score = call.address.parameter("score").unwrap_or("received");
        let (is_good, has_comment, is_nothing) = match score {
            "" | "received" => (None, None, false),
            "received_with_comment" => (None, Some(true), false),
            "received_without_comment" => (None, Some(false), false),
            "good" => (Some(true), None, false),
            "good_with_comment" => (Some(true), Some(true), false),
            "good_without_comment" => (Some(true), Some(false), false),
            "bad" => (Some(false), None, false),
            "bad_with_comment" => (Some(false), Some(true), false),
            "bad_without_comment" => (Some(false), Some(false), false),
            "offered" | "unoffered" => (None, None, true),
            _ => return Err(ApiError::invalid("score", "is no score that ratings have")),
        };
        let at = |name: &str| match call.address.parameter(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => {
                let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.is_finite());
                let at = seconds.and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
                let at = at.or_else(|| text.parse().ok());
                at.map(Some)
                    .ok_or_else(|| ApiError::invalid(name, "must be seconds since 1970"))
            }
        };
        Ok(Self {
            is_good,
            has_comment,
            is_nothing,
            from: at("start_time")?.unwrap_or(Timestamp::UNIX_EPOCH),
            until: at("end_time")?.unwrap_or(Timestamp::MAX),
        })
    }

    fn takes(&self, place: &RatingPlace) -> bool {
        self.is_good.is_none_or(|wanted| place.is_good == wanted)
            && self.has_comment.is_none_or(|wanted| place.has_comment == wanted)
    }
}

/// The ratings that are asked for, the newest first.
async fn places(call: &Call, filters: &Filters) -> Result<Vec<RatingPlace>, ApiError> {
    if filters.is_nothing {
        return Ok(vec![]);
    }
    // Nobody was helped before.
    let began_at = call.desk.began_at().await?;
    let from = began_at.map_or(filters.from, |began_at| filters.from.max(began_at));
    let times = (from, filters.until);
    let mut places = call.desk.tickets().ratings(times, MOST_LISTED).await?;
    places.retain(|place| filters.takes(place));
    Ok(places)
}

/// `GET satisfaction_ratings`: the newest first unless asked otherwise.
async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let mut places = places(&call, &Filters::of(&call)?).await?;
    let (order, sort) = (
        call.address.parameter("sort_order"),
        call.address.parameter("sort"),
    );
    let is_ascending = match (order, sort) {
        (Some(order), _) => order.eq_ignore_ascii_case("asc"),
        (None, sort) => sort.is_some_and(|sort| !sort.starts_with('-')),
    };
    let after = call.address.parameter("page[after]").and_then(read_cursor);
    let is_by_cursor = after.is_some() || call.address.parameter("page[size]").is_some();
    // A page by number turns an order that is asked for round by itself.
    if is_ascending || (!is_by_cursor && (order.is_some() || sort.is_some())) {
        places.reverse();
    }
    if !is_by_cursor {
        let paging = Paging::of(&call.address);
        let window = paging.window(places.len() as u64);
        let page: Vec<RatingPlace> = window.of(&places).into_iter().copied().collect();
        let rows = rows(&call, &page).await?;
        let envelope = paging.envelope(&call.address, "satisfaction_ratings", rows, &window);
        return Ok(Json(Value::Object(envelope)));
    }
    let size = call
        .address
        .parameter("page[size]")
        .and_then(|text| text.parse::<usize>().ok());
    let size = size.unwrap_or(100).clamp(1, 100);
    let key = |place: &RatingPlace| (place.at, child_id(place.ticket, place.v));
    let begin = after.map_or(0, |after| {
        places
            .iter()
            .position(|place| key(place) == after)
            .map_or(places.len(), |at| at + 1)
    });
    let end = (begin + size).min(places.len());
    let rows = rows(&call, &places[begin..end]).await?;
    let next = places[begin..end]
        .last()
        .filter(|_| end < places.len())
        .map(key)
        .map(write_cursor);
    let to = |after: &String| {
        link(
            &call.address,
            &[("page[after]", after.clone()), ("page[size]", size.to_string())],
        )
    };
    Ok(Json(json!({
        "satisfaction_ratings": rows,
        "links": { "next": next.as_ref().map(to), "prev": null },
        "meta": { "has_more": next.is_some(), "after_cursor": next, "before_cursor": null },
    })))
}

fn write_cursor((at, id): (i64, u64)) -> String {
    URL_SAFE_NO_PAD.encode(format!("s{at}.{id}"))
}

fn read_cursor(text: &str) -> Option<(i64, u64)> {
    let decoded = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (at, id) = decoded.strip_prefix('s')?.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// The ratings as they are shown, without those whose tickets were deleted.
async fn rows(call: &Call, places: &[RatingPlace]) -> Result<Vec<Value>, ApiError> {
    let mut numbers: Vec<_> = places.iter().map(|place| place.ticket).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut files = BTreeMap::new();
    for chunk in numbers.chunks(AT_ONCE) {
        let found = crate::ticket_metrics::files(call, chunk).await?;
        files.extend(found.into_iter().flatten().map(|file| (file.ticket.number, file)));
    }
    let shown = places.iter().filter_map(|place| {
        let file = files.get(&place.ticket)?;
        let event = file.events.iter().find(|event| event.v == place.v)?;
        Some(row(call, &file.ticket, event))
    });
    Ok(shown.collect())
}

/// `GET satisfaction_ratings/count`.
async fn count(call: Call) -> Result<Json<Value>, ApiError> {
    let value = places(&call, &Filters::of(&call)?).await?.len();
    Ok(Json(crate::shapes::counted(value, call.desk.now())))
}

/// `GET satisfaction_ratings/{id}`.
async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (number, v) = parent_of(id);
    let file = call
        .desk
        .tickets()
        .standing_file(number)
        .await?
        .ok_or(ApiError::Missing)?;
    let event = file.events.iter().find(|event| event.v == v);
    let event = event.filter(|event| matches!(event.fact, Fact::SatisfactionRated { .. }));
    let row = row(&call, &file.ticket, event.ok_or(ApiError::Missing)?);
    Ok(Json(json!({ "satisfaction_rating": row })))
}

/// `GET satisfaction_reasons`.
async fn reasons(call: Call) -> Json<Value> {
    let paging = Paging::of(&call.address);
    let window = paging.window(REASONS.len() as u64);
    let rows = window
        .of(REASONS)
        .into_iter()
        .map(|reason| reason_row(&call, reason));
    let envelope = paging.envelope(&call.address, "reasons", rows.collect(), &window);
    Json(Value::Object(envelope))
}

/// `GET satisfaction_reasons/{id}`.
async fn reason(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let found = REASONS.iter().find(|(code, _)| u64::from(*code) == id);
    let found = found.ok_or(ApiError::Missing)?;
    Ok(Json(json!({ "reason": reason_row(&call, found) })))
}

fn reason_row(call: &Call, (code, words): &(u16, &str)) -> Value {
    json!({
        "id": code,
        "url": call.address.resource(&format!("/satisfaction_reasons/{code}")),
        "reason_code": code,
        "value": words,
        "raw_value": words,
        "created_at": null,
        "updated_at": null,
        "deleted_at": null,
    })
}
