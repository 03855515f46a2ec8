//! What the palette finds.

use crate::world::{BEN, World};
use axum::http::StatusCode;

#[tokio::test]
async fn it_finds_a_ticket_by_its_number_tickets_and_people_by_how_they_begin() {
    let world = World::new().await.unwrap();
    let number = world
        .mail(("ann@shop.example", "Ann Lee"), "Lantern broken", "It is dark.")
        .await
        .unwrap();
    world.index().await.unwrap();
    let ben = world.browser(BEN).await;
    let found = ben.get("/agent/palette?q=lant").await;
    found.shows(&format!("href=\"/agent/tickets/{number}\""));
    found.shows("Lantern broken");
    found.shows("role=\"option\"");
    let found = ben.get("/agent/palette?q=ann").await;
    found.shows("ann@shop.example");
    found.shows("/agent/search?q=requester");
    let found = ben.get(&format!("/agent/palette?q=%23{number}")).await;
    found.shows("Number");
    found.shows("Lantern broken");
    ben.get("/agent/palette?q=99").await.hides("role=\"option\"");
}

#[tokio::test]
async fn one_letter_finds_nothing_and_what_is_no_query_is_no_failure() {
    let world = World::new().await.unwrap();
    world
        .mail(("ann@shop.example", "Ann Lee"), "Lantern broken", "It is dark.")
        .await
        .unwrap();
    world.index().await.unwrap();
    let ben = world.browser(BEN).await;
    for q in ["", "l", "%22", "a%3A%3A", "%2D%2D"] {
        let found = ben.get(&format!("/agent/palette?q={q}")).await;
        assert_eq!(found.status, StatusCode::OK, "{q}");
        found.hides("Lantern");
    }
}

#[tokio::test]
async fn what_stands_in_a_subject_stays_text() {
    let world = World::new().await.unwrap();
    world
        .mail(
            ("ann@shop.example", "<b>Ann</b>"),
            "<img src=x onerror=alert(1)> lamp",
            "x",
        )
        .await
        .unwrap();
    world.index().await.unwrap();
    let found = world.browser(BEN).await.get("/agent/palette?q=lamp").await;
    found.hides("<img");
    found.hides("<b>");
}
