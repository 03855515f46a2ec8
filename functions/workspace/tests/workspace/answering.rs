//! What comes of the form.

use crate::world::{BEN, CLEO, World};
use axum::http::StatusCode;
use docket_domain::{
    PersonId, TicketNumber,
    outbox::State,
    ticket::{Actor, Priority, Status, Update},
};

const ANN: (&str, &str) = ("ann@shop.example", "Ann Lee");

async fn world_with_ticket() -> (World, TicketNumber, String) {
    let world = World::new().await.unwrap();
    let number = world
        .mail(ANN, "Where is my order?", "It is late.")
        .await
        .unwrap();
    world.triage(number).await.unwrap();
    let path = format!("/agent/tickets/{number}");
    (world, number, path)
}

async fn texts(world: &World, number: TicketNumber) -> Vec<(bool, String)> {
    let file = world.desk.tickets().file(number).await.unwrap().unwrap();
    let mut texts = Vec::new();
    for comment in &file.comments {
        let body = world.desk.blobs().body_of(number, comment).await.unwrap();
        texts.push((comment.public, body.text));
    }
    texts
}

#[tokio::test]
async fn an_answer_is_stored_sets_the_status_and_goes_out() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    let fields = [("text", "It left today.\r\n\r\nBen\r\n"), ("status", "solved")];
    let sent = browser.answer(&page, number, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let file = world.desk.tickets().file(number).await.unwrap().unwrap();
    let v = file.comments[1].v;
    assert_eq!(sent.header("location"), format!("{path}?saved={v}#comment-{v}"));
    assert_eq!(file.ticket.status, Status::Solved);
    assert_eq!(file.ticket.assignee, Some(BEN));
    assert_eq!(
        texts(&world, number).await[1],
        (true, "It left today.\n\nBen".to_owned())
    );
    assert_eq!(file.outbox.iter().filter(|item| item.id.v == v).count(), 1);
    let page = browser.get(&path).await;
    page.shows("Ben Okafor set the status from New to Solved");
    page.shows("Waiting to be sent");
}

#[tokio::test]
async fn a_note_stays_inside() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    let fields = [("text", "Careful"), ("visibility", "internal")];
    browser.answer(&page, number, &fields).await;
    let file = world.desk.tickets().file(number).await.unwrap().unwrap();
    assert!(!file.comments[1].public);
    assert!(file.outbox.iter().all(|item| item.id.v != file.comments[1].v));
}

#[tokio::test]
async fn a_text_for_nobody_named_stays_inside() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    browser
        .answer(&page, number, &[("text", "Hm"), ("visibility", "x")])
        .await;
    assert!(!texts(&world, number).await[1].0);
}

#[tokio::test]
async fn assignee_and_priority_are_changed_without_a_word() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    let cleo = CLEO.to_string();
    let saved = browser
        .answer(&page, number, &[("assignee", &cleo), ("priority", "urgent")])
        .await;
    let location = saved.header("location");
    assert!(location.ends_with("#main"), "{location}");
    let page = browser.get(location).await;
    page.shows("id=\"saved\">Saved: priority Urgent, assignee Cleo Marsh, status Open.</p>");
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!(
        (ticket.assignee, ticket.priority),
        (Some(CLEO), Some(Priority::Urgent))
    );
    browser
        .get(&path)
        .await
        .shows("Ben Okafor gave the ticket to Cleo Marsh");
}

#[tokio::test]
async fn a_form_sent_twice_is_done_once() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    for _ in 0..2 {
        let sent = browser.answer(&page, number, &[("text", "Once")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(texts(&world, number).await.len(), 2);
}

#[tokio::test]
async fn a_form_sent_twice_is_done_once_even_when_somebody_wrote_between() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    browser.answer(&page, number, &[("text", "Once")]).await;
    world
        .write(number, Actor::Agent(CLEO), "Me too", false, Update::default())
        .await
        .unwrap();
    let sent = browser.answer(&page, number, &[("text", "Once")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(texts(&world, number).await.len(), 3);
}

#[tokio::test]
async fn an_answer_is_held_back_when_somebody_else_wrote_and_nothing_typed_is_lost() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    let requester = world.desk.tickets().get(number).await.unwrap().unwrap().requester;
    world
        .write(
            number,
            Actor::Requester(requester),
            "It came!",
            true,
            Update::default(),
        )
        .await
        .unwrap();
    let fields = [
        ("text", "It is lost & gone"),
        ("status", "pending"),
        ("priority", "low"),
    ];
    let held = browser.answer(&page, number, &fields).await;
    assert_eq!(held.status, StatusCode::CONFLICT);
    held.shows("this ticket has changed since you opened it");
    held.shows("It came!");
    held.shows("<span class=\"new-mark\">New</span>");
    held.shows("It is lost &#38; gone</textarea>");
    held.shows("<option value=\"pending\" selected>");
    held.shows("name=\"priority\" value=\"low\"");
    assert_eq!(texts(&world, number).await.len(), 2);
    let sent = browser.answer(&held, number, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(texts(&world, number).await.len(), 3);
}

#[tokio::test]
async fn two_pages_of_one_agent_hold_each_other_back() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let (first, second) = (browser.get(&path).await, browser.get(&path).await);
    let sent = browser
        .answer(&first, number, &[("text", "It left today.")])
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let held = browser
        .answer(
            &second,
            number,
            &[("text", "It is lost."), ("visibility", "internal")],
        )
        .await;
    assert_eq!(held.status, StatusCode::CONFLICT);
    held.shows("this ticket has changed since you opened it");
    held.shows("Ben Okafor wrote");
    held.shows("It is lost.</textarea>");
    assert_eq!(texts(&world, number).await.len(), 2);
    // The same from a page on which only a property is changed.
    let third = browser.answer(&second, number, &[("priority", "low")]).await;
    assert_eq!(third.status, StatusCode::CONFLICT);
    let sent = browser.answer(&held, number, &[("text", "It is lost.")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(texts(&world, number).await.len(), 3);
}

#[tokio::test]
async fn what_was_saved_is_said_and_nothing_of_what_others_did() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    let fields = [
        ("text", "It left today."),
        ("status", "pending"),
        ("priority", "low"),
    ];
    let sent = browser.answer(&page, number, &fields).await;
    world
        .write(number, Actor::Agent(CLEO), "Me too", false, Update::default())
        .await
        .unwrap();
    let address = sent.header("location").split('#').next().unwrap();
    let page = browser.get(address).await;
    page.shows("role=\"status\" id=\"saved\">Saved: public reply, priority Low, status Pending.</p>");
    browser.get(&path).await.hides("id=\"saved\"");
    // Sent again, it stands, and nothing is known of what it was.
    let page = browser.get(&format!("{path}?saved=0")).await;
    page.shows("id=\"saved\">Saved.</p>");
}

#[tokio::test]
async fn what_the_desk_did_meanwhile_holds_nobody_back_and_is_not_undone() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    world.assign(number).await.unwrap();
    let assignee = world.desk.tickets().get(number).await.unwrap().unwrap().assignee;
    let sent = browser.answer(&page, number, &[("text", "Hello")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!(ticket.assignee, assignee);
}

#[tokio::test]
async fn what_can_not_be_saved_is_explained_beside_what_was_typed() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    let long = "x".repeat(65 * 1024);
    for (fields, words) in [
        (vec![("text", "  \r\n")], "There is nothing to save yet"),
        (
            vec![("text", "Kept"), ("assignee", "99")],
            "The assignee is not an agent of the ticket&#39;s group.",
        ),
        (
            vec![("text", "Kept"), ("status", "new2")],
            "There is no such status.",
        ),
        (
            vec![("text", "Kept"), ("status", "closed")],
            "status can&#39;t change from new to closed",
        ),
        (
            vec![("text", long.as_str())],
            "The text is too long: 65 KB of at most 64 KB.",
        ),
    ] {
        let shown = browser.answer(&page, number, &fields).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        shown.shows(words);
        if fields[0].1 == "Kept" {
            shown.shows("Kept</textarea>");
        }
    }
    assert_eq!(texts(&world, number).await.len(), 1);
}

#[tokio::test]
async fn a_closed_ticket_has_no_form_and_gives_the_text_back() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    let status = |status| Update {
        status: Some(status),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), "", true, status(Status::Solved))
        .await
        .unwrap();
    world
        .write(number, Actor::Agent(BEN), "", true, status(Status::Closed))
        .await
        .unwrap();
    let shown = browser.answer(&page, number, &[("text", "Too late")]).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    shown.shows("set the status from Solved to Closed");
    shown.shows("This ticket is closed and does not change any more.");
    shown.shows("Too late</textarea>");
    shown.hides("id=\"answer\"");
}

#[tokio::test]
async fn whoever_is_signed_out_gets_their_text_back() {
    let (world, number, path) = world_with_ticket().await;
    let mut browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    browser.cookie = "docket_session=gone".into();
    let shown = browser.answer(&page, number, &[("text", "My long text")]).await;
    assert_eq!(shown.status, StatusCode::UNAUTHORIZED);
    shown.shows("My long text</textarea>");
    assert_eq!(texts(&world, number).await.len(), 1);
}

#[tokio::test]
async fn a_ticket_that_is_not_there_gives_the_text_back() {
    let (world, _, path) = world_with_ticket().await;
    let browser = world.browser(PersonId(1)).await;
    let page = browser.get(&path).await;
    let shown = browser
        .answer(&page, TicketNumber(99), &[("text", "Lost?")])
        .await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
    shown.shows("Lost?</textarea>");
}

#[tokio::test]
async fn an_answer_that_could_not_be_sent_is_sent_again_by_its_button() {
    let (world, number, path) = world_with_ticket().await;
    let browser = world.browser(BEN).await;
    let page = browser.get(&path).await;
    browser.answer(&page, number, &[("text", "It left today.")]).await;
    let file = world.desk.tickets().file(number).await.unwrap().unwrap();
    let v = file.comments[1].v;
    let item = file.outbox.iter().find(|item| item.id.v == v).unwrap();
    let failed = item.withheld("no such user");
    assert!(world.desk.outbox().advance(item, &failed, vec![]).await.unwrap());

    let page = browser.get(&path).await;
    page.shows("Not sent: no such user");
    page.shows("Send again");
    let resend = format!("{path}/comments/{v}/resend");
    let forged = browser.post(&resend, &[("csrf", "forged")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let sent = browser.post(&resend, &[("csrf", &page.field("csrf"))]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let item = world.desk.outbox().get(item.id).await.unwrap().unwrap();
    assert_eq!((item.state, item.attempt), (State::Pending, 0));
}
