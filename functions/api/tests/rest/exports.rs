//! Incremental exports: what changed since a time.

use crate::support::{ADMIN, World};
use docket_domain::TicketNumber;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Noon, when the desk begins, in seconds since 1970.
pub const NOON: i64 = 1_772_452_800;

pub fn path(link: &Value) -> String {
    let link = link.as_str().unwrap();
    link.strip_prefix("https://desk.example.com/api/v2/")
        .unwrap()
        .to_owned()
}

pub fn ids(body: &Value, name: &str) -> Vec<u64> {
    let rows = body[name].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_u64().unwrap()).collect()
}

/// All pages of an export from a path on, by the link that leads on; at most so many.
pub async fn all_pages(world: &World, first: &str, link: &str, most: usize) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut next = first.to_owned();
    for _ in 0..most {
        let reply = world.get(&next).await;
        assert_eq!(reply.status, 200, "{next}: {}", reply.body);
        let is_last = reply.body["end_of_stream"] == true;
        next = path(&reply.body[link]);
        pages.push(reply.body);
        if is_last {
            return pages;
        }
    }
    panic!("the export did not end within {most} pages");
}

pub fn all_ids(pages: &[Value], name: &str) -> Vec<u64> {
    pages.iter().flat_map(|page| ids(page, name)).collect()
}

#[tokio::test]
async fn tickets_come_by_cursor_in_the_order_of_their_changes_and_end() {
    let world = World::new().await;
    for subject in ["first", "second", "third"] {
        world.ticket(subject).await;
        world.advance(600);
    }
    world.change(1, json!({ "priority": "high" })).await;
    world.advance(600);
    let pages = all_pages(
        &world,
        "incremental/tickets/cursor.json?start_time=0&per_page=2",
        "after_url",
        5,
    )
    .await;
    assert_eq!(all_ids(&pages, "tickets"), [2, 3, 1]);
    let page = &pages[0];
    assert_eq!(
        (&page["end_of_stream"], &page["before_cursor"]),
        (&json!(false), &Value::Null)
    );
    assert!(page["after_url"].as_str().unwrap().contains("per_page=2"));
    let row = &pages[1]["tickets"][0];
    assert_eq!((&row["id"], &row["priority"]), (&json!(1), &json!("high")));
    assert_eq!(row["generated_timestamp"], NOON + 1_800);
    assert_eq!(row["description"], "We are looking into it.");
    // What comes next is only what changed since.
    let after = path(&pages[1]["after_url"]);
    assert_eq!(ids(&world.get(&after).await.body, "tickets"), [0; 0]);
    world.change(2, json!({ "priority": "low" })).await;
    let cursor = pages[1]["after_cursor"].as_str().unwrap();
    let with_stray = format!("incremental/tickets/cursor?cursor={cursor}&include=None");
    let body = world.get(&with_stray).await.body;
    assert_eq!(
        (ids(&body, "tickets"), &body["end_of_stream"]),
        (vec![2], &json!(true))
    );
}

#[tokio::test]
async fn what_changed_a_moment_ago_is_told_and_comes_once_more() {
    let world = World::new().await;
    world.ticket("new").await;
    let body = world.get("incremental/tickets/cursor?start_time=0").await.body;
    assert_eq!(
        (ids(&body, "tickets"), &body["end_of_stream"]),
        (vec![1], &json!(true))
    );
    world.advance(600);
    let next = path(&body["after_url"]);
    let body = world.get(&next).await.body;
    assert_eq!(ids(&body, "tickets"), [1]);
    assert_eq!(
        ids(&world.get(&path(&body["after_url"])).await.body, "tickets"),
        [0; 0]
    );
}

#[tokio::test]
async fn a_deleted_ticket_is_told_as_such_and_may_be_left_out() {
    let world = World::new().await;
    world.ticket("gone").await;
    world.ticket("there").await;
    let reply = world.call_as(ADMIN, "DELETE", "tickets/1", &[], None).await;
    assert_eq!(reply.status, 204);
    let body = world.get("incremental/tickets/cursor?start_time=0").await.body;
    let status = |id: u64| {
        let rows = body["tickets"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == id).unwrap()["status"].clone()
    };
    assert_eq!((status(1), status(2)), (json!("deleted"), json!("new")));
    let without = "incremental/tickets/cursor?start_time=0&exclude_deleted=true";
    assert_eq!(ids(&world.get(without).await.body, "tickets"), [2]);
    let by_time = world.get("incremental/tickets?start_time=0").await.body;
    assert_eq!(by_time["tickets"][0]["status"], "deleted");
}

#[tokio::test]
async fn tickets_come_by_time_and_a_page_ends_between_seconds() {
    let world = World::new().await;
    for subject in ["a", "b", "c", "d", "e"] {
        world.ticket(subject).await;
        if subject != "b" {
            world.advance(10);
        }
    }
    world.advance(600);
    let first = world
        .get("incremental/tickets?start_time=1&per_page=2")
        .await
        .body;
    // The second and the third are of one second.
    assert_eq!(ids(&first, "tickets"), [1, 2, 3]);
    assert_eq!(
        (&first["count"], &first["end_of_stream"]),
        (&json!(3), &json!(false))
    );
    assert_eq!(first["end_time"], NOON + 11);
    let second = world.get(&path(&first["next_page"])).await.body;
    assert_eq!(
        (ids(&second, "tickets"), &second["end_of_stream"]),
        (vec![4, 5], &json!(true))
    );
    // Whoever knows the end only goes on there.
    let end = second["end_time"].as_i64().unwrap();
    assert!(end > NOON + 30 && end <= NOON + 640);
    world.change(3, json!({ "priority": "low" })).await;
    let third = world
        .get(&format!("incremental/tickets?start_time={end}"))
        .await
        .body;
    assert_eq!(ids(&third, "tickets"), [3]);
}

#[tokio::test]
async fn a_start_is_an_integer_a_float_or_a_time_in_words() {
    let world = World::new().await;
    world.ticket("old").await;
    world.advance(3600);
    world.ticket("young").await;
    for start in [
        format!("{}", NOON + 1800),
        format!("{}.5", NOON + 1800),
        "2026-03-02T12:30:00Z".to_owned(),
        "2026-03-02%2012:30:00%2B00:00".to_owned(),
    ] {
        for form in ["tickets", "tickets/cursor"] {
            let reply = world.get(&format!("incremental/{form}?start_time={start}")).await;
            assert_eq!((ids(&reply.body, "tickets"), form), (vec![2], form), "{start}");
        }
    }
    for wrong in ["", "?start_time=soon", "?start_time=-1", "?cursor=nonsense"] {
        let reply = world.get(&format!("incremental/tickets/cursor{wrong}")).await;
        assert_eq!(reply.status, 400, "{wrong}");
    }
    let stray = format!("incremental/tickets/cursor?start_time={NOON}&cursor=undefined");
    assert_eq!(world.get(&stray).await.status, 200);
    let refused = world
        .get("incremental/tickets/cursor?start_time=0&support_type_scope=ai_agent")
        .await;
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn people_and_organizations_are_exported_too() {
    let world = World::new().await;
    world.advance(600);
    let acme = world
        .as_admin(
            "POST",
            "organizations",
            json!({ "organization": { "name": "Acme" } }),
        )
        .await["organization"]["id"]
        .clone();
    let eve = json!({ "user": { "name": "Eve", "email": "eve@example.com", "organization_id": acme } });
    let eve = world.post("users", eve).await.body["user"]["id"]
        .as_u64()
        .unwrap();
    world.advance(600);
    let path = format!(
        "incremental/users/cursor?start_time={}&include=organizations",
        NOON + 60
    );
    let body = world.get(&path).await.body;
    assert_eq!(ids(&body, "users"), [eve]);
    assert_eq!(
        (&body["users"][0]["email"], &body["organizations"][0]["name"]),
        (&json!("eve@example.com"), &json!("Acme"))
    );
    let all = world.get("incremental/users?start_time=0").await.body;
    assert_eq!(ids(&all, "users"), [1, 2, 3, eve]);
    let organizations = world
        .get("incremental/organizations.json?start_time=2026-03-02T12:00:00Z")
        .await
        .body;
    assert_eq!(
        (&organizations["organizations"][0]["id"], &organizations["count"]),
        (&acme, &json!(1))
    );
    assert_eq!(organizations["end_of_stream"], true);
    // A cursor of tickets is none of people.
    let tickets = world.get("incremental/tickets/cursor?start_time=0").await.body;
    let cursor = tickets["after_cursor"].as_str().unwrap();
    let reply = world
        .get(&format!("incremental/users/cursor?cursor={cursor}"))
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn what_rows_refer_to_comes_along_where_it_is_asked_for() {
    let world = World::new().await;
    world.ticket("one").await;
    let plain = world.get("incremental/tickets?start_time=0").await.body;
    assert_eq!(
        (plain.get("users"), plain["tickets"][0].get("metric_set")),
        (None, None)
    );
    let body = world
        .get("incremental/tickets?start_time=0&include=users,groups,metric_sets")
        .await
        .body;
    assert!(ids(&body, "users").contains(&4));
    assert_eq!(body["tickets"][0]["metric_set"]["ticket_id"], 1);
    assert!(body["groups"].is_array());
}

#[tokio::test]
async fn a_sample_has_fifty_rows_at_most() {
    let world = World::new().await;
    for _ in 0..52 {
        world.ticket("one").await;
        world.advance(1);
    }
    world.advance(600);
    let body = world.get("incremental/tickets/sample?start_time=0").await.body;
    assert_eq!(
        (ids(&body, "tickets").len(), &body["end_of_stream"]),
        (50, &json!(false))
    );
    for resource in ["users", "organizations", "ticket_events"] {
        let reply = world
            .get(&format!("incremental/{resource}/sample?start_time=0"))
            .await;
        assert_eq!(reply.status, 200, "{resource}");
    }
    assert_eq!(
        world.get("incremental/macros/sample?start_time=0").await.status,
        404
    );
}

#[tokio::test]
async fn events_of_tickets_come_in_the_order_of_time() {
    let world = World::new().await;
    world.ticket("first").await;
    world.advance(60);
    world.ticket("second").await;
    world.advance(60);
    let hush = json!({ "comment": { "body": "Hush", "public": false }, "tags": ["vip"] });
    world.change(1, hush).await;
    world.advance(600);
    let pages = all_pages(
        &world,
        "incremental/ticket_events.json?start_time=0&per_page=1",
        "next_page",
        9,
    )
    .await;
    let told: Vec<_> = pages
        .iter()
        .flat_map(|page| page["ticket_events"].as_array().unwrap())
        .map(|event| {
            (
                event["ticket_id"].as_u64().unwrap(),
                event["timestamp"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [(1, NOON), (2, NOON + 60), (1, NOON + 120)]);
    let last = world
        .get(&format!("incremental/ticket_events?start_time={}", NOON + 100))
        .await
        .body;
    let event = &last["ticket_events"][0];
    assert_eq!(
        (&event["event_type"], &event["updater_id"], &last["count"]),
        (&json!("Audit"), &json!(2), &json!(1))
    );
    let children = event["child_events"].as_array().unwrap();
    let comment = children
        .iter()
        .find(|child| child["event_type"] == "Comment")
        .unwrap();
    assert_eq!(
        (&comment["comment_public"], comment.get("body")),
        (&json!(false), None)
    );
    let tags = children
        .iter()
        .find(|child| child["added_tags"].is_array())
        .unwrap();
    assert_eq!(tags["added_tags"], json!(["vip"]));
    let with_texts = format!(
        "incremental/ticket_events?start_time={}&include=comment_events",
        NOON + 100
    );
    let body = world.get(&with_texts).await.body;
    let children = body["ticket_events"][0]["child_events"].as_array().unwrap();
    let comment = children.iter().find(|child| child["type"] == "Comment").unwrap();
    assert_eq!(comment["body"], "Hush");
}

#[tokio::test]
async fn an_imported_ticket_is_told_under_the_time_at_which_it_came() {
    let world = World::new().await;
    world.ticket("before").await;
    world.advance(2 * 24 * 3_600);
    let ticket = json!({ "ticket": {
        "subject": "Of then",
        "requester": { "name": "Ann", "email": "ann@example.com" },
        "created_at": "2020-01-02T03:04:05Z",
        "comments": [{ "value": "It burns.", "created_at": "2020-01-02T03:04:05Z" }],
    } });
    let reply = world
        .call_as(ADMIN, "POST", "imports/tickets", &[], Some(ticket))
        .await;
    let id = reply.body["ticket"]["id"].as_u64().unwrap();
    let came = NOON + 2 * 24 * 3_600;
    world.advance(600);
    for start in [0, came - 24 * 3_600] {
        let body = world
            .get(&format!("incremental/ticket_events?start_time={start}"))
            .await
            .body;
        let events = body["ticket_events"].as_array().unwrap().iter();
        let of_ticket: Vec<_> = events.filter(|event| event["ticket_id"] == id).collect();
        assert!(!of_ticket.is_empty(), "{start}: {body}");
        assert!(of_ticket.iter().all(|event| event["timestamp"] == came), "{body}");
        assert_eq!(of_ticket[0]["created_at"], "2020-01-02T03:04:05Z");
    }
}

/// A reader that takes an export in a loop while others write, once again whenever it is at its end, and keeps what it has of each.
async fn read_along(
    world: &World,
    writes: &tokio::sync::watch::Receiver<bool>,
    per_page: usize,
) -> BTreeMap<u64, Value> {
    let mut copy = BTreeMap::new();
    let mut next = format!("incremental/tickets/cursor?start_time=0&per_page={per_page}");
    let mut pages = 0;
    loop {
        let is_over = !*writes.borrow();
        let mut page_of_run = 0;
        loop {
            let body = world.get(&next).await.body;
            for row in body["tickets"].as_array().unwrap() {
                copy.insert(row["id"].as_u64().unwrap(), row.clone());
            }
            next = path(&body["after_url"]);
            (pages, page_of_run) = (pages + 1, page_of_run + 1);
            if body["end_of_stream"] == true {
                break;
            }
            assert!(page_of_run < 2_000, "an export does not end while others write");
        }
        if is_over {
            return copy;
        }
        tokio::task::yield_now().await;
    }
}

/// The copy has each ticket as the table has it.
async fn compare(world: &World, copy: &BTreeMap<u64, Value>) {
    let last = world.desk.tickets().last_number().await.unwrap();
    assert_eq!(copy.keys().copied().collect::<Vec<_>>(), Vec::from_iter(1..=last));
    for (number, row) in copy {
        let head = world
            .desk
            .tickets()
            .get(TicketNumber(*number))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row["docket"]["version"], head.v, "ticket {number}");
        let status = if head.is_deleted() {
            json!("deleted")
        } else {
            json!(head.status)
        };
        assert_eq!(row["status"], status, "ticket {number}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_reads_while_others_write_misses_nothing() {
    let world = std::sync::Arc::new(World::new().await);
    let (writing, is_writing) = tokio::sync::watch::channel(true);
    let writers = (0..3).map(|writer: u64| {
        let world = world.clone();
        tokio::spawn(async move {
            for n in 0..30 {
                let id = world.ticket(&format!("{writer} {n}")).await;
                // Of the others', too: so tickets move while they are read.
                let other = 1 + (id * 7 + writer) % id;
                let tag = json!({ "ticket": { "additional_tags": [format!("t{writer}-{}", n % 4)] } });
                let _ = world.put(&format!("tickets/{other}"), tag).await;
                if n % 10 == 9 {
                    let path = format!("tickets/{}", 1 + id / 2);
                    let _ = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
                }
                world.advance(7);
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let reader = {
        let world = world.clone();
        tokio::spawn(async move { read_along(&world, &is_writing, 5).await })
    };
    for writer in writers {
        writer.await.unwrap();
    }
    writing.send(false).unwrap();
    compare(&world, &reader.await.unwrap()).await;
}
