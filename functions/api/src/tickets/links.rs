//! What has to do with other tickets: problems and their incidents, what is related, splitting.

use super::{answer::Written, followers, imports, merges, read::answer};
use crate::{
    kit::{
        call::{Call, Ids},
        error::ApiError,
        idempotency::Once,
        input::{Sent, removable_text},
        paging::Paging,
    },
    shapes::parent_of,
};
use axum::{
    Json, Router,
    response::Response,
    routing::{get, post},
};
use docket_desk::{
    Attempt, MOST_LINKED, Never,
    tickets::{SplitError, SplitOrder},
};
use docket_domain::{
    TicketNumber,
    ticket::{Actor, LinkList, Ticket},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest text that problems are looked for by, in characters.
const LONGEST_TEXT: usize = 255;

/// The paths.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/tickets/{id}/merge", post(merges::merge))
        .route("/tickets/{id}/merge/undo", post(merges::undo))
        .route("/tickets/{id}/split", post(split))
        .route("/tickets/{id}/incidents", get(incidents))
        .route("/tickets/{id}/related", get(related))
        .route("/tickets/{id}/followers", get(followers::list))
        .route("/problems", get(problems))
        .route("/problems/autocomplete", post(autocomplete))
        .route("/imports/tickets", post(imports::import))
}

async fn standing(call: &Call, id: u64) -> Result<Ticket, ApiError> {
    let ticket = call.desk.tickets().standing(TicketNumber(id)).await?;
    ticket.ok_or(ApiError::Missing)
}

/// `GET tickets/{id}/incidents`: those of a problem, by number; the newest thousand.
pub(super) async fn incidents(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let problem = standing(&call, id).await?;
    let list = LinkList::Incidents(problem.number);
    let mut numbers = call.desk.tickets().linked(list, MOST_LINKED).await?;
    numbers.reverse();
    let paging = Paging::of(&call.address);
    let window = paging.window(numbers.len() as u64);
    let numbers: Vec<TicketNumber> = window.of(&numbers).into_iter().copied().collect();
    let page = call.desk.tickets().get_many(&numbers).await?;
    answer(&call, &paging, &window, &page).await
}

/// Tickets of type problem, of the newest thousand, last changed first.
async fn all_problems(call: &Call) -> Result<Vec<Ticket>, ApiError> {
    let numbers = call
        .desk
        .tickets()
        .linked(LinkList::Problems, MOST_LINKED)
        .await?;
    let mut problems = call.desk.tickets().get_many(&numbers).await?;
    problems.sort_by_key(|problem| std::cmp::Reverse((problem.updated_at, problem.number)));
    Ok(problems)
}

/// `GET problems`.
pub(super) async fn problems(call: Call) -> Result<Json<Value>, ApiError> {
    let problems = all_problems(&call).await?;
    page_of(&call, &problems).await
}

async fn page_of(call: &Call, tickets: &[Ticket]) -> Result<Json<Value>, ApiError> {
    let paging = Paging::of(&call.address);
    let window = paging.window(tickets.len() as u64);
    let page: Vec<Ticket> = window.of(tickets).into_iter().cloned().collect();
    answer(call, &paging, &window, &page).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    #[serde(deserialize_with = "removable_text")]
    text: Option<Option<String>>,
}

/// `POST problems/autocomplete`: problems whose subject has the text of the body, or of the address, in it.
pub(super) async fn autocomplete(call: Call, sent: Sent) -> Result<Json<Value>, ApiError> {
    let wanted: Wanted = sent.read_whole_if_any()?;
    let in_address = call.address.parameter("text").map(str::to_owned);
    let text = wanted.text.flatten().or(in_address).unwrap_or_default();
    crate::kit::input::at_most("text", Some(&text), LONGEST_TEXT)?;
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(ApiError::blank("text"));
    }
    let mut problems = all_problems(&call).await?;
    problems.retain(|problem| problem.subject.to_lowercase().contains(&text));
    page_of(&call, &problems).await
}

/// `GET tickets/{id}/related`.
pub(super) async fn related(call: Call, Ids(id): Ids<u64>) -> Result<Json<Value>, ApiError> {
    let ticket = standing(&call, id).await?;
    let list = LinkList::Incidents(ticket.number);
    let incidents = call.desk.tickets().count_linked(list, MOST_LINKED).await?;
    let followed: Vec<TicketNumber> = ticket.follows.into_iter().collect();
    Ok(Json(json!({
        "url": call.address.resource(&format!("/tickets/{id}/related")),
        "topic_id": null,
        "jira_issue_ids": [],
        "followup_source_ids": followed,
        "from_archive": false,
        "incidents": incidents,
        "twitter": null,
    })))
}

/// What opens a ticket of its own, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Split {
    comment_ids: Vec<u64>,
    #[serde(deserialize_with = "removable_text")]
    subject: Option<Option<String>>,
}

/// `POST tickets/{id}/split`: comments open a ticket of their own: `{"comment_ids": [3500004], "subject": "The other matter"}`.
pub(super) async fn split(call: Call, Ids(id): Ids<u64>, sent: Sent) -> Result<Response, ApiError> {
    let once = Once::of(&call, &sent)?;
    if let Some(answer) = once.earlier(&call).await? {
        return Written::before(&answer)?.answer(&call, &once).await;
    }
    let split: Split = sent.read_whole()?;
    let number = standing(&call, id).await?.number;
    let mut comments = Vec::with_capacity(split.comment_ids.len());
    for comment in split.comment_ids {
        match parent_of(comment) {
            (parent, v) if parent == number => comments.push(v),
            _ => {
                return Err(ApiError::invalid(
                    "comment_ids",
                    format!("{comment} is no comment of this ticket"),
                ));
            }
        }
    }
    comments.sort_unstable();
    comments.dedup();
    let order = SplitOrder {
        comments,
        subject: split.subject.flatten(),
    };
    let attempt = Attempt::by(Actor::Agent(call.caller.id), once.cause.clone()).guarded(once.guards(true));
    let changed = call.desk.tickets().split(number, &order, attempt).await?;
    Written::of(changed, &once)?.answer(&call, &once).await
}

impl From<SplitError> for ApiError {
    fn from(error: SplitError) -> Self {
        match error {
            SplitError::Refused(refusal) => refusal.into(),
            SplitError::Store(error) => error.into(),
            SplitError::Lost(_) => Self::Never(Never::unreadable("comment", error.to_string())),
            SplitError::NoComment(_) | SplitError::Count(_) => {
                Self::invalid("comment_ids", error.to_string())
            }
        }
    }
}
