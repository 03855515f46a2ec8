//! By what an open page sees that something changed: a small answer, read in one read, and 304 where it is the same as before.

use crate::{
    failure::Failure,
    models::company::{Companion, company, people_in},
    names::Names,
    pages::ticket_number,
    session::SignedIn,
    views::View,
};
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use docket_desk::Desk;
use docket_domain::Digest;
use serde::{Deserialize, Serialize};

/// Digits of the digest that names an answer.
const TAG_DIGITS: usize = 16;

/// What is open.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Open {
    view: String,
    ticket: String,
}

/// How it stands.
#[derive(Serialize)]
struct Version {
    /// Another number: some list changed.
    lists: u64,
    /// Another number: the view that is open may have changed; of an agent's own list also, who is at its tickets.
    view: u64,
    /// Another number: somebody came to tickets of a list that all have, or went. At a large desk that is always so: it is followed slowly.
    #[serde(skip_serializing_if = "Option::is_none")]
    there: Option<u64>,
    /// How much the agent was told, ever: more is news.
    told: u64,
    /// How much of it they have not seen.
    unseen: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<TicketVersion>,
}

/// How the ticket stands that is open.
#[derive(Serialize)]
struct TicketVersion {
    v: u64,
    company: Vec<Companion>,
}

/// The answer. Nobody who is signed out is led to a sign-in here: the page says it.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: Result<SignedIn, Failure>,
    Query(open): Query<Open>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let me = match signed_in {
        Ok(signed_in) => signed_in.person.id,
        Err(Failure::SignedOut { .. }) => return Ok(StatusCode::UNAUTHORIZED.into_response()),
        Err(failure) => return Err(failure),
    };
    let number = match open.ticket.as_str() {
        "" => None,
        number => Some(ticket_number(number)?),
    };
    let watched = desk.watched(me, number).await?;
    let ticket = match watched.ticket_v {
        Some(v) => {
            let names = Names::read(&desk, people_in(&watched.marks).collect(), &[]).await?;
            Some(TicketVersion {
                v,
                company: company(&watched.marks, me, &names),
            })
        }
        None => None,
    };
    let lists = &watched.lists;
    let is_mine = View::named(&open.view) == Some(View::Mine);
    let version = Version {
        lists: lists.all(),
        view: match (number, is_mine) {
            (None, true) => lists.rows_of(me),
            (Some(_), true) => lists.of_agent(me),
            (_, false) => lists.all(),
        },
        there: (number.is_none() && !is_mine && !open.view.is_empty()).then(|| lists.present()),
        told: watched.told.told,
        unseen: watched.told.unseen(),
        ticket,
    };
    Ok(tagged(&version, &headers))
}

/// The answer under its tag; none where whoever asks has it.
fn tagged(version: &Version, headers: &HeaderMap) -> Response {
    let json = serde_json::to_vec(version).unwrap_or_default();
    let tag = format!("\"{}\"", &Digest::of(&json).as_str()[..TAG_DIGITS]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    // What compresses an answer on its way makes a weak tag of it.
    let is_known = known.is_some_and(|known| known.trim_start_matches("W/") == tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Json(version).into_response(),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
