//! How a ticket's clocks came to their numbers: each interval, and why it counted or did not.

use super::ticket_number;
use crate::{
    came_from::CameFrom, failure::Failure, frame::Frame, models::proof::ClockView, session::SignedIn, words,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use docket_desk::Desk;
use docket_domain::{
    sla::{happenings, prove},
    ticket::Rules as _,
};

#[derive(Template)]
#[template(path = "proof.html")]
struct ProofPage {
    frame: Frame,
    number: u64,
    subject: String,
    policy: String,
    clocks: Vec<ClockView>,
    from: CameFrom,
}

/// The page.
pub async fn show(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    signed_in: SignedIn,
    Query(from): Query<CameFrom>,
) -> Result<Html<String>, Failure> {
    let number = ticket_number(&number)?;
    let file = desk.tickets().standing_file(number).await?;
    let file = file.ok_or(Failure::Missing)?;
    let groups = desk.groups().all().await?;
    let frame = Frame::of_ticket(&desk, &signed_in, &groups, (&from, number)).await?;
    let (mut policy, mut clocks) = (String::new(), vec![]);
    if let Some(known) = &file.ticket.clocks {
        let in_force = known.in_force;
        let rules = desk
            .rules()
            .of_requester(file.ticket.requester, Some(in_force))
            .await?;
        if let Some(terms) = rules.terms(&in_force) {
            policy.clone_from(&terms.policy().title);
            let proof = prove(&happenings(&file.events), &terms, desk.now());
            clocks = proof.clocks.iter().map(ClockView::of).collect();
        }
    }
    let page = ProofPage {
        frame,
        number: number.0,
        subject: words::subject(&file.ticket.subject),
        policy,
        clocks,
        from,
    };
    Ok(Html(page.render()?))
}
