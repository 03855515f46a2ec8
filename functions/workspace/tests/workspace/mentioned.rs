//! The view of tickets in which somebody was named, by themselves or with their group.

use crate::{
    browser::Browser,
    listing::{href, listed},
    world::{BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_domain::{
    PersonId, TicketNumber,
    notification::{Notification, NotificationKind, Ways},
    ticket::{Actor, Status, Update},
};
use docket_store::workspace::Telling;
use jiff::SignedDuration;

const VIEW: &str = "/agent/tickets?view=mentions";

/// Somebody writes a note.
async fn note(world: &World, browser: &Browser, number: TicketNumber, text: &str) {
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    let fields = [("text", text), ("visibility", "internal")];
    let answer = browser.answer(&page, number, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    world.tell().await.unwrap();
    world.clock.advance(SignedDuration::from_mins(1));
}

async fn ticket(world: &World, subject: &str) -> TicketNumber {
    world.mail_about(BEN, subject).await
}

#[tokio::test]
async fn whoever_is_named_finds_the_ticket_and_the_last_one_stands_first() {
    let world = World::new().await.unwrap();
    let (first, second, third) = (
        ticket(&world, "Brakes").await,
        ticket(&world, "Lamp").await,
        ticket(&world, "Bell").await,
    );
    let (ben, cleo) = (world.browser(BEN).await, world.browser(CLEO).await);
    cleo.get(VIEW)
        .await
        .shows("Nobody wants you to look at something");
    note(&world, &ben, first, "@Cleo look, please").await;
    note(&world, &ben, second, "@Support who knows this lamp?").await;
    note(&world, &ben, third, "It rings.").await;
    let page = cleo.get(VIEW).await;
    assert_eq!(listed(&page), [second.0, first.0]);
    page.shows("<h1>Mentions</h1>");
    page.shows("<span>Mentions</span> <b class=\"count\">2</b>");
    // Whoever wrote it is not named by it, and what is answered in a view leads back there.
    assert_eq!(listed(&ben.get(VIEW).await), Vec::<u64>::new());
    page.shows(&format!("<a href=\"/agent/tickets/{first}?view=mentions\""));
    // Named once more, it stands first, and is still one.
    note(&world, &ben, first, "@Cleo and now?").await;
    assert_eq!(listed(&cleo.get(VIEW).await), [first.0, second.0]);
}

#[tokio::test]
async fn what_is_solved_or_deleted_waits_for_nobody() {
    let world = World::new().await.unwrap();
    let (solved, deleted, open) = (
        ticket(&world, "Solved").await,
        ticket(&world, "Deleted").await,
        ticket(&world, "Open").await,
    );
    let (ben, cleo) = (world.browser(BEN).await, world.browser(CLEO).await);
    for number in [solved, deleted, open] {
        note(&world, &ben, number, "@Cleo look").await;
    }
    let solve = Update {
        status: Some(Status::Solved),
        ..Update::default()
    };
    world
        .write(solved, Actor::Agent(BEN), "", false, solve)
        .await
        .unwrap();
    let attempt = docket_desk::Attempt::by(Actor::Agent(BEN), "test");
    world.desk.tickets().delete(deleted, attempt).await.unwrap();
    assert_eq!(listed(&cleo.get(VIEW).await), [open.0]);
    // The number beside the view is the one that its list had.
    cleo.get("/agent/tickets")
        .await
        .shows("<span>Mentions</span> <b class=\"count\">1</b>");
}

#[tokio::test]
async fn the_number_is_kept_for_half_a_minute_and_ends_at_ninety_nine() {
    let world = World::new().await.unwrap();
    let cleo = world.browser(CLEO).await;
    let count = async |words: &str| {
        let page = cleo.get("/agent/tickets").await;
        page.shows(&format!("<span>Mentions</span> <b class=\"count\">{words}</b>"));
    };
    count("0").await;
    for nth in 1..=100 {
        let number = ticket(&world, &format!("Order {nth}")).await;
        tell(&world, CLEO, number, false).await;
        world.clock.advance(SignedDuration::from_millis(1));
    }
    count("0").await;
    world.clock.advance(SignedDuration::from_secs(30));
    count("99+").await;
    // All of them are there, on two pages.
    let first = cleo.get(VIEW).await;
    first.shows("id=\"range\">1–50 of 100</span>");
    let second = cleo.get(&href(&first, "next").unwrap()).await;
    second.shows("id=\"range\">51–100 of 100</span>");
    assert_eq!(href(&second, "next"), None);
    let back = cleo.get(&href(&second, "previous").unwrap()).await;
    assert_eq!(listed(&back), listed(&first));
}

/// Notes that somebody was named, as what follows the tickets does it, who wants to be told of it by mail or in no way at all.
pub async fn tell(world: &World, agent: PersonId, number: TicketNumber, by_mail: bool) {
    let store = world.desk.store();
    let telling = Telling {
        agent,
        notification: Notification {
            kind: NotificationKind::Mentioned,
            ticket: number,
            v: 1,
            at: store.now(),
            by: Some(BEN),
        },
        ways: Ways {
            page: false,
            browser: false,
            mail: by_mail,
        },
    };
    let writes = store.telling_writes(&[telling], &[]).unwrap();
    store.commit_writes(vec![], writes).await.unwrap();
}

#[tokio::test]
async fn all_of_them_are_changed_at_once_and_no_view_is_made_of_them() {
    let world = World::new().await.unwrap();
    for nth in 1..=51 {
        let number = ticket(&world, &format!("Order {nth}")).await;
        tell(&world, CLEO, number, false).await;
        world.clock.advance(SignedDuration::from_millis(1));
    }
    let other = ticket(&world, "Of nobody").await;
    let cleo = world.browser(CLEO).await;
    let page = cleo.get(VIEW).await;
    page.hides("id=\"save\"");
    let (csrf, once, other) = (page.field("csrf"), page.field("once"), other.to_string());
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("list", "view=mentions"),
        ("act", "priority:high"),
        ("t", other.as_str()),
        ("all", "1"),
    ];
    let begun = cleo.post("/agent/tickets/bulk", &fields).await;
    cleo.get(begun.header("location"))
        .await
        .shows("51 tickets are being changed.");
    let fields = [
        ("csrf", csrf.as_str()),
        ("list", "view=mentions"),
        ("title", "Named"),
    ];
    let refused = cleo.post("/agent/views", &fields).await;
    refused.shows("who was named can&#39;t be asked for by a view");
}
