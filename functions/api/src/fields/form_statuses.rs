//! `ticket_form_statuses`: which statuses tickets of a form can have. Where none is named they can have all.

use super::{book, change, shape};
use crate::kit::{
    call::{Call, Ids},
    error::ApiError,
    input::{Sent, flag, id},
    paging::{Paging, written_ids},
};
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use docket_domain::field::{FieldBook, FormStatus, TicketForm};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most pairs in one call.
const MOST_AT_ONCE: usize = 100;

/// A pair as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct SentPair {
    #[serde(deserialize_with = "id")]
    id: Option<u64>,
    #[serde(deserialize_with = "id")]
    custom_status_id: Option<u64>,
    #[serde(deserialize_with = "id")]
    ticket_form_id: Option<u64>,
    #[serde(rename = "_destroy", deserialize_with = "flag")]
    destroy: Option<bool>,
}

/// The pairs of a body: a list, or one.
fn pairs_in(sent: &Sent) -> Result<Vec<SentPair>, ApiError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Pairs {
        Many(Vec<SentPair>),
        One(SentPair),
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Body {
        #[serde(alias = "ticket_form_statuses")]
        ticket_form_status: Option<Pairs>,
    }
    let body: Body = sent.read_whole()?;
    let pairs = match body.ticket_form_status {
        Some(Pairs::Many(pairs)) => pairs,
        Some(Pairs::One(pair)) => vec![pair],
        None => return Err(ApiError::blank("ticket_form_status")),
    };
    if pairs.len() > MOST_AT_ONCE {
        let words = format!("at most {MOST_AT_ONCE} are allowed at once");
        return Err(ApiError::invalid("ticket_form_status", words));
    }
    Ok(pairs)
}

fn rows_of(form: &TicketForm) -> impl Iterator<Item = Value> {
    form.statuses.iter().map(|one| shape::form_status(form.id, *one))
}

fn rows_of_all(book: &FieldBook) -> Vec<Value> {
    book.forms.iter().flat_map(rows_of).collect()
}

/// The form of a path, to be changed.
fn form_in(book: &mut FieldBook, id: u64) -> Result<&mut TicketForm, ApiError> {
    let form = book.forms.iter_mut().find(|form| form.id == id);
    form.ok_or(ApiError::Missing)
}

/// Lets tickets of a form have a status.
fn add(book: &mut FieldBook, form: u64, status: u64) -> Result<(), ApiError> {
    if book.status(status).is_none() {
        let words = format!("{status} is no status's id");
        return Err(ApiError::invalid("custom_status_id", words));
    }
    let id = book.take_id();
    let form = form_in(book, form)?;
    if form.statuses.iter().all(|one| one.status != status) {
        form.statuses.push(FormStatus { id, status });
    }
    Ok(())
}

/// `GET ticket_form_statuses`.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let all = rows_of_all(&book(&call).await?.rules.fields);
    Ok(page(&call, &all))
}

fn page(call: &Call, all: &[Value]) -> Json<Value> {
    let paging = Paging::of(&call.address);
    let window = paging.window(all.len() as u64);
    let rows = window.of(all).into_iter().cloned().collect();
    let envelope = paging.envelope(&call.address, "ticket_form_statuses", rows, &window);
    Json(Value::Object(envelope))
}

/// `GET ticket_form_statuses/show_many?ids=1,2`.
pub(super) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let ids = written_ids(call.address.parameter("ids").unwrap_or_default())?;
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    let mut rows = rows_of_all(&book(&call).await?.rules.fields);
    rows.retain(|row| {
        row["id"]
            .as_str()
            .is_some_and(|id| ids.iter().any(|one| one == id))
    });
    Ok(Json(json!({ "ticket_form_statuses": rows })))
}

/// `GET ticket_forms/{id}/ticket_form_statuses`.
pub(super) async fn of_form(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let book = book(&call).await?;
    let form = book.rules.fields.form(id).ok_or(ApiError::Missing)?;
    let rows: Vec<Value> = rows_of(form).collect();
    Ok(page(&call, &rows))
}

/// `POST ticket_forms/{id}/ticket_form_statuses`: `{"ticket_form_status": [{"custom_status_id": 7}]}`.
pub(super) async fn create(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let pairs = pairs_in(&sent)?;
    let (book, ()) = change(&call, |book| {
        pairs.iter().try_for_each(|pair| {
            let status = pair.custom_status_id;
            add(
                book,
                id,
                status.ok_or_else(|| ApiError::blank("custom_status_id"))?,
            )
        })
    })
    .await?;
    answer(&book.rules.fields, id, StatusCode::CREATED)
}

/// `POST custom_statuses/{id}/ticket_form_statuses`: `{"ticket_form_status": [{"ticket_form_id": 7}]}`.
pub(super) async fn create_of_status(
    call: Call,
    Ids(id): Ids<u64>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let pairs = pairs_in(&sent)?;
    let (book, ()) = change(&call, |book| {
        book.status(id).ok_or(ApiError::Missing)?;
        pairs.iter().try_for_each(|pair| {
            let form = pair
                .ticket_form_id
                .ok_or_else(|| ApiError::blank("ticket_form_id"))?;
            add(book, form, id).map_err(|error| match error {
                ApiError::Missing => ApiError::invalid("ticket_form_id", "is no form's id"),
                error => error,
            })
        })
    })
    .await?;
    let mut rows = rows_of_all(&book.rules.fields);
    rows.retain(|row| row["custom_status_id"] == id);
    let body = json!({ "ticket_form_statuses": rows });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

fn answer(book: &FieldBook, form: u64, status: StatusCode) -> Result<Response, ApiError> {
    let form = book.form(form).ok_or(ApiError::Missing)?;
    let rows: Vec<Value> = rows_of(form).collect();
    Ok((status, Json(json!({ "ticket_form_statuses": rows }))).into_response())
}

/// Sets the status of a pair, or takes it away.
fn set(book: &mut FieldBook, form: u64, pair: u64, sent: &SentPair) -> Result<(), ApiError> {
    if let Some(status) = sent.custom_status_id
        && book.status(status).is_none()
    {
        let words = format!("{status} is no status's id");
        return Err(ApiError::invalid("custom_status_id", words));
    }
    let form = form_in(book, form)?;
    let place = form.statuses.iter().position(|one| one.id == pair);
    let place = place.ok_or(ApiError::Missing)?;
    if sent.destroy == Some(true) {
        form.statuses.remove(place);
        return Ok(());
    }
    if let Some(status) = sent.custom_status_id {
        let is_double = form
            .statuses
            .iter()
            .any(|one| one.status == status && one.id != pair);
        if is_double {
            return Err(ApiError::taken_by("custom_status_id", "status of the form"));
        }
        form.statuses[place].status = status;
    }
    Ok(())
}

/// `PUT ticket_forms/{id}/ticket_form_statuses`: pairs with their ids are changed or taken away, others added.
pub(super) async fn update_many(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let pairs = pairs_in(&sent)?;
    let (book, ()) = change(&call, |book| {
        pairs
            .iter()
            .try_for_each(|pair| match (pair.id, pair.custom_status_id) {
                (Some(one), _) => set(book, id, one, pair),
                (None, Some(status)) => add(book, id, status),
                (None, None) => Err(ApiError::blank("custom_status_id")),
            })
    })
    .await?;
    answer(&book.rules.fields, id, StatusCode::OK)
}

/// `PUT ticket_forms/{id}/ticket_form_statuses/{pair}`.
pub(super) async fn update(
    call: Call,
    Ids((id, pair)): Ids<(u64, u64)>,
    sent: Sent,
) -> Result<Response, ApiError> {
    let sent = pairs_in(&sent)?.into_iter().next().unwrap_or_default();
    let (book, ()) = change(&call, |book| set(book, id, pair, &sent)).await?;
    answer(&book.rules.fields, id, StatusCode::OK)
}

/// `DELETE ticket_forms/{id}/ticket_form_statuses/{pair}`.
pub(super) async fn destroy(call: Call, Ids((id, pair)): Ids<(u64, u64)>) -> Result<StatusCode, ApiError> {
    let gone = SentPair {
        destroy: Some(true),
        ..SentPair::default()
    };
    change(&call, |book| set(book, id, pair, &gone)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE ticket_forms/{id}/ticket_form_statuses`: its tickets can have all statuses again.
pub(super) async fn destroy_all(call: Call, Ids(id): Ids<u64>) -> Result<StatusCode, ApiError> {
    change(&call, |book| {
        form_in(book, id)?.statuses.clear();
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
