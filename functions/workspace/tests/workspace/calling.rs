//! Calls that agents log: on a ticket that is there, and on a new one.

use crate::mailed::Ticket;
use axum::http::StatusCode;
use docket_domain::{
    contact::tells::{Call, CallDirection, CallOutcome, Tells},
    sla::{Course, Metric},
    ticket::{Channel, Status, Ticket as Head},
};

/// A call of Ann's that was answered, beside what is said of it.
const PHONED: [(&str, &str); 6] = [
    ("visibility", "call"),
    ("direction", "inbound"),
    ("outcome", "answered"),
    ("ago", "10"),
    ("ago_unit", "minutes"),
    ("minutes", "4"),
];

async fn head(ticket: &Ticket) -> Head {
    let tickets = ticket.world.desk.tickets();
    tickets.get(ticket.number).await.unwrap().unwrap()
}

async fn log(ticket: &Ticket, more: &[(&str, &str)]) -> crate::browser::Page {
    let page = ticket.page().await;
    let ann = head(ticket).await.requester.to_string();
    let mut fields = PHONED.to_vec();
    fields.push(("spoke_with", &ann));
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((*name, *value));
    }
    ticket.browser.answer(&page, ticket.number, &fields).await
}

fn logged(comment: &docket_domain::contact::comment::Comment) -> &Call {
    match &comment.tells {
        Some(Tells::Call(call)) => call,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_is_a_note_that_tells_of_it_and_is_the_first_reply() {
    let ticket = Ticket::new().await;
    let sent = log(&ticket, &[("text", "Told her **Tuesday**.")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let comments = ticket.comments().await;
    let comment = &comments[1];
    assert_eq!((comment.public, &comment.channel), (false, &Channel::Phone));
    let call = logged(comment);
    assert_eq!(
        (call.direction, call.outcome, call.length_seconds),
        (CallDirection::Inbound, CallOutcome::Answered, 240)
    );
    assert_eq!(call.began_at, "2026-03-02T07:50:00Z".parse().unwrap());
    let head = head(&ticket).await;
    assert_eq!(call.with, Some(head.requester));
    let clocks = head.clocks.unwrap();
    assert_eq!(
        clocks.newest(Metric::FirstReply).unwrap().course,
        Course::Fulfilled
    );
    let page = ticket.page().await;
    page.shows("Ann Lee phoned for 4 min; it is answered.");
    page.shows("call, colleagues only by Ben Okafor");
    page.shows("<strong>Tuesday</strong>");
}

#[tokio::test]
async fn a_call_can_solve_the_ticket_and_be_read_by_the_customer_without_a_mail() {
    let ticket = Ticket::new().await;
    let fields = [
        ("text", "It works again."),
        ("act", "solve"),
        ("call_public", "1"),
    ];
    let sent = log(&ticket, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let tickets = ticket.world.desk.tickets();
    let file = tickets.file(ticket.number).await.unwrap().unwrap();
    assert_eq!(file.ticket.status, Status::Solved);
    let comment = &file.comments[1];
    assert!(comment.public);
    assert!(file.outbox.iter().all(|item| item.id.v != comment.v));
}

#[tokio::test]
async fn who_waits_for_an_answer_has_none_and_who_was_not_reached_changes_nothing() {
    let ticket = Ticket::new().await;
    for (direction, outcome) in [("inbound", "answer_due"), ("outbound", "not_reached")] {
        let fields = [("text", "Hm."), ("direction", direction), ("outcome", outcome)];
        let sent = log(&ticket, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let clocks = head(&ticket).await.clocks.unwrap();
        let course = clocks.newest(Metric::FirstReply).unwrap().course;
        assert_eq!(course, Course::Running, "{outcome}");
    }
}

#[tokio::test]
async fn what_can_t_be_logged_loses_no_words() {
    let ticket = Ticket::new().await;
    for (fields, words) in [
        (
            vec![("text", "She said so."), ("outcome", "not_reached")],
            "Whoever phoned was reached",
        ),
        (
            vec![("text", "She said so."), ("ago", "soon")],
            "Say in figures how long ago",
        ),
        (
            vec![("text", "She said so."), ("spoke_with", "2")],
            "Choose with whom the call was.",
        ),
        (vec![("text", " ")], "Write what was said on the phone."),
    ] {
        let shown = log(&ticket, &fields).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        shown.shows(words);
        shown.shows(fields[0].1);
        shown.shows("value=\"call\" id=\"call\" checked");
        shown.shows("name=\"minutes\" value=\"4\"");
    }
    assert_eq!(ticket.comments().await.len(), 1);
}

#[tokio::test]
async fn a_call_of_another_button_stays_inside_as_a_note() {
    let ticket = Ticket::new().await;
    log(&ticket, &[("text", "Careful"), ("act", "send")]).await;
    let comments = ticket.comments().await;
    assert_eq!((comments[1].public, &comments[1].tells), (false, &None));
}
