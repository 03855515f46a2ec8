//! Lists of requests.

use super::{public_comments, rows, seen};
use crate::{
    kit::{
        call::{Call, Ids},
        customer::Customer,
        error::ApiError,
        paging::{MOST_ROWS, Paging},
        sight::{Sight, sight},
    },
    search::NumberedPage,
    shapes::request::{Shown, request},
    ticket_lists,
};
use axum::Json;
use docket_desk::TicketList;
use docket_domain::{OrganizationId, PersonId, TicketNumber, ticket::Ticket};
use docket_search::{Asker, Kind, SearchRequest, Wanted};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Most requests of one person that are listed, the newest ones.
const MOST_OF_A_PERSON: usize = 1_000;
/// Statuses of what is not solved.
const UNSOLVED: &str = "new,open,pending,hold";
/// Statuses of what is.
const SOLVED: &str = "solved,closed";

/// `GET requests`: what the caller asked; `status=` leaves out others, `sort_by=updated_at` puts them in another order.
pub(super) async fn own(customer: Customer) -> Result<Json<Value>, ApiError> {
    let statuses = customer.address.parameter("status").map(str::to_owned);
    listed(&customer, statuses.as_deref()).await
}

/// `GET requests/open`.
pub(super) async fn open(customer: Customer) -> Result<Json<Value>, ApiError> {
    listed(&customer, Some(UNSOLVED)).await
}

/// `GET requests/solved`.
pub(super) async fn solved(customer: Customer) -> Result<Json<Value>, ApiError> {
    listed(&customer, Some(SOLVED)).await
}

/// `GET users/{id}/requests`: what somebody asked, for agents.
pub(super) async fn of_user(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = call.desk.people().get(PersonId(id)).await?;
    let customer = Customer {
        desk: call.desk.clone(),
        person: Arc::new(person.ok_or(ApiError::Missing)?),
        address: call.address.clone(),
    };
    listed(&customer, None).await
}

/// `GET organizations/{id}/requests`: what its people asked, for agents.
pub(super) async fn of_organization(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let organization = call.desk.organizations().get(OrganizationId(id)).await?;
    organization.ok_or(ApiError::Missing)?;
    let page = NumberedPage::at(&call.address)?;
    let answer = call
        .desk
        .find(SearchRequest {
            by: Asker::Staff(Some(call.caller.id)),
            wanted: Wanted::QueryOf(Kind::Ticket, format!("organization:{id}")),
            sort_by: Some("created_at".to_owned()),
            sort_order: Some(call.address.parameter("sort_order").unwrap_or("asc").to_owned()),
            skip: page.skip(),
            take: usize::try_from(page.size.min(MOST_ROWS)).unwrap_or(usize::MAX),
            after: None,
            time_zone: None,
            with_snippets: false,
            with_facets: false,
        })
        .await?;
    let numbers = answer.found.iter().map(|found| TicketNumber(found.number));
    let numbers: Vec<TicketNumber> = numbers.collect();
    let tickets = call.desk.tickets().get_many(&numbers).await?;
    let customer = Customer {
        desk: call.desk.clone(),
        person: call.caller.clone(),
        address: call.address.clone(),
    };
    let shown: Vec<(Ticket, Sight)> = tickets
        .into_iter()
        .filter(|ticket| ticket.last_public_v > 0)
        .map(|ticket| {
            let is_own = ticket.requester == call.caller.id;
            let may_write = true;
            (ticket, Sight { is_own, may_write })
        })
        .collect();
    let mut envelope = Map::new();
    envelope.insert("requests".to_owned(), rows(&customer, &shown).await?.into());
    page.end_at(&call.address, answer.count, &mut envelope);
    Ok(Json(Value::Object(envelope)))
}

async fn listed(customer: &Customer, statuses: Option<&str>) -> Result<Json<Value>, ApiError> {
    let desk = &customer.desk;
    let list = TicketList::Person(customer.person.id);
    let mut numbers = desk.tickets().numbers(&list, MOST_OF_A_PERSON).await?;
    let by_change = match customer.address.parameter("sort_by") {
        None | Some("created_at" | "id") => false,
        Some("updated_at") => true,
        Some(_) => return Err(ApiError::invalid("sort_by", "is created_at or updated_at")),
    };
    // The oldest first, and the other way round where that is asked for.
    numbers.reverse();
    let paging = Paging::of(&customer.address);
    let wanted = statuses.map(read_statuses).transpose()?;
    let mut tickets = desk.tickets().get_many(&numbers).await?;
    // What nothing public is on is not counted either: nobody learns how many of theirs are hidden from them.
    tickets.retain(|ticket| {
        let status = json!(ticket.status);
        let status = status.as_str().unwrap_or_default();
        let is_public = ticket.last_public_v > 0;
        is_public && wanted.as_ref().is_none_or(|wanted| wanted.contains(&status))
    });
    if by_change {
        tickets.sort_by_key(|ticket| (ticket.updated_at, ticket.number));
    }
    let window = paging.window(tickets.len() as u64);
    let page = window.of(&tickets).into_iter().cloned().collect();
    let shown = seen_of(customer, page).await?;
    let rows = rows(customer, &shown).await?;
    let envelope = paging.envelope(&customer.address, "requests", rows, &window);
    Ok(Json(Value::Object(envelope)))
}

fn read_statuses(text: &str) -> Result<Vec<&str>, ApiError> {
    let all: Vec<&str> = UNSOLVED.split(',').chain(SOLVED.split(',')).collect();
    let asked: Vec<&str> = text.split(',').map(str::trim).collect();
    match asked.iter().find(|status| !all.contains(status)) {
        Some(_) => Err(ApiError::invalid(
            "status",
            format!("is one of {}", all.join(", ")),
        )),
        None => Ok(asked),
    }
}

/// Those of a page that the caller sees.
async fn seen_of(customer: &Customer, page: Vec<Ticket>) -> Result<Vec<(Ticket, Sight)>, ApiError> {
    let mut seen = Vec::with_capacity(page.len());
    for ticket in page {
        if let Some(sight) = sight(customer, &ticket).await? {
            seen.push((ticket, sight));
        }
    }
    Ok(seen)
}

/// `GET requests/search?query=`: of all that the caller sees.
pub(super) async fn search(customer: Customer) -> Result<Json<Value>, ApiError> {
    let query = customer.address.parameter("query");
    let query = query.ok_or_else(|| ApiError::blank("query"))?.to_owned();
    let mut query = query;
    for (name, key) in [
        ("status", "status"),
        ("organization_id", "organization"),
        ("cc_id", "cc"),
    ] {
        if let Some(value) = customer.address.parameter(name) {
            if value.contains(|c: char| c.is_whitespace() || c == '"') {
                return Err(ApiError::invalid(name, "is one word"));
            }
            query += &format!(" {key}:{value}");
        }
    }
    found(&customer, query).await
}

/// `GET requests/ccd`: of which the caller gets the answers in copy.
pub(super) async fn in_copy(customer: Customer) -> Result<Json<Value>, ApiError> {
    found(&customer, ticket_lists::in_copy(&customer.person)).await
}

async fn found(customer: &Customer, query: String) -> Result<Json<Value>, ApiError> {
    let page = NumberedPage::at(&customer.address)?;
    let organizations = shared_organizations(customer).await?;
    let answer = customer
        .desk
        .find(SearchRequest {
            by: Asker::Customer(customer.person.id, organizations),
            wanted: Wanted::QueryOf(Kind::Ticket, query),
            sort_by: customer.address.parameter("sort_by").map(str::to_owned),
            sort_order: customer.address.parameter("sort_order").map(str::to_owned),
            skip: page.skip(),
            take: usize::try_from(page.size.min(MOST_ROWS)).unwrap_or(usize::MAX),
            after: None,
            time_zone: customer.person.time_zone.clone(),
            with_snippets: false,
            with_facets: false,
        })
        .await?;
    let numbers: Vec<TicketNumber> = answer
        .found
        .iter()
        .map(|found| TicketNumber(found.number))
        .collect();
    let tickets = customer.desk.tickets().get_many(&numbers).await?;
    // The index says where to look; what they may see is asked of what stands now.
    let shown = seen_of(customer, tickets).await?;
    let mut envelope = Map::new();
    envelope.insert("requests".to_owned(), rows(customer, &shown).await?.into());
    page.end_at(&customer.address, answer.count, &mut envelope);
    Ok(Json(Value::Object(envelope)))
}

/// The organizations whose people's tickets the caller sees.
async fn shared_organizations(customer: &Customer) -> Result<Vec<OrganizationId>, ApiError> {
    let theirs = customer.person.organizations();
    if theirs.is_empty() {
        return Ok(vec![]);
    }
    let organizations = customer.desk.organizations().as_of_now(&theirs).await?;
    let sees_all = customer.person.sees_organization;
    let shared = organizations
        .iter()
        .filter(|known| sees_all || known.shared_tickets);
    Ok(shared.map(|known| known.id).collect())
}

/// `GET requests/{id}`.
pub(super) async fn show(customer: Customer, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (ticket, sight) = seen(&customer, id).await?;
    Ok(Json(shown(&customer, &ticket, sight).await?))
}

/// A request by itself.
pub(super) async fn shown(customer: &Customer, ticket: &Ticket, sight: Sight) -> Result<Value, ApiError> {
    let comments = public_comments(&customer.desk, ticket).await?;
    let requester = ticket.requester;
    let organizations = customer.desk.organizations().of_people(&[requester]).await?;
    let shown = Shown {
        first: comments.first(),
        organization: organizations.get(&requester).map(|theirs| theirs.id),
        is_own: sight.is_own,
    };
    Ok(json!({ "request": request(&customer.address, ticket, &shown) }))
}
