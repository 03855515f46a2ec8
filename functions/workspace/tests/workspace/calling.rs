//! Calls that agents log: on a ticket that is there, and on a new one.

use crate::{
    browser::Browser,
    mailed::{ANN, Ticket},
    world::{BEN, World},
};
use axum::http::StatusCode;
use docket_desk::seed::SUPPORT;
use docket_domain::{
    TicketNumber,
    contact::tells::{Call, CallDirection, CallOutcome, Tells},
    people::person::Identity,
    sla::{Course, Metric},
    ticket::{Channel, Priority, ReplyVia, Status, Ticket as Head},
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

const NEW: &str = "/agent/tickets/new";
/// A call of somebody new, as it is filled in.
const FILLED: [(&str, &str); 9] = [
    ("act", "open"),
    ("customer", "new"),
    ("name", "Kim Roe"),
    ("email", "kim@roe.example"),
    ("phone", "+49 30 901820"),
    ("subject", "The lamp flickers"),
    ("text", "She phoned because it flickers."),
    ("direction", "inbound"),
    ("outcome", "answer_due"),
];

/// Fills in the page and sends it.
async fn fill_in(browser: &Browser, changed: &[(&str, &str)]) -> crate::browser::Page {
    let page = browser.get(NEW).await;
    let (csrf, once) = (page.field("csrf"), page.field("once"));
    let mut fields = FILLED.to_vec();
    fields.extend([("csrf", csrf.as_str()), ("once", once.as_str())]);
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push((*name, *value));
    }
    browser.post(NEW, &fields).await
}

#[tokio::test]
async fn a_ticket_is_opened_for_somebody_new_who_phoned() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    let group = SUPPORT.to_string();
    let more = [("group", group.as_str()), ("priority", "high"), ("mine", "1")];
    let sent = fill_in(&browser, &more).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert_eq!(sent.header("location"), "/agent/tickets/1?saved=1#main");
    let file = world.desk.tickets().file(TicketNumber(1)).await.unwrap().unwrap();
    let head = &file.ticket;
    assert_eq!(
        (&head.channel, head.priority, head.group, head.assignee),
        (&Channel::Phone, Some(Priority::High), Some(SUPPORT), Some(BEN))
    );
    assert!(matches!(head.reply_via, ReplyVia::Mail { .. }));
    let number = Identity::Phone("+49 30 901820".into());
    let kim = world.desk.people().find(&number).await.unwrap().unwrap();
    assert_eq!((kim.id, kim.name.as_str()), (head.requester, "Kim Roe"));
    let comment = &file.comments[0];
    assert_eq!((comment.author, comment.public), (BEN, false));
    assert_eq!(logged(comment).with, Some(kim.id));
    assert_eq!(file.outbox, [], "whoever phoned is sent nothing");
    world.triage(TicketNumber(1)).await.unwrap();
    let triaged = world.desk.tickets().get(TicketNumber(1)).await.unwrap().unwrap();
    assert_eq!(triaged.priority, Some(Priority::High), "what was chosen stays");
    let clocks = triaged.clocks.unwrap();
    let course = clocks.newest(Metric::FirstReply).unwrap().course;
    assert_eq!(course, Course::Running, "an answer is due");
    let page = browser.get("/agent/tickets/1").await;
    page.shows("by phone");
    page.shows("Kim Roe phoned; they wait for an answer.");
}

#[tokio::test]
async fn whoever_phoned_before_is_found_and_gets_one_ticket_however_often_it_is_sent() {
    let world = World::new().await.unwrap();
    let first = world.mail(ANN, "Where is it?", "It is late.").await.unwrap();
    world.index().await.unwrap();
    let browser = world.browser(BEN).await;
    let ann = world.desk.tickets().get(first).await.unwrap().unwrap().requester;
    let radio = format!("name=\"customer\" value=\"{ann}\"");
    for find in ["Ann", "ANN@shop.example"] {
        let look = [("act", "look"), ("find", find), ("customer", ""), ("name", "")];
        let found = fill_in(&browser, &look).await;
        assert_eq!(found.status, StatusCode::OK);
        found.shows(&radio);
        found.shows("She phoned because it flickers.</textarea>");
    }
    let ann = ann.to_string();
    let page = browser.get(&format!("{NEW}?customer={ann}")).await;
    page.shows(&format!("{radio} checked"));
    let (csrf, once) = (page.field("csrf"), page.field("once"));
    let mut fields = FILLED.to_vec();
    fields.retain(|(name, _)| *name != "customer");
    fields.extend([
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("customer", ann.as_str()),
    ]);
    for _ in 0..2 {
        let sent = browser.post(NEW, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        assert!(sent.header("location").starts_with("/agent/tickets/2"));
    }
    let second = world.desk.tickets().get(TicketNumber(2)).await.unwrap().unwrap();
    assert_eq!(second.requester.to_string(), ann);
    assert!(world.desk.tickets().get(TicketNumber(3)).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_missing_is_said_and_what_was_typed_stays() {
    let world = World::new().await.unwrap();
    let browser = world.browser(BEN).await;
    for (changed, words) in [
        (("subject", ""), "Write in a few words what it is about."),
        (("email", "kim"), "is not a mail address."),
        (("customer", "99"), "whoever you chose is not there any more"),
        (("group", "77"), "There is no such group."),
    ] {
        let shown = fill_in(&browser, &[changed]).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        shown.shows(words);
        shown.shows("She phoned because it flickers.</textarea>");
        shown.shows("value=\"+49 30 901820\"");
    }
    let foreign = fill_in(&browser, &[("csrf", "wrong")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    foreign.shows("She phoned because it flickers.</textarea>");
    let stranger = Browser {
        app: world.app.clone(),
        cookie: String::new(),
    };
    let kept = stranger.post(NEW, &FILLED).await;
    assert_eq!(kept.status, StatusCode::UNAUTHORIZED);
    kept.shows("She phoned because it flickers.</textarea>");
    assert!(world.desk.tickets().get(TicketNumber(1)).await.unwrap().is_none());
}
