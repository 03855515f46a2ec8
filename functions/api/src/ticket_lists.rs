//! Lists of tickets: all of them, those of a person, of an organization, of an id of one's own. What stands in an index of the table is
//! read there; the rest, and other orders, the index of the search answers.

use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::{MOST_ROWS, link},
        place_paging::MOST_BY_NUMBER,
    },
    search::{request, told},
    shapes::counted,
    tickets,
};
use axum::{
    Json, Router,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_domain::{OrganizationId, PersonId, TicketNumber, people::person::Person};
use docket_search::{Failed, Kind, PageEnd, SearchAnswer, SearchRequest, Wanted};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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

/// An order that is not that of numbers, and how many rows there are in it at most.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Order {
    /// By what; by creation where nothing is said.
    by: Option<String>,
    is_descending: bool,
    most: u64,
}

impl Order {
    /// The order that is asked for; nothing where it is that of numbers. Which ones there are is checked where calls are let in.
    fn of(call: &Call) -> Option<Self> {
        let order = Self::or_by_creation(call);
        order.by.is_some().then_some(order)
    }

    /// The order that is asked for, that of creation where none is.
    fn or_by_creation(call: &Call) -> Self {
        let sort = call.address.parameter("sort");
        let by = call.address.parameter("sort_by").or(sort).unwrap_or_default();
        let by = by.trim_start_matches('-');
        let is_descending = match call.address.parameter("sort_order") {
            Some(order) => order.eq_ignore_ascii_case("desc"),
            None => sort.is_some_and(|sort| sort.starts_with('-')),
        };
        let is_of_numbers = ["id", "created_at", ""].contains(&by);
        Self {
            by: (!is_of_numbers).then(|| by.to_owned()),
            is_descending,
            most: u64::MAX,
        }
    }

    /// Whether a page can begin behind a row, whatever comes and goes before it.
    fn has_ends(&self) -> bool {
        self.by.is_none() && !self.is_descending
    }
}

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Page {
    is_by_cursor: bool,
    size: u64,
    skip: u64,
    after: Option<PageEnd>,
}

impl Page {
    fn of(call: &Call) -> Result<Self, ApiError> {
        let number = |name: &str| {
            call.address
                .parameter(name)
                .and_then(|text| text.parse::<u64>().ok())
        };
        let after = call.address.parameter("page[after]").and_then(read_cursor);
        let is_by_cursor = call.address.parameter("page[size]").is_some() || after.is_some();
        let size = number(if is_by_cursor { "page[size]" } else { "per_page" });
        let size = size.unwrap_or(MOST_ROWS).clamp(1, MOST_ROWS);
        let page = number("page").unwrap_or(1).max(1);
        let (skip, after) = match after {
            Some(From::Row(skip)) => (skip, None),
            Some(From::End(end)) => (0, Some(end)),
            None if is_by_cursor => (0, None),
            None => ((page - 1).saturating_mul(size), None),
        };
        if skip.saturating_add(size) > MOST_BY_NUMBER as u64 {
            return Err(ApiError::BadRequest(format!(
                "This list ends at {MOST_BY_NUMBER} rows. Take it by cursor in the order of creation, or an export."
            )));
        }
        Ok(Self {
            is_by_cursor,
            size,
            skip,
            after,
        })
    }
}

/// Where a page by cursor begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum From {
    /// Behind so many rows.
    Row(u64),
    /// Behind this row, by creation.
    End(PageEnd),
}

fn write_cursor(from: From) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&from).unwrap_or_default())
}

fn read_cursor(text: &str) -> Option<From> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Before the first row, by creation.
const BEGIN: PageEnd = PageEnd {
    group: None,
    created: Some(i64::MIN),
    number: 0,
    kind: Kind::Ticket,
};

async fn count(call: &Call, wanted: Wanted) -> Result<Response, ApiError> {
    let order = Order::or_by_creation(call);
    let answer = call.desk.find(sorted(call, wanted, &order)).await?;
    Ok((told(&answer), Json(counted(answer.count, call.desk.now()))).into_response())
}

fn sorted(call: &Call, wanted: Wanted, order: &Order) -> SearchRequest {
    let direction = if order.is_descending { "desc" } else { "asc" };
    SearchRequest {
        sort_by: Some(order.by.clone().unwrap_or_else(|| "created_at".to_owned())),
        sort_order: Some(direction.to_owned()),
        ..request(call, wanted)
    }
}

/// A page of what is found.
async fn found(call: &Call, wanted: Wanted, order: Order) -> Result<Response, ApiError> {
    let page = Page::of(call)?;
    let goes_by_ends = page.is_by_cursor && order.has_ends() && page.skip == 0;
    let request = SearchRequest {
        skip: usize::try_from(page.skip).unwrap_or(usize::MAX),
        take: usize::try_from(page.size.min(order.most.saturating_sub(page.skip))).unwrap_or(usize::MAX),
        after: goes_by_ends.then(|| page.after.unwrap_or(BEGIN)),
        ..sorted(call, wanted, &order)
    };
    let answer = match call.desk.find(request.clone()).await {
        // Where there is no index yet the newest are looked at, and those have no ends.
        Err(Failed::Unavailable) if goes_by_ends && page.after.is_none() => {
            let request = SearchRequest {
                after: None,
                ..request
            };
            call.desk.find(request).await?
        }
        answer => answer?,
    };
    let numbers: Vec<TicketNumber> = answer
        .found
        .iter()
        .map(|found| TicketNumber(found.number))
        .collect();
    let mut heads = call.desk.heads_now(&numbers).await?;
    heads.sort_by_key(|head| numbers.iter().position(|number| *number == head.number));
    let (rows, referred) = tickets::rows(call, &heads).await?;
    let mut envelope = envelope(call, &page, &order, &answer, rows);
    referred.add_to(&mut envelope, call).await?;
    Ok((told(&answer), Json(Value::Object(envelope))).into_response())
}

fn envelope(
    call: &Call,
    page: &Page,
    order: &Order,
    answer: &SearchAnswer,
    rows: Vec<Value>,
) -> Map<String, Value> {
    let count = answer.count.min(order.most);
    let reached = page.skip + page.size;
    let mut envelope = Map::new();
    envelope.insert("tickets".to_owned(), Value::Array(rows));
    if !page.is_by_cursor {
        let has_more = reached < count && reached < MOST_BY_NUMBER as u64;
        let to = |page: u64| link(&call.address, &[("page", page.to_string())]);
        let number = page.skip / page.size + 1;
        envelope.insert("count".to_owned(), json!(count));
        envelope.insert("next_page".to_owned(), json!(has_more.then(|| to(number + 1))));
        envelope.insert(
            "previous_page".to_owned(),
            json!((number > 1).then(|| to(number - 1))),
        );
        return envelope;
    }
    let by_end = answer.next.map(From::End).filter(|_| order.has_ends());
    let by_row = (page.after.is_none() && reached < count).then_some(From::Row(reached));
    let next = by_end.or(by_row).map(write_cursor);
    let size = || ("page[size]", page.size.to_string());
    let to = |after: &String| link(&call.address, &[("page[after]", after.clone()), size()]);
    let links = json!({ "next": next.as_ref().map(to), "prev": null });
    envelope.insert("links".to_owned(), links);
    let meta = json!({ "has_more": next.is_some(), "after_cursor": next, "before_cursor": null });
    envelope.insert("meta".to_owned(), meta);
    envelope
}
