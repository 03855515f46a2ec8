//! Taking a ticket to the group above its own.

use crate::world::{BEN, World};
use axum::http::StatusCode;
use docket_domain::{
    GroupId, TicketNumber,
    assignment::GroupAssignment,
    configuration::Group,
    ticket::{Command, Update},
};

const FIRST: GroupId = GroupId(1);

/// A ticket in a group above which the first one stands.
async fn world() -> (World, TicketNumber) {
    let world = World::new().await.unwrap();
    let from = ("ann@shop.example", "Ann Lee");
    let number = world.mail(from, "Where is it?", "It is late.").await.unwrap();
    let now = world.desk.now();
    let make = |id| Group {
        assignment: GroupAssignment {
            escalates_to: Some(FIRST),
            ..GroupAssignment::default()
        },
        ..Group::new(id, "Shop", now)
    };
    let below = world
        .desk
        .groups()
        .create(world.desk.by_system("a test"), make)
        .await
        .unwrap()
        .unwrap()
        .id;
    let update = Update {
        group: Some(below),
        ..Update::default()
    };
    let command = Command::Update(Box::new(update));
    world.command(number, command).await.unwrap();
    (world, number)
}

#[tokio::test]
async fn an_agent_escalates_a_ticket_with_a_reason() {
    let (world, number) = world().await;
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    page.shows("Escalate to Support");
    let csrf = page.field("csrf");
    let escalate = async |csrf: &str, reason: &str| {
        let fields = [("csrf", csrf), ("group", "1"), ("reason", reason)];
        browser.post(&format!("{path}/escalate"), &fields).await
    };
    let empty = escalate(&csrf, " ").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.shows("Not escalated: the reason has 0 characters");
    assert_eq!(escalate("forged", "x").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        escalate(&csrf, "needs an engineer").await.status,
        StatusCode::SEE_OTHER
    );
    let page = browser.get(&path).await;
    page.shows("escalated the ticket to Support: needs an engineer");
    page.hides("Escalate to");
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!((ticket.group, ticket.assignee), (Some(FIRST), None));
}
