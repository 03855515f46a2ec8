//! What is typed is kept at the desk until it is sent.

use crate::{
    browser::{Browser, Page},
    world::{BEN, CLEO, World},
};
use axum::http::StatusCode;
use docket_domain::{TicketNumber, draft::MOST_DRAFT_BYTES};
use serde_json::Value;

async fn keep(browser: &Browser, number: TicketNumber, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let page: Page = browser
        .post(&format!("/agent/tickets/{number}/draft"), fields)
        .await;
    let json = serde_json::from_slice(&page.bytes).unwrap_or(Value::Null);
    (page.status, json)
}

async fn csrf_of(browser: &Browser) -> String {
    browser.get("/agent/notifications").await.field("csrf")
}

#[tokio::test]
async fn a_draft_has_the_fields_of_its_form_and_nothing_of_the_page() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let ben = world.browser(BEN).await;
    let csrf = csrf_of(&ben).await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", "o1"),
        ("seen", "3"),
        ("known", "0"),
        ("text", "Dear Ann"),
        ("visibility", "internal"),
        ("status", "pending"),
        ("Not a name", "x"),
    ];
    let (status, kept) = keep(&ben, number, &fields).await;
    let draft = world.desk.drafts().get(BEN, number).await.unwrap().unwrap();
    assert_eq!((status, kept["v"].as_u64()), (StatusCode::OK, Some(draft.v)));
    let names: Vec<&str> = draft.fields.keys().map(String::as_str).collect();
    assert_eq!(names, ["status", "text", "visibility"]);
    assert_eq!(draft.fields["text"], "Dear Ann");
    assert_eq!(world.desk.drafts().of(BEN).await.unwrap(), [draft]);
    let marks = world.desk.marks(CLEO, &[number]).await.unwrap();
    assert_eq!(
        marks[&number].drafters,
        [BEN],
        "colleagues know that there is one"
    );
}

#[tokio::test]
async fn a_colleague_sees_that_there_is_a_draft_and_not_its_words() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let (ben, cleo) = (world.browser(BEN).await, world.browser(CLEO).await);
    let csrf = csrf_of(&ben).await;
    keep(
        &ben,
        number,
        &[("csrf", &csrf), ("known", "0"), ("text", "A secret")],
    )
    .await;
    let page = cleo.get(&format!("/agent/version?ticket={number}")).await;
    page.shows("has a draft");
    page.hides("A secret");
    cleo.get(&format!("/agent/tickets/{number}"))
        .await
        .hides("A secret");
}

#[tokio::test]
async fn another_pages_draft_is_handed_back_and_not_written_over() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let ben = world.browser(BEN).await;
    let csrf = csrf_of(&ben).await;
    let at = async |known: &str, text: &str| {
        let fields = [("csrf", csrf.as_str()), ("known", known), ("text", text)];
        keep(&ben, number, &fields).await
    };
    let first = at("0", "From the first").await.1["v"].clone();
    let (status, other) = at("0", "From the second").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(other["elsewhere"]["text"], "From the first");
    assert_eq!(other["v"], first);
    // The same words are no other draft, and an emptied page does not throw the other's away.
    assert_eq!(at("0", "From the first").await.0, StatusCode::OK);
    assert_eq!(at("0", " ").await.0, StatusCode::CONFLICT);
    let second = at(&first.to_string(), "From the second").await.1["v"].clone();
    assert_eq!(second.as_u64(), first.as_u64().map(|first| first + 1));
    assert_eq!(at(&second.to_string(), "").await.1["v"], 0);
    assert_eq!(world.desk.drafts().get(BEN, number).await.unwrap(), None);
    let marks = world.desk.marks(BEN, &[number]).await.unwrap();
    assert_eq!(marks[&number].drafters, []);
}

#[tokio::test]
async fn a_page_that_knows_of_a_draft_that_went_does_not_write_over_the_next_one() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let ben = world.browser(BEN).await;
    let csrf = csrf_of(&ben).await;
    let at = async |known: &str, text: &str| {
        let fields = [("csrf", csrf.as_str()), ("known", known), ("text", text)];
        keep(&ben, number, &fields).await
    };
    let old = at("0", "Written long ago").await.1["v"].to_string();
    world.clock.advance(jiff::SignedDuration::from_secs(2));
    // Sent, or thrown away, on another page, where another answer is begun.
    at(&old, "").await;
    let next = at("0", "Another answer").await.1["v"].clone();
    let (status, other) = at(&old, "Written long ago, and on").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(other["elsewhere"]["text"], "Another answer");
    assert_eq!(other["v"], next);
    let kept = world.desk.drafts().get(BEN, number).await.unwrap().unwrap();
    assert_eq!(kept.fields["text"], "Another answer");
}

#[tokio::test]
async fn a_draft_that_is_too_large_or_from_nowhere_is_not_kept() {
    let world = World::new().await.unwrap();
    let number = world.mail_of(BEN).await.unwrap();
    let ben = world.browser(BEN).await;
    let csrf = csrf_of(&ben).await;
    let long = "x".repeat(MOST_DRAFT_BYTES);
    let (status, _) = keep(&ben, number, &[("csrf", &csrf), ("text", &long)]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, _) = keep(&ben, number, &[("csrf", "forged"), ("text", "a")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = keep(&ben, TicketNumber(99), &[("csrf", &csrf), ("text", "a")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(world.desk.drafts().of(BEN).await.unwrap(), []);
}
