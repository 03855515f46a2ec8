//! The list of tickets.

use crate::{
    failure::Failure,
    frame::Frame,
    models::row::Row,
    names::Names,
    session::SignedIn,
    views::{MOST_SHOWN, View},
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use docket_desk::Desk;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "tickets.html")]
struct TicketsPage {
    frame: Frame,
    title: &'static str,
    empty: (&'static str, &'static str),
    rows: Vec<Row>,
    is_cut: bool,
    most_shown: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    view: String,
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
    let (frame, shelves) = Frame::read(&desk, &signed_in, &groups, Some(view)).await?;
    let tickets = shelves.tickets(&desk, view, me).await?;
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
        is_cut: tickets.len() >= MOST_SHOWN,
        most_shown: MOST_SHOWN,
        rows: tickets
            .iter()
            .map(|ticket| Row::of(ticket, &names, now))
            .collect(),
    };
    Ok(Html(page.render()?))
}
