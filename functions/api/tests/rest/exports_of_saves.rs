//! Exports of what was done: each save in its place, at a cost that does not grow.

use crate::{
    exports::{NOON, all_ids, all_pages, ids},
    support::{ADMIN, World},
};
use docket_domain::TicketNumber;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EVENTS: &str = "ticket_events";

/// A client that knows no more than `end_time` takes an export to its end; the ids of its rows, in the order in which they came.
async fn by_end_time(world: &World, per_page: usize) -> Vec<u64> {
    let mut told = Vec::new();
    let mut start = 0;
    loop {
        let path = format!("incremental/ticket_events?start_time={start}&per_page={per_page}");
        let body = world.get(&path).await.body;
        told.extend(ids(&body, EVENTS));
        let end = body["end_time"].as_i64().unwrap();
        if body["end_of_stream"] == true {
            return told;
        }
        assert!(end > start, "it goes on from {start} at {end}");
        assert!(body["count"].as_u64().unwrap() >= per_page as u64, "{path}");
        start = end;
    }
}

/// The ids of all saves, as tickets have them.
async fn in_the_table(world: &World) -> BTreeSet<u64> {
    let mut saved = BTreeSet::new();
    for number in 1..=world.desk.tickets().last_number().await.unwrap() {
        let number = TicketNumber(number);
        let file = world.desk.tickets().file(number).await.unwrap().unwrap();
        saved.extend(file.saves.iter().map(|v| number.child_id(*v)));
    }
    saved
}

#[tokio::test]
async fn a_bulk_change_of_old_tickets_is_told_to_whoever_goes_on_by_end_time() {
    const COUNT: u64 = 250;
    let world = World::new().await;
    for n in 0..COUNT {
        world.ticket("old").await;
        world.advance(if n % 5 == 0 { 60 } else { 0 });
    }
    world.advance(7 * 24 * 3_600);
    for number in 1..=COUNT {
        world.change(number, json!({ "priority": "high" })).await;
        world.advance(i64::from(number % 8 == 0));
    }
    world.advance(600);
    let saved = in_the_table(&world).await;
    assert_eq!(saved.len() as u64, 2 * COUNT);
    for per_page in [1, 40, 1_000] {
        let told = by_end_time(&world, per_page).await;
        assert_eq!(told.len(), saved.len(), "each once, {per_page} a page");
        assert_eq!(BTreeSet::from_iter(told), saved, "{per_page} a page");
    }
    let by_link = all_pages(
        &world,
        "incremental/ticket_events?start_time=0&per_page=40",
        "next_page",
        20,
    )
    .await;
    assert_eq!(BTreeSet::from_iter(all_ids(&by_link, EVENTS)), saved);
}

/// How many calls of the cloud a page takes, where what is remembered for a while is known.
async fn calls_of(world: &World, path: &str) -> u64 {
    world.get(path).await;
    let all = || world.aws.calls().values().sum::<u64>();
    let before = all();
    assert_eq!(ids(&world.get(path).await.body, EVENTS).len(), 20, "{path}");
    all() - before
}

#[tokio::test]
async fn a_page_takes_as_many_calls_whatever_is_stored_and_changed_since() {
    let world = World::new().await;
    let page = "incremental/ticket_events?start_time=0&per_page=20";
    for _ in 0..30 {
        world.ticket("few").await;
        world.advance(60);
    }
    world.advance(600);
    let few = calls_of(&world, page).await;
    for n in 0..300 {
        world.ticket("many").await;
        world
            .change(1 + n % 330, json!({ "tags": [format!("t{n}")] }))
            .await;
        world.advance(1);
    }
    world.advance(600);
    assert_eq!(calls_of(&world, page).await, few);
}

#[tokio::test]
async fn a_ticket_that_changes_between_two_pages_keeps_its_earlier_save_in_its_place() {
    let world = World::new().await;
    for subject in ["first", "second", "third"] {
        world.ticket(subject).await;
        world.advance(60);
    }
    world.advance(600);
    let page = |start: i64| format!("incremental/ticket_events?start_time={start}&per_page=1");
    let body = world.get(&page(0)).await.body;
    assert_eq!(ids(&body, EVENTS), [100_001]);
    for number in [1, 2] {
        world.change(number, json!({ "priority": "high" })).await;
        world.advance(60);
    }
    let deleted = world.call_as(ADMIN, "DELETE", "tickets/3", &[], None).await;
    assert_eq!(deleted.status, 204);
    world.advance(600);
    let mut told = Vec::new();
    let mut start = body["end_time"].as_i64().unwrap();
    for _ in 0..9 {
        let body = world.get(&page(start)).await.body;
        let rows = body[EVENTS].as_array().unwrap().iter();
        told.extend(rows.map(|row| {
            let second = row["timestamp"].as_i64().unwrap() - NOON;
            (row["ticket_id"].as_u64().unwrap(), second)
        }));
        start = body["end_time"].as_i64().unwrap();
        if body["end_of_stream"] == true {
            break;
        }
    }
    assert_eq!(told, [(2, 60), (3, 120), (1, 780), (2, 840), (3, 900)]);
}

#[tokio::test]
async fn what_was_stored_at_once_goes_on_within_it() {
    let world = World::new().await;
    let comment = |hour: u32| json!({ "value": format!("{hour}"), "created_at": format!("2020-01-02T{hour:02}:00:00Z") });
    let ticket = json!({ "ticket": {
        "subject": "Of then",
        "requester": { "name": "Ann", "email": "ann@example.com" },
        "created_at": "2020-01-02T01:00:00Z",
        "comments": [comment(1), comment(2), comment(3)],
    } });
    let reply = world
        .call_as(ADMIN, "POST", "imports/tickets", &[], Some(ticket))
        .await;
    assert!(reply.status.is_success(), "{}", reply.body);
    world.ticket("of now").await;
    world.advance(600);
    let all: Value = world.get("incremental/ticket_events?start_time=0").await.body;
    let all = ids(&all, EVENTS);
    assert!(all.len() > 2, "{all:?}");
    for told in 1..all.len() {
        let behind = all[told - 1];
        let path = format!("incremental/ticket_events?start_time={NOON}&behind_id={behind}");
        let rest = world.get(&path).await.body;
        assert_eq!(ids(&rest, EVENTS), all[told..], "behind {behind}");
    }
}
