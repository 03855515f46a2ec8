//! `activities`: what others did to the unsolved tickets that the caller has, within thirty days: gave them one, wrote, made it more urgent.

use super::newest::{Moment, NewestPage};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
    },
    shapes::{child_id, parent_of, time, user::user},
    ticket_metrics::files,
};
use axum::Json;
use docket_desk::{TicketFile, TicketList};
use docket_domain::{
    PersonId, TicketNumber, Timestamp,
    people::person::Person,
    ticket::{Fact, Priority, TicketEvent},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How far it goes back, as clients expect it.
const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most tickets of an agent that are looked at: those that are due first.
const MOST_TICKETS: usize = 200;
/// Most rows of a page.
const MOST_ROWS: usize = 100;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Activity {
    at: Timestamp,
    id: u64,
    verb: &'static str,
    title: String,
    ticket: TicketNumber,
    subject: String,
    actor: Option<PersonId>,
}

impl Activity {
    fn moment(&self) -> Moment {
        (self.at.as_millisecond(), self.id)
    }
}

/// `GET activities`, the newest first unless the oldest are asked for; `since=` leaves out what is older.
pub(super) async fn list(call: Call) -> Result<Json<Value>, ApiError> {
    let page = NewestPage::of_either_order(&call.address, MOST_ROWS)?;
    let since = match call.address.parameter("since").filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let since: Result<Timestamp, _> = text.parse();
            let words = "must be a time such as 2026-03-02T09:00:00Z";
            Some(since.map_err(|_| ApiError::invalid("since", words))?)
        }
    };
    let mut all = activities(&call).await?;
    all.retain(|activity| since.is_none_or(|since| activity.at >= since));
    let count = all.len();
    page.sort(&mut all, Activity::moment);
    all.retain(|activity| page.reaches(activity.moment()));
    let has_more = all.len() > page.size;
    all.truncate(page.size);
    let more_behind = all.last().map(Activity::moment).filter(|_| has_more);
    let actors = actors(&call, &all).await?;
    let rows = all.iter().map(|activity| row(&call, activity, &actors)).collect();
    let mut envelope = page.envelope(&call.address, "activities", rows, more_behind);
    let of_actors = actors.values().map(|person| user(&call.address, person));
    envelope.insert("actors".to_owned(), of_actors.collect());
    envelope.insert("users".to_owned(), json!([user(&call.address, &call.caller)]));
    envelope.insert("count".to_owned(), json!(count));
    Ok(Json(Value::Object(envelope)))
}

/// `GET activities/count`.
pub(super) async fn count(call: Call) -> Result<Json<Value>, ApiError> {
    let value = activities(&call).await?.len();
    Ok(Json(crate::shapes::counted(value, call.desk.now())))
}

/// `GET activities/{id}`.
pub(super) async fn show(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let (number, _) = parent_of(id);
    let file = call.desk.tickets().standing_file(number).await?;
    let file = file.ok_or(ApiError::Missing)?;
    let from = call.desk.now().checked_sub(LOOKS_BACK).unwrap_or(Timestamp::MIN);
    let of_ticket = of_ticket(&file, call.caller.id, from);
    let found = of_ticket.into_iter().find(|activity| activity.id == id);
    let found = found.ok_or(ApiError::Missing)?;
    let actors = actors(&call, std::slice::from_ref(&found)).await?;
    Ok(Json(json!({ "activity": row(&call, &found, &actors) })))
}

/// The caller's activities.
async fn activities(call: &Call) -> Result<Vec<Activity>, ApiError> {
    let list = TicketList::Agent(call.caller.id);
    let numbers = call.desk.tickets().numbers(&list, MOST_TICKETS).await?;
    let from = call.desk.now().checked_sub(LOOKS_BACK).unwrap_or(Timestamp::MIN);
    let files = files(call, &numbers).await?;
    let all = files.iter().flatten();
    Ok(all
        .flat_map(|file| of_ticket(file, call.caller.id, from))
        .collect())
}

/// What others did to a ticket since a time that concerns an agent.
fn of_ticket(file: &TicketFile, agent: PersonId, from: Timestamp) -> Vec<Activity> {
    let ticket = &file.ticket;
    let by_others = file.events.iter().filter(|event| {
        let is_own = event.actor.person() == Some(agent);
        event.at >= from && !is_own
    });
    let activities = by_others.filter_map(|event| {
        let (verb, title) = verb_of(event, agent, ticket.number)?;
        Some(Activity {
            at: event.at,
            id: child_id(ticket.number, event.v),
            verb,
            title,
            ticket: ticket.number,
            subject: ticket.subject.clone(),
            actor: event.actor.person(),
        })
    });
    activities.collect()
}

fn verb_of(event: &TicketEvent, agent: PersonId, number: TicketNumber) -> Option<(&'static str, String)> {
    let assigned = || ("tickets.assignment", format!("Ticket {number} was given to you."));
    match &event.fact {
        Fact::Assigned { assignee, .. } if *assignee == agent => Some(assigned()),
        Fact::AssigneeChanged { to, .. } if *to == Some(agent) => Some(assigned()),
        Fact::CommentAdded(_) => Some((
            "tickets.comment",
            format!("There is a comment on ticket {number}."),
        )),
        Fact::PriorityChanged { from, to } if is_raised(*from, *to) => Some((
            "tickets.priority_increase",
            format!("Ticket {number} became more urgent."),
        )),
        _ => None,
    }
}

fn is_raised(from: Option<Priority>, to: Priority) -> bool {
    from.is_none_or(|from| (to as u8) > (from as u8))
}

async fn actors(call: &Call, of: &[Activity]) -> Result<BTreeMap<PersonId, Person>, ApiError> {
    let ids: std::collections::BTreeSet<_> = of.iter().filter_map(|activity| activity.actor).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let people = call.desk.people().get_many(&ids).await?;
    Ok(people.into_iter().map(|person| (person.id, person)).collect())
}

fn row(call: &Call, activity: &Activity, actors: &BTreeMap<PersonId, Person>) -> Value {
    let of_ticket = json!({ "ticket": { "id": activity.ticket, "subject": activity.subject } });
    let actor = activity.actor.and_then(|actor| actors.get(&actor));
    json!({
        "id": activity.id,
        "url": call.address.resource(&format!("/activities/{}", activity.id)),
        "title": activity.title,
        "verb": activity.verb,
        "user_id": call.caller.id,
        "actor_id": activity.actor.map_or_else(|| json!(-1), |actor| json!(actor)),
        "created_at": time(activity.at),
        "updated_at": time(activity.at),
        "object": of_ticket,
        "target": of_ticket,
        "user": user(&call.address, &call.caller),
        "actor": actor.map(|actor| user(&call.address, actor)),
    })
}
