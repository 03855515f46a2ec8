//! The list of tickets.

use crate::{
    failure::Failure,
    frame::Frame,
    models::row::Row,
    names::Names,
    session::SignedIn,
    views::{MOST_SHOWN, Urgent, View, list},
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use docket_desk::Desk;
use docket_domain::GroupId;
use serde::Deserialize;

/// Longest place of a view, in characters: a figure, two numbers of 13 and 12 figures, and what is between them.
const LONGEST_PLACE: usize = 32;

#[derive(Template)]
#[template(path = "tickets.html")]
struct TicketsPage {
    frame: Frame,
    title: &'static str,
    empty: (&'static str, &'static str),
    rows: Vec<Row>,
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
        Frame::read(&desk, &signed_in, &groups, Some(view)),
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

/// Whether a text can be a place in a view: figures with `#` between them.
fn is_place(text: &str) -> bool {
    (1..=LONGEST_PLACE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'#')
}
