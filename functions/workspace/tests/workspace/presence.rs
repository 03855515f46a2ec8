//! Going away and coming back.

use crate::world::{ADMIN, BEN, World};
use axum::http::StatusCode;
use docket_desk::seed::SUPPORT;
use docket_domain::{
    assignment::Availability,
    ticket::{Command, Status, Update},
};

async fn status(world: &World) -> Availability {
    let load = world.desk.agents().load(BEN).await.unwrap().unwrap();
    load.availability
}

#[tokio::test]
async fn an_agent_goes_away_and_comes_back_on_the_page_where_they_are() {
    let world = World::new().await.unwrap();
    let from = ("ann@shop.example", "Ann Lee");
    let number = world.mail(from, "Where is it?", "It is late.").await.unwrap();
    let update = Update {
        group: Some(SUPPORT),
        assignee: Some(Some(BEN)),
        status: Some(Status::Open),
        ..Update::default()
    };
    let command = Command::Update(Box::new(update));
    world.command(number, command).await.unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    let page = browser.get(&path).await;
    page.shows("1 of 20");
    page.shows("Hand my open tickets back");
    page.hides("Come online");
    let csrf = page.field("csrf");
    assert_eq!(page.field("next"), path);
    let go = async |csrf: &str, status: &str, hand_back: bool, next: &str| {
        let mut fields = vec![("csrf", csrf), ("status", status), ("next", next)];
        if hand_back {
            fields.push(("hand_back", "1"));
        }
        browser.post("/agent/availability", &fields).await
    };
    let forged = go("forged", "away", false, &path).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(status(&world).await, Availability::Online);

    let gone = go(&csrf, "away", false, &path).await;
    assert_eq!(
        (gone.status, gone.header("location")),
        (StatusCode::SEE_OTHER, path.as_str())
    );
    assert_eq!(status(&world).await, Availability::Away);
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!(
        ticket.assignee,
        Some(BEN),
        "who goes to lunch keeps what they have"
    );
    let page = browser.get(&path).await;
    page.shows("You get no new tickets.");

    let back = go(&csrf, "online", false, "https://elsewhere.example/").await;
    assert_eq!(back.header("location"), "/agent/tickets");
    assert_eq!(status(&world).await, Availability::Online);

    go(&csrf, "away", true, &path).await;
    let ticket = world.desk.tickets().get(number).await.unwrap().unwrap();
    assert_eq!(ticket.assignee, None);
    assert!(ticket.waiting.is_some());
}

#[tokio::test]
async fn who_belongs_to_no_group_has_no_switch() {
    let world = World::new().await.unwrap();
    for group in world.desk.groups().all().await.unwrap() {
        world
            .desk
            .groups()
            .remove_member(group.id, ADMIN, world.desk.by_system("a test"))
            .await
            .unwrap();
    }
    let page = world.browser(ADMIN).await.get("/agent/tickets").await;
    page.hides("new tickets");
}
