//! What was deleted or redacted is not shown, and a ticket says what of it the search does not know.

use crate::{
    mailed::ANN,
    world::{BEN, CLEO, World},
};
use docket_desk::{Attempt, tickets::Redact};
use docket_domain::ticket::{Actor, Update};

#[tokio::test]
async fn a_deleted_ticket_has_no_page_and_is_in_no_list() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "The lamp", "It does not glow").await.unwrap();
    let browser = world.browser(BEN).await;
    let paths = ["", "/comments/2/original", "/comments/2/formatted"]
        .map(|rest| format!("/agent/tickets/{number}{rest}"));
    browser
        .get("/agent/tickets?view=unassigned")
        .await
        .shows("The lamp");
    let attempt = Attempt::by(Actor::Agent(BEN), "test");
    world
        .desk
        .tickets()
        .delete(number, attempt.clone())
        .await
        .unwrap();
    for path in &paths {
        assert_eq!(browser.get(path).await.status.as_u16(), 404, "{path}");
    }
    browser
        .get("/agent/tickets?view=unassigned")
        .await
        .hides("The lamp");
    world.desk.tickets().restore(number, attempt).await.unwrap();
    let page = browser.get(&paths[0]).await;
    page.shows("deleted the ticket; it can be restored until");
    page.shows("restored the ticket");
}

#[tokio::test]
async fn of_a_redacted_comment_neither_words_nor_original_are_shown() {
    let world = World::new().await.unwrap();
    let number = world
        .mail(ANN, "The lamp", "My number is 4711 4711")
        .await
        .unwrap();
    let browser = world.browser(BEN).await;
    let original = format!("/agent/tickets/{number}/comments/2/original");
    assert_eq!(browser.get(&original).await.status.as_u16(), 200);
    let what = Redact {
        passages: vec!["4711 4711".to_owned()],
        ..Redact::default()
    };
    let attempt = Attempt::by(Actor::Agent(BEN), "test");
    world
        .desk
        .tickets()
        .redact(number, 2, &what, attempt)
        .await
        .unwrap();
    let page = browser.get(&format!("/agent/tickets/{number}")).await;
    page.hides("4711");
    page.shows("made something in a comment unreadable, for good: in one place of its text");
    page.hides("/comments/2/original");
    assert_eq!(browser.get(&original).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_long_ticket_says_that_not_all_of_it_is_searched() {
    let world = World::new().await.unwrap();
    let number = world.mail(ANN, "Long", "short").await.unwrap();
    let browser = world.browser(BEN).await;
    let path = format!("/agent/tickets/{number}");
    browser.get(&path).await.hides("the search knows");
    for _ in 0..5 {
        let text = "word ".repeat(12_000);
        let note = world.write(number, Actor::Agent(CLEO), &text, false, Update::default());
        note.await.unwrap();
    }
    browser
        .get(&path)
        .await
        .shows("the search knows its first comment and the newest");
}
