//! Lists of tickets: all of them, those of a person, of an organization, of an id of one's own. What stands in an index of the table is
//! read there; the rest, and other orders, the index of the search answers.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
    },
    search::{Order, Paged, sorted, told},
    shapes::counted,
    tickets,
};
use axum::{
    Json, Router,
    response::{IntoResponse, Response},
    routing::get,
};
use docket_domain::{OrganizationId, PersonId, TicketNumber, people::person::Person};
use docket_search::{Kind, Wanted};
use serde_json::Value;

/// Most tickets of a list of those that somebody worked on lately.
const MOST_RECENT: u64 = 100;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/tickets/count", get(count_of_all))
        .route("/tickets/recent", get(recent))
        .route("/users/{id}/tickets/requested", get(requested))
        .route("/users/{id}/tickets/requested/count", get(count_of_requested))
        .route("/users/{id}/tickets/assigned", get(assigned))
        .route("/users/{id}/tickets/assigned/count", get(count_of_assigned))
        .route("/users/{id}/tickets/ccd", get(copied))
        .route("/users/{id}/tickets/ccd/count", get(count_of_copied))
        .route("/organizations/{id}/tickets", get(of_organization))
        .route("/organizations/{id}/tickets/count", get(count_of_organization))
}

/// `GET tickets`: all of them, by number or in another order; or those with an `external_id`.
pub(crate) async fn all(call: Call) -> Result<Response, ApiError> {
    if let Some(id) = call.address.parameter("external_id") {
        let wanted = Wanted::ExternalId(Kind::Ticket, id.to_owned());
        return found(&call, wanted, Order::or_by_creation(&call)).await;
    }
    match Order::of(&call) {
        None => tickets::list(call).await.map(IntoResponse::into_response),
        Some(order) => found(&call, Wanted::QueryOf(Kind::Ticket, String::new()), order).await,
    }
}

/// `GET tickets/count`.
async fn count_of_all(call: Call) -> Result<Json<Value>, ApiError> {
    let rows = call.desk.tickets().rows().await?;
    Ok(Json(counted(rows.count(), call.desk.now())))
}

/// `GET tickets/recent`: those of the caller, the one that changed last first.
async fn recent(call: Call) -> Result<Response, ApiError> {
    let order = Order {
        by: Some("updated_at".to_owned()),
        is_descending: true,
        most: MOST_RECENT,
    };
    let query = format!("assignee:{}", call.caller.id);
    found(&call, Wanted::QueryOf(Kind::Ticket, query), order).await
}

/// `GET users/{id}/tickets/requested`: by number, or in another order.
async fn requested(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    match Order::of(&call) {
        None => tickets::requested_by(call, Ids(id))
            .await
            .map(IntoResponse::into_response),
        Some(order) => {
            let wanted = of_person(&call, "requester", id).await?;
            found(&call, wanted, order).await
        }
    }
}

async fn count_of_requested(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let wanted = of_person(&call, "requester", id).await?;
    count(&call, wanted).await
}

/// `GET users/{id}/tickets/assigned`: solved ones, too.
async fn assigned(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let wanted = of_person(&call, "assignee", id).await?;
    found(&call, wanted, Order::or_by_creation(&call)).await
}

async fn count_of_assigned(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let wanted = of_person(&call, "assignee", id).await?;
    count(&call, wanted).await
}

/// `GET users/{id}/tickets/ccd`: of which they get answers in copy.
async fn copied(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let wanted = of_person(&call, "cc", id).await?;
    found(&call, wanted, Order::or_by_creation(&call)).await
}

async fn count_of_copied(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let wanted = of_person(&call, "cc", id).await?;
    count(&call, wanted).await
}

/// `GET organizations/{id}/tickets`: of its people.
async fn of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let wanted = of_the_organization(&call, id).await?;
    found(&call, wanted, Order::or_by_creation(&call)).await
}

async fn count_of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Response, ApiError> {
    let wanted = of_the_organization(&call, id).await?;
    count(&call, wanted).await
}

/// Tickets of which somebody gets answers in copy: as themselves, or under a record that became part of theirs.
pub(crate) fn in_copy(person: &Person) -> String {
    let merged = person.merged.iter().map(|merged| merged.person);
    let all = std::iter::once(person.id).chain(merged);
    let all: Vec<String> = all.map(|id| format!("cc:{id}")).collect();
    all.join(" ")
}

async fn of_person(call: &Call, property: &str, id: u64) -> Result<Wanted, ApiError> {
    let person = call.desk.people().get(PersonId(id)).await?;
    let person = person.ok_or(ApiError::Missing)?;
    let query = match property {
        "cc" => in_copy(&person),
        _ => format!("{property}:{id}"),
    };
    Ok(Wanted::QueryOf(Kind::Ticket, query))
}

async fn of_the_organization(call: &Call, id: u64) -> Result<Wanted, ApiError> {
    let organization = call.desk.organizations().get(OrganizationId(id)).await?;
    organization.ok_or(ApiError::Missing)?;
    Ok(Wanted::QueryOf(Kind::Ticket, format!("organization:{id}")))
}

async fn count(call: &Call, wanted: Wanted) -> Result<Response, ApiError> {
    let order = Order::or_by_creation(call);
    let answer = call.desk.find(sorted(call, wanted, &order)).await?;
    Ok((told(&answer), Json(counted(answer.count, call.desk.now()))).into_response())
}

/// A page of what is found.
async fn found(call: &Call, wanted: Wanted, order: Order) -> Result<Response, ApiError> {
    let paged = Paged::find(call, wanted, order).await?;
    let numbers: Vec<TicketNumber> = paged
        .answer
        .found
        .iter()
        .map(|found| TicketNumber(found.number))
        .collect();
    let mut heads = call.desk.heads_now(&numbers).await?;
    heads.sort_by_key(|head| numbers.iter().position(|number| *number == head.number));
    let (rows, referred) = tickets::rows(call, &heads).await?;
    let mut envelope = paged.envelope(call, "tickets", rows);
    referred.add_to(&mut envelope, call).await?;
    Ok((told(&paged.answer), Json(Value::Object(envelope))).into_response())
}
