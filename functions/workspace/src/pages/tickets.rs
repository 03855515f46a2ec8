//! The list of tickets.

use crate::{
    came_from::CameFrom,
    failure::Failure,
    frame::Frame,
    models::row::Row,
    names::Names,
    session::SignedIn,
    views::{MOST_SHOWN, Urgent, View, is_place, list},
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use docket_desk::Desk;
use docket_domain::GroupId;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "tickets.html")]
struct TicketsPage {
    frame: Frame,
    title: &'static str,
    empty: (&'static str, &'static str),
    rows: Vec<Row>,
    from: CameFrom,
    slug: &'static str,
    next: Option<String>,
    is_first: bool,
    urgent: Urgent,
    most_shown: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    view: String,
    /// Behind which place of the view to begin.
    after: Option<String>,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Failure> {
    let view = View::of(&wanted.view);
    let me = signed_in.person.id;
    let groups = desk.groups().all().await?;
    let after = wanted.after.as_deref();
    if after.is_some_and(|after| !is_place(after)) {
        return Err(Failure::Missing);
    }
    let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
    let (frame, listed) = tokio::try_join!(
        Frame::of_view(&desk, &signed_in, &groups, view),
        list(&desk, (view, after), me, &ids)
    )?;
    let tickets = listed.tickets;
    let people = tickets
        .iter()
        .flat_map(|ticket| [Some(ticket.requester), ticket.assignee])
        .flatten()
        .collect();
    let names = Names::read(&desk, people, &groups).await?;
    let now = desk.now();
    let page = TicketsPage {
        frame,
        title: view.title(),
        empty: view.empty(),
        from: CameFrom::list_of(view, after),
        slug: view.slug(),
        next: listed.next,
        is_first: after.is_none(),
        urgent: listed.urgent,
        most_shown: MOST_SHOWN,
        rows: tickets
            .iter()
            .map(|ticket| Row::of(ticket, &names, now))
            .collect(),
    };
    Ok(Html(page.render()?))
}
