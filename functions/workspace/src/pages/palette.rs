//! What the palette finds of what is typed: a ticket by its number, tickets, people, organizations. A piece of a page, not a page.

use crate::{
    failure::Failure,
    models::found::{Hit, Party},
    names::Names,
    session::SignedIn,
    words::{self, Promise},
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use docket_desk::Desk;
use docket_domain::{OrganizationId, PersonId, TicketNumber, ticket::Ticket};
use docket_search::{Asker, Failed, Kind, SearchRequest, Wanted as WantedOf};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Most of each kind: what does not stand there is one key from the search.
const MOST_OF_A_KIND: usize = 3;
/// Longest text in characters that is looked for; what is longer is for the search.
const LONGEST_TEXT: usize = 100;
/// Shortest: one letter finds everything.
const SHORTEST_TEXT: usize = 2;

#[derive(Template)]
#[template(path = "palette.html")]
struct Found {
    /// The ticket whose number was typed.
    named: Option<Line>,
    tickets: Vec<Line>,
    parties: Vec<Party>,
    /// Whether the search did not answer.
    is_silent: bool,
}

/// A ticket.
struct Line {
    number: u64,
    subject: String,
    requester: String,
    promise: Promise,
    status: Option<&'static str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    q: String,
}

/// The piece.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: Result<SignedIn, Failure>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let me = match signed_in {
        Ok(signed_in) => signed_in.person.id,
        Err(Failure::SignedOut { .. }) => return Ok(StatusCode::UNAUTHORIZED.into_response()),
        Err(failure) => return Err(failure),
    };
    let text: String = wanted.q.trim().chars().take(LONGEST_TEXT).collect();
    let named = text.trim_start_matches('#').parse().ok().map(TicketNumber);
    // Without a letter or a figure all there is would be found.
    let is_asked = text.chars().count() >= SHORTEST_TEXT && text.chars().any(char::is_alphanumeric);
    let (within, begun) = (&desk, &text);
    let of = |kind| async move {
        match is_asked {
            true => beginning(within, me, kind, begun.clone()).await,
            false => Ok(vec![]),
        }
    };
    let (tickets, people, organizations) =
        tokio::join!(of(Kind::Ticket), of(Kind::Person), of(Kind::Organization));
    let is_silent = [&tickets, &people, &organizations]
        .iter()
        .any(|found| matches!(found, Err(Failed::Unavailable)));
    // What can't be read as a query finds nothing; the search itself says why.
    let numbers: Vec<TicketNumber> = tickets
        .unwrap_or_default()
        .into_iter()
        .map(TicketNumber)
        .collect();
    let people: Vec<PersonId> = people.unwrap_or_default().into_iter().map(PersonId).collect();
    let organizations: Vec<OrganizationId> = organizations
        .unwrap_or_default()
        .into_iter()
        .map(OrganizationId)
        .collect();
    let asked: Vec<TicketNumber> = named.into_iter().chain(numbers.iter().copied()).collect();
    let heads = desk.tickets().get_many(&asked).await?;
    let all: BTreeSet<PersonId> = people
        .iter()
        .copied()
        .chain(heads.iter().map(|head| head.requester))
        .collect();
    let all: Vec<PersonId> = all.into_iter().collect();
    let (known, organizations) = tokio::try_join!(
        desk.people().as_of_now(&all),
        desk.organizations().as_of_now(&organizations)
    )?;
    let names = Names::of(known, &[]);
    let now = desk.now();
    let line = |head: &Ticket| Line {
        number: head.number.0,
        subject: words::subject(&head.subject),
        requester: names.person(head.requester),
        promise: words::next_promise(head, now),
        status: (!head.status.is_unsolved()).then(|| words::status(head.status)),
    };
    let parties = people.iter().filter_map(|id| names.known(*id)).map(Hit::person);
    let parties = parties.chain(organizations.iter().map(Hit::organization));
    let found = Found {
        named: heads.iter().find(|head| Some(head.number) == named).map(line),
        tickets: heads
            .iter()
            .filter(|head| Some(head.number) != named && numbers.contains(&head.number))
            .map(line)
            .collect(),
        parties: parties
            .filter_map(|hit| match hit {
                Hit::Party(party) => Some(party),
                Hit::Ticket(_) => None,
            })
            .collect(),
        is_silent,
    };
    Ok(Html(found.render()?).into_response())
}

async fn beginning(desk: &Desk, me: PersonId, kind: Kind, text: String) -> Result<Vec<u64>, Failed> {
    let request = SearchRequest {
        by: Asker::Staff(Some(me)),
        wanted: WantedOf::Beginning(kind, text),
        sort_by: None,
        sort_order: None,
        skip: 0,
        take: MOST_OF_A_KIND,
        after: None,
        time_zone: None,
        with_snippets: false,
        with_facets: false,
    };
    let answer = desk.find(request).await?;
    Ok(answer.found.into_iter().map(|found| found.number).collect())
}
