//! Snoozing a ticket, and ending that.

use crate::world::{BEN, World};
use axum::http::StatusCode;
use docket_domain::{
    TicketNumber, Timestamp,
    ticket::{Actor, Status, Update},
};

async fn world() -> (World, TicketNumber) {
    let world = World::new().await.unwrap();
    let from = ("ann@shop.example", "Ann Lee");
    let number = world.mail(from, "Where is it?", "It is late.").await.unwrap();
    (world, number)
}

async fn snoozed_until(world: &World, number: TicketNumber) -> Option<Timestamp> {
    world
        .desk
        .tickets()
        .get(number)
        .await
        .unwrap()
        .unwrap()
        .snoozed_until
}

#[tokio::test]
async fn a_ticket_is_snoozed_until_what_was_chosen_or_until_that_is_ended() {
    let (world, number) = world().await;
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    page.shows("Tomorrow, 3 Mar, 08:00 UTC");
    page.shows("Monday, 9 Mar, 08:00 UTC");
    page.hides("Snoozed until");
    let csrf = page.field("csrf");
    let choose = async |until: &str, date: &str| {
        let fields = [("csrf", csrf.as_str()), ("until", until), ("date", date)];
        browser.post(&format!("{path}/snooze"), &fields).await
    };
    for (until, date, expected) in [
        ("hours", "", "2026-03-02T11:00:00Z"),
        ("tomorrow", "", "2026-03-03T08:00:00Z"),
        ("monday", "", "2026-03-09T08:00:00Z"),
        ("date", "2026-04-01", "2026-04-01T08:00:00Z"),
    ] {
        assert_eq!(choose(until, date).await.status, StatusCode::SEE_OTHER);
        assert_eq!(
            snoozed_until(&world, number).await,
            Some(expected.parse().unwrap())
        );
    }
    browser.get(&path).await.shows("End the snooze now");
    // It leaves the list of what is to be done, and has its own.
    for (view, is_there) in [("open", false), ("snoozed", true)] {
        let list = browser.get(&format!("/agent/tickets?view={view}")).await;
        if is_there {
            list.shows("Snoozed until");
            list.shows("1 Apr 2026, 08:00 UTC");
            list.shows("Where is it?");
        } else {
            list.hides("Where is it?");
        }
    }
    assert_eq!(choose("wake", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(snoozed_until(&world, number).await, None);
    browser
        .get("/agent/tickets?view=snoozed")
        .await
        .hides("Where is it?");
    browser
        .get("/agent/tickets?view=open")
        .await
        .shows("Where is it?");
}

#[tokio::test]
async fn a_time_that_can_not_be_is_refused_beside_its_cause() {
    let (world, number) = world().await;
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let csrf = browser.get(&path).await.field("csrf");
    for (date, words) in [("", "choose a day first"), ("2020-01-01", "Not saved: ")] {
        let fields = [("csrf", csrf.as_str()), ("until", "date"), ("date", date)];
        let page = browser.post(&format!("{path}/snooze"), &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.shows(words);
    }
    let fields = [("csrf", "forged"), ("until", "hours")];
    let page = browser.post(&format!("{path}/snooze"), &fields).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(snoozed_until(&world, number).await, None);
}

#[tokio::test]
async fn a_solved_ticket_offers_no_snooze() {
    let (world, number) = world().await;
    let solved = Update {
        status: Some(Status::Solved),
        ..Update::default()
    };
    world
        .write(number, Actor::Agent(BEN), "", true, solved)
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    page.hides("Snooze it");
}
