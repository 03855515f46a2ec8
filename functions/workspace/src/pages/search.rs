//! The search.

use crate::{
    came_from::CameFrom,
    failure::Failure,
    frame::Frame,
    language::reader,
    models::{
        excerpt::Refused,
        found::{FacetList, Hit, Lacking, assignees, facets, operators},
    },
    names::Names,
    searched::{LAST_PAGE, MOST_ROWS, Order, ROWS, Searched, Tab},
    session::SignedIn,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use docket_desk::Desk;
use docket_domain::{
    OrganizationId, PersonId, TicketNumber, configuration::Group, people::organization::Organization,
    ticket::Ticket,
};
use docket_search::{Asker, Failed, Found, Kind, SearchAnswer, SearchRequest};
use std::collections::{BTreeSet, HashMap};

/// Most characters of the query in the page's title.
const MOST_IN_TITLE: usize = 60;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    title: String,
    from: CameFrom,
    /// The ways to hits of one kind.
    tabs: Vec<OrderLink>,
    outcome: Outcome,
    operators: [(&'static str, &'static str); 11],
}

/// What came of it.
enum Outcome {
    /// Nothing was asked.
    Unasked,
    /// The query was refused.
    Refused(Refused),
    /// The search does not answer; the way to ask again.
    Silent(String),
    /// What was found.
    Found(Box<Results>),
}

/// What was found, as shown.
struct Results {
    hits: Vec<Hit>,
    count: u64,
    facets: Vec<FacetList>,
    lacking: Option<Lacking>,
    /// The ways to other orders; none where the query itself says in which.
    orders: Vec<OrderLink>,
    first: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    /// Whether there are more than pages reach to.
    is_cut: bool,
    most_rows: usize,
}

/// The way to another order, or to hits of another kind.
struct OrderLink {
    title: &'static str,
    href: String,
    is_current: bool,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Query(searched): Query<Searched>,
) -> Result<Response, Failure> {
    let page = searched.page().ok_or(Failure::Missing)?;
    let groups = desk.groups().all().await?;
    let (frame, found) = tokio::join!(
        Frame::of_search(&desk, &signed_in, &groups, &searched),
        find(&desk, &signed_in, &searched)
    );
    let (frame, mut status) = (frame?, StatusCode::OK);
    let outcome = match found {
        Ok(None) => Outcome::Unasked,
        Ok(Some((query, answer))) => {
            let reading = Reading {
                desk: &desk,
                me: signed_in.person.id,
                groups: &groups,
            };
            let results = reading.results((&searched, page), &query, &answer).await?;
            Outcome::Found(Box::new(results))
        }
        Err(Failed::Refused(refused)) => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            Outcome::Refused(Refused::of(searched.query(), refused))
        }
        Err(Failed::Unavailable) => {
            status = StatusCode::SERVICE_UNAVAILABLE;
            Outcome::Silent(searched.address())
        }
    };
    let page = SearchPage {
        frame,
        title: title(searched.query()),
        tabs: tabs(&searched),
        from: CameFrom::search(searched),
        outcome,
        operators: operators(),
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// Asks; nothing where nothing is asked. What can't be read, or is too long, is not sent on.
async fn find(
    desk: &Desk,
    signed_in: &SignedIn,
    searched: &Searched,
) -> Result<Option<(docket_search::Query, SearchAnswer)>, Failed> {
    let text = searched.query();
    if text.is_empty() {
        return Ok(None);
    }
    let read = docket_search::Query::read(text);
    let query = read.map_err(|error| Failed::Refused(error.into()))?;
    let request = searched.clone().into_request(SearchRequest {
        by: asker(signed_in),
        wanted: searched.tab().wanted(text),
        sort_by: None,
        sort_order: None,
        skip: 0,
        take: 0,
        after: None,
        time_zone: reader().zone_name().map(str::to_owned),
        with_snippets: true,
        with_facets: true,
    });
    let answer = desk.find(request).await?;
    Ok(Some((query, answer)))
}

/// What somebody sees here is what they see in the views and on tickets: everybody who works here sees the tickets of all groups.
fn asker(signed_in: &SignedIn) -> Asker {
    Asker::Staff(Some(signed_in.person.id))
}

/// What is read of what was found.
struct Reading<'a> {
    desk: &'a Desk,
    me: PersonId,
    groups: &'a [Group],
}

impl Reading<'_> {
    /// One read for the tickets, one for all people, one for the organizations, however many there are. What is gone is left out.
    async fn results(
        &self,
        (searched, page): (&Searched, usize),
        query: &docket_search::Query,
        answer: &SearchAnswer,
    ) -> Result<Results, Failure> {
        let tickets: Vec<TicketNumber> = numbers(answer, Kind::Ticket).map(TicketNumber).collect();
        let heads = self.desk.heads_now(&tickets).await?;
        let of_tickets = heads
            .iter()
            .flat_map(|head| [Some(head.requester), head.assignee]);
        let people: BTreeSet<PersonId> = of_tickets
            .flatten()
            .chain(numbers(answer, Kind::Person).map(PersonId))
            .chain(assignees(&answer.facets))
            .collect();
        let people: Vec<PersonId> = people.into_iter().collect();
        let organizations: Vec<OrganizationId> =
            numbers(answer, Kind::Organization).map(OrganizationId).collect();
        let (people, organizations) = tokio::try_join!(
            self.desk.people().as_of_now(&people),
            self.desk.organizations().as_of_now(&organizations)
        )?;
        let names = Names::of(people, self.groups);
        let reached = page * ROWS;
        let is_more = answer.count > reached as u64;
        let to = |page: usize| searched.on_page(page).address();
        let (orders, now) = (orders(searched, query), self.desk.now());
        Ok(Results {
            hits: hits((&heads, &organizations), answer, &names, now),
            count: answer.count,
            facets: facets(&answer.facets, (searched, query), &names, self.me),
            lacking: Lacking::of(answer.basis, now),
            orders,
            first: (page > 2).then(|| to(1)),
            previous: (page > 1).then(|| to(page - 1)),
            next: (is_more && page < LAST_PAGE).then(|| to(page + 1)),
            is_cut: is_more && page == LAST_PAGE,
            most_rows: MOST_ROWS,
        })
    }
}

fn numbers(answer: &SearchAnswer, kind: Kind) -> impl Iterator<Item = u64> {
    let of_kind = answer.found.iter().filter(move |found| found.kind == kind);
    of_kind.map(|found| found.number)
}

/// What was found, in its order.
fn hits(
    (heads, organizations): (&[Ticket], &[Organization]),
    answer: &SearchAnswer,
    names: &Names,
    now: docket_domain::Timestamp,
) -> Vec<Hit> {
    let heads: HashMap<u64, &Ticket> = heads.iter().map(|head| (head.number.0, head)).collect();
    let organizations: HashMap<u64, &Organization> = organizations.iter().map(|it| (it.id.0, it)).collect();
    let hit = |found: &Found| match found.kind {
        Kind::Ticket => {
            let head = heads.get(&found.number)?;
            Some(Hit::ticket(head, found.place.as_ref(), names, now))
        }
        Kind::Person => names.known(PersonId(found.number)).map(Hit::person),
        Kind::Organization => organizations.get(&found.number).map(|it| Hit::organization(it)),
    };
    answer.found.iter().filter_map(hit).collect()
}

fn orders(searched: &Searched, query: &docket_search::Query) -> Vec<OrderLink> {
    if query.sorting.by.is_some() {
        return vec![];
    }
    let link = |order: Order| OrderLink {
        title: order.title(),
        href: searched.in_order(order).address(),
        is_current: order == searched.order(),
    };
    Order::ALL.into_iter().map(link).collect()
}

fn tabs(searched: &Searched) -> Vec<OrderLink> {
    if searched.query().is_empty() {
        return vec![];
    }
    let link = |tab: Tab| OrderLink {
        title: tab.title(),
        href: searched.on_tab(tab).address(),
        is_current: tab == searched.tab(),
    };
    Tab::ALL.into_iter().map(link).collect()
}

fn title(query: &str) -> String {
    let mut start: String = query.chars().take(MOST_IN_TITLE).collect();
    if start.len() < query.len() {
        start.push('…');
    }
    match start.as_str() {
        "" => t!("Search").to_owned(),
        start => format!("{start} - {}", t!("Search")),
    }
}
