//! A ticket that several messages of another one open.

use crate::{
    browser::Page,
    mailed::{ANN, Ticket},
    world::BEN,
};
use axum::http::StatusCode;
use docket_domain::{
    TicketNumber,
    contact::comment::Comment,
    ticket::{Actor, Update},
};

/// A ticket on which Ann wrote of two things, with an answer and a note between.
async fn of_two_things() -> (Ticket, Vec<Comment>) {
    let ticket = Ticket::new().await;
    let ann = ticket.person(ANN.0).await.unwrap().id;
    for (actor, text, is_public) in [
        (Actor::Agent(BEN), "It left on Monday.", true),
        (Actor::Requester(ann), "The lamp is broken, too.", true),
        (Actor::Agent(BEN), "She means the red one.", false),
    ] {
        let written = ticket
            .world
            .write(ticket.number, actor, text, is_public, Update::default());
        written.await.unwrap();
    }
    let comments = ticket.comments().await;
    (ticket, comments)
}

async fn split(ticket: &Ticket, comments: &[&str], subject: &str) -> Page {
    let csrf = ticket.page().await.field("csrf");
    let mut fields = vec![("csrf", csrf.as_str()), ("subject", subject)];
    fields.extend(comments.iter().map(|v| ("comment", *v)));
    let path = format!("{}/split", ticket.path);
    ticket.browser.post(&path, &fields).await
}

async fn texts(ticket: &Ticket, number: TicketNumber) -> Vec<String> {
    let desk = &ticket.world.desk;
    let mut texts = Vec::new();
    for comment in desk.tickets().comments_of(number).await.unwrap() {
        texts.push(desk.blobs().body_of(number, &comment).await.unwrap().text);
    }
    texts
}

#[tokio::test]
async fn marked_messages_open_one_ticket_in_the_order_in_which_they_were_written() {
    let (ticket, comments) = of_two_things().await;
    let page = ticket.page().await;
    page.shows("id=\"split-form\"");
    let versions: Vec<String> = comments.iter().map(|comment| comment.v.to_string()).collect();
    for v in &versions {
        page.shows(&format!(
            "<input type=\"checkbox\" name=\"comment\" value=\"{v}\" form=\"split-form\""
        ));
    }
    let (hers, note) = (versions[2].as_str(), versions[3].as_str());
    let opened = split(&ticket, &[note, hers, note], " The red lamp ").await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
    let address = opened.header("location");
    assert!(address.starts_with("/agent/tickets/2?saved="), "{address}");
    let second = TicketNumber(2);
    assert_eq!(
        texts(&ticket, second).await,
        ["The lamp is broken, too.", "She means the red one."]
    );
    let head = ticket.world.desk.tickets().get(second).await.unwrap().unwrap();
    assert_eq!(head.subject, "The red lamp");
    assert_eq!(texts(&ticket, ticket.number).await.len(), 4, "none is taken away");

    // It is taken back as before: by a merge, after which each stands there once.
    let csrf = ticket.page().await.field("csrf");
    let into = ticket.number.to_string();
    let fields = [("csrf", csrf.as_str()), ("other", into.as_str())];
    ticket.browser.post("/agent/tickets/2/merge", &fields).await;
    let page = ticket.page().await;
    let page = page.text();
    for text in ["<p>The lamp is broken, too.</p>", "<p>She means the red one.</p>"] {
        assert_eq!(page.matches(text).count(), 1, "{text} in {page}");
    }
}

#[tokio::test]
async fn none_too_many_and_what_is_no_message_open_nothing() {
    let (ticket, comments) = of_two_things().await;
    let v = comments[0].v.to_string();
    let many: Vec<String> = (1..=21).map(|v| v.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (marked, words) in [
        (&[][..], "0 messages are marked, 1 to 20 can open a ticket."),
        (&many[..], "21 messages are marked, 1 to 20 can open a ticket."),
        (
            &[v.as_str(), "x"][..],
            "mark the messages on the page of the ticket.",
        ),
        (&[v.as_str(), "99"][..], "the ticket has no comment 99."),
    ] {
        let shown = split(&ticket, marked, "").await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        shown.shows(&format!("No ticket was opened: {words}"));
    }
    let second = ticket.world.desk.tickets().get(TicketNumber(2)).await.unwrap();
    assert!(second.is_none());
}
