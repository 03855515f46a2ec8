//! What somebody wrote is found: at once, after the index took it in, and whatever is lost on the way.

use crate::{answer, in_world, mail};
use docket_local::world::{World, WorldOptions};
use docket_projection::{Pass, Projections};
use docket_search_index::{KeptIndex, SearchFollower};
use docket_store::projections::SEARCH;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn ask(world: &World, path: &str) -> Value {
    let answered = world.api("GET", path, None, &Value::Null).await.unwrap();
    assert!(answered.is_success(), "{path}: {answered:?}");
    answered.body
}

/// The numbers of the tickets that a query finds, in its order.
async fn found(world: &World, query: &str) -> Vec<u64> {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let answered = ask(world, &format!("search.json?filter[type]=ticket&query={query}")).await;
    let rows = answered["results"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

async fn write(world: &mut World, id: u64, from: &str, text: &str) {
    world.receive(&mail(from, &format!("s{id}@example.com"), "", text), &[], false);
    world.settle().await;
}

/// Has the nudges arrive, which wait a little for what follows, and a sweep come.
async fn indexed(world: &mut World) {
    world.settle().await;
    world.pass(SignedDuration::from_secs(65)).await;
}

async fn index_has(world: &World, number: u64) -> Option<u64> {
    let generation = world.local.desk.projection(SEARCH).await.unwrap().generation;
    let index = KeptIndex::new(&world.local.desk, &world.local.splits, generation);
    let opened = index.open().await.unwrap();
    let version = opened.splits.version_of(docket_search::Kind::Ticket, number);
    version.map(|(version, _)| version)
}

#[test]
fn what_was_written_is_found_at_once_and_after_the_index_took_it_in() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        // No index yet: subjects of the newest tickets are looked at.
        write(
            &mut world,
            1,
            "Eve Müller <eve@example.com>",
            "The crimson lantern does not glow.",
        )
        .await;
        assert_eq!(
            found(&world, "status<solved requester:eve@example.com").await,
            [1]
        );
        indexed(&mut world).await;
        assert!(index_has(&world, 1).await.is_some());
        for query in [
            "lantern",
            "LANT",
            "\"crimson lantern\"",
            "muller",
            "requester:eve@example.com crimson",
            "eve@example.com",
        ] {
            assert_eq!(found(&world, query).await, [1], "{query}");
        }
        for query in [
            "lanternx",
            "\"lantern crimson\"",
            "-lantern type:ticket",
            "status:closed lantern",
        ] {
            assert_eq!(found(&world, query).await, [0; 0], "{query}");
        }
        // What came a moment ago is not in it, and is found all the same.
        write(
            &mut world,
            2,
            "bob@example.com",
            "My velvet curtain is torn. Ich möchte Großgeräte.",
        )
        .await;
        assert_eq!(index_has(&world, 2).await, None);
        assert_eq!(found(&world, "velvet").await, [2]);
        assert!(answer(&world, 2, "We send a ribbon.", true).await);
        assert_eq!(found(&world, "ribbon").await, [2]);
        assert_eq!(found(&world, "ribbon status:solved").await, [2]);
        indexed(&mut world).await;
        assert!(index_has(&world, 2).await.is_some());
        assert_eq!(found(&world, "grossgerate ribbon").await, [2]);
        assert_eq!(
            found(&world, "ribbon status<solved").await,
            [0; 0],
            "the head decides"
        );
        assert_eq!(
            ask(&world, "search/count.json?query=type:ticket").await,
            json!({ "count": 2 })
        );
    });
}

#[test]
fn people_are_found_by_what_is_known_of_them() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        write(&mut world, 1, "Renée Zażółć <renee@shop.example>", "Hello").await;
        indexed(&mut world).await;
        for path in [
            "users/search.json?query=renee",
            "users/search.json?query=renee@shop.example",
            "users/autocomplete.json?name=zaz",
            "search.json?query=type:user%20zazolc",
        ] {
            let answered = ask(&world, path).await;
            let rows = answered.get("users").or(answered.get("results")).unwrap();
            assert_eq!(rows.as_array().unwrap().len(), 1, "{path}: {answered}");
            assert_eq!(rows[0]["name"], "Renée Zażółć", "{path}");
        }
        let person = ask(&world, "users/search.json?query=renee").await["users"][0]["id"].clone();
        let renamed = json!({ "user": { "name": "Henrietta Falk" } });
        let path = format!("users/{person}.json");
        world.api("PUT", &path, None, &renamed).await.unwrap();
        indexed(&mut world).await;
        assert_eq!(
            found(&world, "falk").await,
            [1],
            "their tickets are found by their new name"
        );
        assert_eq!(found(&world, "zazolc").await, [0; 0], "and by that alone");
        // So are those on which they only wrote.
        write(&mut world, 2, "bob@example.com", "Where is my order?").await;
        let copy = json!({ "ticket": { "comment": { "body": "Henrietta joins.", "public": true },
            "email_ccs": [{ "user_email": "renee@shop.example", "action": "put" }] } });
        assert!(
            world
                .api("PUT", "tickets/2.json", None, &copy)
                .await
                .unwrap()
                .is_success()
        );
        indexed(&mut world).await;
        let all = async |world: &World, query| BTreeSet::from_iter(found(world, query).await);
        assert_eq!(all(&world, "falk").await, BTreeSet::from([1, 2]));
        let renamed = json!({ "user": { "name": "Isolde Quint" } });
        world.api("PUT", &path, None, &renamed).await.unwrap();
        indexed(&mut world).await;
        assert_eq!(all(&world, "quint").await, BTreeSet::from([1, 2]));
        assert_eq!(found(&world, "falk").await, [0; 0]);
    });
}

#[test]
fn a_query_that_is_no_query_is_refused_with_its_place() {
    in_world(async {
        let world = World::new(WorldOptions::default()).await.unwrap();
        for (query, word) in [
            ("stat:open", "character 1"),
            ("open+%22unclosed", "character 6"),
            ("created%3Eyesterdayish", "character"),
        ] {
            let path = format!("search.json?query={query}");
            let answered = world.api("GET", &path, None, &Value::Null).await.unwrap();
            assert_eq!(answered.status, 422, "{query}: {answered:?}");
            let words = answered.body["details"]["query"][0]["description"]
                .as_str()
                .unwrap();
            assert!(words.contains(word), "{query}: {words}");
        }
        let too_far = world
            .api("GET", "search.json?query=a&page=11", None, &Value::Null)
            .await
            .unwrap();
        assert_eq!(too_far.status, 422);
        let no_query = world.api("GET", "search.json", None, &Value::Null).await.unwrap();
        assert_eq!(no_query.status, 422);
    });
}

#[test]
fn an_export_comes_to_each_ticket_once_and_its_cursor_ends_after_an_hour() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        for id in 1..=5 {
            write(
                &mut world,
                id,
                &format!("w{id}@example.com"),
                "An orange bicycle.",
            )
            .await;
        }
        indexed(&mut world).await;
        let mut path = "search/export.json?query=bicycle&filter[type]=ticket&page[size]=2".to_owned();
        let mut seen = Vec::new();
        let mut first_cursor = None;
        loop {
            let answered = ask(&world, &path).await;
            let rows = answered["results"].as_array().unwrap();
            seen.extend(rows.iter().map(|row| row["id"].as_u64().unwrap()));
            let Some(next) = answered["links"]["next"].as_str() else {
                assert_eq!(answered["meta"]["has_more"], false);
                break;
            };
            path = next.split_once("/api/v2/").unwrap().1.to_owned();
            first_cursor.get_or_insert(path.clone());
        }
        assert_eq!(seen, [1, 2, 3, 4, 5]);
        world.pass(SignedDuration::from_mins(61)).await;
        let late = world
            .api("GET", &first_cursor.unwrap(), None, &Value::Null)
            .await
            .unwrap();
        assert_eq!(late.status, 422, "{late:?}");
    });
}

#[test]
fn nudges_that_are_lost_and_writers_that_meet_leave_what_a_rebuild_makes() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        for id in 1..=6 {
            write(
                &mut world,
                id,
                &format!("w{id}@example.com"),
                &format!("Word{id} and a teapot."),
            )
            .await;
            world.local.aws.empty_queues().unwrap();
        }
        indexed(&mut world).await;
        let follower = SearchFollower {
            at_hand: world.local.splits.clone(),
        };
        let desk = &world.local.desk;
        // Two at once: one has the lease, and the other leaves it with them.
        let (one, other) = (
            Projections::new(desk, &follower),
            Projections::new(desk, &follower),
        );
        let numbers = [docket_domain::TicketNumber(1)];
        let (one, other) = tokio::join!(one.take_named(&numbers), other.catch_up());
        assert!([one.unwrap(), other.unwrap()].contains(&Pass::Whole));
        let live = found(&world, "teapot").await;
        assert_eq!(live.len(), 6);
        assert_eq!(
            Projections::new(desk, &follower).rebuild().await.unwrap(),
            Pass::Whole
        );
        assert_eq!(found(&world, "teapot").await, live);
        for id in 1..=6 {
            assert_eq!(found(&world, &format!("word{id}")).await.len(), 1);
        }
        // The generation before goes with the next look at what changed.
        indexed(&mut world).await;
        let objects = world.local.aws.objects("search/main/");
        assert!(
            objects.iter().all(|object| object.key.contains("/000002/")),
            "{objects:?}"
        );
    });
}

#[test]
fn an_index_that_is_damaged_builds_itself_anew() {
    in_world(async {
        let mut world = World::new(WorldOptions::default()).await.unwrap();
        write(&mut world, 1, "eve@example.com", "A marble fountain.").await;
        indexed(&mut world).await;
        assert_eq!(found(&world, "fountain").await, [1]);
        let desk = &world.local.desk;
        desk.search_index().erase_generation(1).await.unwrap();
        // Nothing of it is at hand any more, as in a function that just started.
        world.local.splits.clear();
        assert_eq!(found(&world, "status<solved").await, [1], "heads are looked at");
        write(&mut world, 2, "eve@example.com", "Another fountain.").await;
        indexed(&mut world).await;
        assert_eq!(found(&world, "fountain").await.len(), 2);
        let generation = world.local.desk.projection(SEARCH).await.unwrap().generation;
        assert_eq!(generation, 2);
    });
}
