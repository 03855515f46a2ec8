//! Exports of many rows of one instant.

use crate::{
    exports::{NOON, all_ids, all_pages},
    support::{World, anns_ticket},
};
use docket_domain::Timestamp;
use serde_json::json;

#[tokio::test]
async fn five_thousand_tickets_of_one_minute_come_all_and_once() {
    const COUNT: u64 = 5_000;
    let world = World::new().await;
    let token = world.token.clone();
    for _ in 0..COUNT {
        let request = http::Request::post("/api/v2/tickets")
            .header("authorization", format!("Bearer {token}"))
            .body(axum::body::Body::from(anns_ticket("many").to_string()));
        assert_eq!(world.send(request.unwrap()).await.status, 201);
    }
    for _ in 0..2 {
        // At first none of it is settled, then all of it is.
        let by_cursor = all_pages(
            &world,
            "incremental/tickets/cursor?start_time=0&per_page=1000",
            "after_url",
            6,
        )
        .await;
        assert_eq!(all_ids(&by_cursor, "tickets"), Vec::from_iter(1..=COUNT));
        let by_time = all_pages(&world, "incremental/tickets?start_time=0", "next_page", 9).await;
        assert_eq!(all_ids(&by_time, "tickets"), Vec::from_iter(1..=COUNT));
        world.advance(600);
    }
    let by_time = world
        .get(&format!("incremental/tickets?start_time={}", NOON + 1))
        .await
        .body;
    assert_eq!(
        (&by_time["count"], &by_time["end_of_stream"]),
        (&json!(0), &json!(true))
    );
    let events = all_pages(&world, "incremental/ticket_events?start_time=0", "next_page", 9).await;
    let told = events
        .iter()
        .flat_map(|page| page["ticket_events"].as_array().unwrap());
    let mut told: Vec<u64> = told.map(|event| event["ticket_id"].as_u64().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, Vec::from_iter(1..=COUNT));
    assert_eq!(world.desk.now(), Timestamp::from_second(NOON + 1_200).unwrap());
}
