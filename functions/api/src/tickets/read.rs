//! Reading tickets.

use crate::{
    comment_texts::first_comments,
    kit::{
        call::{Call, Ids},
        error::ApiError,
        paging::{MOST_ROWS, Paging, Window, written_ids},
    },
    shapes::ticket::{Around, ticket},
    sideloads::{Referred, add_to_tickets, asks_for},
    ticket_metric_events,
};
use axum::Json;
use docket_desk::TicketList;
use docket_domain::{PersonId, TicketNumber, assignment::SkillNames, ticket::Ticket};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How many empty pages in a row a list by cursor passes over: numbers that were drawn and not used lie together only
/// after a long failure.
const MOST_EMPTY_PAGES: u32 = 20;
/// Most tickets of one person that are listed, newest first.
const MOST_OF_A_PERSON: usize = 1_000;

/// `GET tickets`: all tickets by number.
pub(crate) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let paging = Paging::of(&call.address);
    let mut window = window(&call, &paging).await?;
    let mut page = page_of(&call, &window).await?;
    for _ in 0..MOST_EMPTY_PAGES {
        let next = paging.following(&window);
        match next.filter(|_| page.is_empty() && paging.may_skip()) {
            Some(next) => window = next,
            None => break,
        }
        page = page_of(&call, &window).await?;
    }
    answer(&call, &paging, &window, &page).await
}

/// The page of all tickets. Their rows are looked at where they are to be counted.
pub(crate) async fn window(call: &Call, paging: &Paging) -> Result<Window, ApiError> {
    let tickets = call.desk.tickets();
    Ok(if paging.is_counted() {
        paging.window_of_rows(&tickets.rows().await?)
    } else {
        paging.window(tickets.last_number().await?)
    })
}

/// `GET users/{id}/tickets/requested`: the tickets of one requester, by number.
pub(crate) async fn requested_by(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let person = PersonId(id);
    if call.desk.people().get(person).await?.is_none() {
        return Err(ApiError::Missing);
    }
    let list = TicketList::Person(person);
    let mut numbers = call.desk.tickets().numbers(&list, MOST_OF_A_PERSON).await?;
    numbers.sort();
    let paging = Paging::of(&call.address);
    let window = paging.window(numbers.len() as u64);
    let numbers: Vec<_> = window.of(&numbers).into_iter().copied().collect();
    let page = call.desk.tickets().get_many(&numbers).await?;
    answer(&call, &paging, &window, &page).await
}

/// `GET tickets/show_many?ids=1,2`: these tickets in the order asked for, without those that are not there.
pub(crate) async fn show_many(call: Call) -> Result<Json<Value>, ApiError> {
    let numbers: Vec<_> = ids_asked_for(&call)?.into_iter().map(TicketNumber).collect();
    let found = call.desk.tickets().get_many(&numbers).await?;
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), Value::from(found.len()));
    envelope.insert("next_page".to_owned(), Value::Null);
    envelope.insert("previous_page".to_owned(), Value::Null);
    let (rows, referred) = rows(&call, &found).await?;
    envelope.insert("tickets".to_owned(), Value::Array(rows));
    referred.add_to(&mut envelope, &call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// `GET tickets/{id}`.
pub(crate) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let found = call
        .desk
        .tickets()
        .standing(TicketNumber(id))
        .await?
        .ok_or(ApiError::Missing)?;
    let (mut rows, referred) = rows(&call, &[found]).await?;
    let mut row = rows.pop().unwrap_or_default();
    if asks_for(&call, "metric_events") {
        row["metric_events"] = ticket_metric_events::of_ticket(&call, TicketNumber(id)).await?;
    }
    let mut envelope = Map::new();
    envelope.insert("ticket".to_owned(), row);
    referred.add_to(&mut envelope, &call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// The ids of a `show_many`, each once.
pub(crate) fn ids_asked_for(call: &Call) -> Result<Vec<u64>, ApiError> {
    written_ids(call.address.parameter("ids").unwrap_or_default())
}

/// The ids of the caller's own of a `show_many`, each once; nothing where it names none of these.
pub(crate) fn external_ids_asked_for(call: &Call) -> Result<Option<Vec<String>>, ApiError> {
    let Some(written) = call.address.parameter("external_ids") else {
        return Ok(None);
    };
    let mut ids: Vec<String> = Vec::new();
    for id in written.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    if ids.len() as u64 > MOST_ROWS {
        return Err(ApiError::BadRequest(format!(
            "At most {MOST_ROWS} external_ids can be asked for at once."
        )));
    }
    Ok(Some(ids))
}

async fn page_of(call: &Call, window: &Window) -> Result<Vec<Ticket>, ApiError> {
    let numbers: Vec<_> = window.keys.iter().copied().map(TicketNumber).collect();
    Ok(call.desk.tickets().get_many(&numbers).await?)
}

pub(super) async fn answer(
    call: &Call,
    paging: &Paging,
    window: &Window,
    page: &[Ticket],
) -> Result<Json<Value>, ApiError> {
    let (rows, referred) = rows(call, page).await?;
    let mut envelope = paging.envelope(&call.address, "tickets", rows, window);
    referred.add_to(&mut envelope, call).await?;
    Ok(Json(Value::Object(envelope)))
}

/// What skills are called, where one of the tickets requires some.
pub(super) async fn names_of_skills(call: &Call, page: &[Ticket]) -> Result<SkillNames, ApiError> {
    if page.iter().all(|ticket| ticket.skills.is_empty()) {
        return Ok(SkillNames::default());
    }
    Ok(call.desk.rules().book().await?.rules.skill_names())
}

/// The tickets as they are shown, and whom and what they refer to. Each has its whole description, as clients that
/// copy a desk rely on.
pub(crate) async fn rows(call: &Call, page: &[Ticket]) -> Result<(Vec<Value>, Referred), ApiError> {
    let requesters: BTreeSet<_> = page.iter().map(|ticket| ticket.requester).collect();
    let requesters: Vec<_> = requesters.into_iter().collect();
    let (first, organizations, skill_names, mut links) = tokio::try_join!(
        async { first_comments(&call.desk, page).await },
        async { Ok(call.desk.organizations().of_people(&requesters).await?) },
        names_of_skills(call, page),
        async { Ok(call.desk.tickets().links_of(page).await?) },
    )?;
    let mut referred = Referred::default();
    let mut rows = Vec::with_capacity(page.len());
    for (row, first) in page.iter().zip(&first) {
        referred.people.insert(row.requester);
        referred.people.extend(row.assignee);
        referred
            .copied
            .extend(row.ccs.iter().chain(&row.followers).copied());
        referred
            .people
            .extend(first.as_ref().map(|first| first.comment.author));
        referred.groups.extend(row.group);
        referred.forms.extend(row.form);
        referred.statuses.insert(row.custom_status_id());
        let around = Around {
            first: first.as_ref(),
            organization: organizations.get(&row.requester).map(|theirs| theirs.id),
            skill_names: &skill_names,
            links: links.remove(&row.number).unwrap_or_default(),
        };
        rows.push(ticket(&call.address, row, &around));
    }
    referred.organizations = organizations.into_values().collect();
    add_to_tickets(call, page, &mut rows, &mut referred).await?;
    Ok((rows, referred))
}
