//! What requesters think of how they were helped, and tickets that agents passed over.

use crate::support::{ADMIN, BO, World};
use serde_json::{Value, json};

fn rating(score: &str, comment: Option<&str>) -> Value {
    json!({ "satisfaction_rating": { "score": score, "comment": comment } })
}

fn scores(body: &Value) -> Vec<Value> {
    let rows = body["satisfaction_ratings"].as_array().unwrap().iter();
    rows.map(|row| row["score"].clone()).collect()
}

#[tokio::test]
async fn a_solved_ticket_is_rated_and_shows_it() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    let path = format!("tickets/{id}/satisfaction_rating");
    assert_eq!(world.post(&path, rating("good", None)).await.status, 422);
    world.change(id, json!({ "status": "solved" })).await;
    for wrong in [
        json!({ "satisfaction_rating": {} }),
        json!({ "satisfaction_rating": { "score": "fine" } }),
        json!({ "satisfaction_rating": { "score": "bad", "reason_code": 99 } }),
        json!({ "satisfaction_rating": { "score": "bad", "comment": "x".repeat(2_001) } }),
    ] {
        assert_eq!(world.post(&path, wrong.clone()).await.status, 422, "{wrong}");
    }
    let body = json!({ "satisfaction_rating": { "score": "bad", "comment": "Too late", "reason_code": 5 } });
    let reply = world.post(&path, body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let rated = reply.body["satisfaction_rating"].clone();
    assert_eq!(
        (&rated["score"], &rated["comment"], &rated["ticket_id"]),
        (&json!("bad"), &json!("Too late"), &json!(id))
    );
    assert_eq!(rated["reason"], "The issue took too long to resolve");
    let shown = world.get(&format!("tickets/{id}")).await.body["ticket"]["satisfaction_rating"].clone();
    assert_eq!((&shown["id"], &shown["score"]), (&rated["id"], &json!("bad")));
    let one = format!("satisfaction_ratings/{}", rated["id"]);
    assert_eq!(world.get(&one).await.body["satisfaction_rating"], rated);
    assert_eq!(world.get("satisfaction_ratings/7").await.status, 404);
    let audits = world.get(&format!("tickets/{id}/audits")).await.body.to_string();
    assert!(audits.contains("SatisfactionRating"));
    assert_eq!(
        world
            .post("tickets/99/satisfaction_rating", rating("good", None))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn ratings_are_listed_by_score_and_time_and_counted() {
    let world = World::new().await;
    for (score, comment) in [("good", None), ("bad", Some("No")), ("good", Some("Fine"))] {
        let id = world.letter("normal").await;
        world.change(id, json!({ "status": "solved" })).await;
        let reply = world
            .post(
                &format!("tickets/{id}/satisfaction_rating"),
                rating(score, comment),
            )
            .await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        // Into the next month and the one after.
        world.advance(31 * 24 * 3600);
    }
    for (query, expected) in [
        ("", json!(["good", "bad", "good"])),
        ("?sort_order=asc", json!(["good", "bad", "good"])),
        ("?score=bad", json!(["bad"])),
        ("?score=good_with_comment", json!(["good"])),
        ("?score=received_without_comment", json!(["good"])),
        ("?score=offered", json!([])),
        ("?start_time=1772668800&end_time=1775347200", json!(["bad"])),
        ("?start_time=1775347200", json!(["good"])),
    ] {
        let body = world.get(&format!("satisfaction_ratings{query}")).await.body;
        assert_eq!(json!(scores(&body)), expected, "{query}");
        assert_eq!(body["count"], expected.as_array().unwrap().len(), "{query}");
    }
    assert_eq!(world.get("satisfaction_ratings?score=great").await.status, 422);
    let first = world.get("satisfaction_ratings?page[size]=2").await.body;
    assert_eq!(
        (scores(&first).len(), &first["meta"]["has_more"]),
        (2, &json!(true))
    );
    let next = first["links"]["next"]
        .as_str()
        .unwrap()
        .split_once("/api/v2/")
        .unwrap()
        .1;
    let second = world.get(next).await.body;
    assert_eq!(
        (
            second["satisfaction_ratings"][0]["ticket_id"].clone(),
            &second["links"]["next"]
        ),
        (json!(1), &Value::Null)
    );
    assert_eq!(
        world.get("satisfaction_ratings/count").await.body["count"]["value"],
        3
    );
    world.call_as(ADMIN, "DELETE", "tickets/1", &[], None).await;
    assert_eq!(scores(&world.get("satisfaction_ratings").await.body).len(), 2);
}

#[tokio::test]
async fn reasons_are_those_there_are() {
    let world = World::new().await;
    let body = world.get("satisfaction_reasons").await.body;
    assert_eq!(body["count"], 6);
    let one = world.get("satisfaction_reasons/5").await.body;
    assert_eq!(one["reason"], body["reasons"][1]);
    assert_eq!(world.get("satisfaction_reasons/4").await.status, 404);
}

#[tokio::test]
async fn a_ticket_that_was_passed_over_is_told_with_its_agent() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    let before = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    let skip = json!({ "skip": { "ticket_id": id, "reason": "I do not speak French" } });
    let reply = world.post("skips.json", skip).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    let made = reply.body["skip"].clone();
    assert_eq!(
        (&made["user_id"], &made["ticket_id"], &made["reason"]),
        (&json!(2), &json!(id), &json!("I do not speak French"))
    );
    for path in [format!("tickets/{id}/skips"), "users/2/skips".to_owned()] {
        let body = world.get(&path).await.body;
        assert_eq!((&body["skips"][0], &body["count"]), (&made, &json!(1)), "{path}");
    }
    let after = world.get(&format!("tickets/{id}")).await.body["ticket"].clone();
    assert_eq!(
        (&after["status"], &after["assignee_id"]),
        (&before["status"], &before["assignee_id"])
    );
    assert_eq!(world.get("users/1/skips").await.status, 403);
    let of_others = world.call_as(ADMIN, "GET", "users/2/skips", &[], None).await;
    assert_eq!(of_others.body["count"], 1);
    assert_eq!(world.post("skips", json!({ "skip": {} })).await.status, 422);
    assert_eq!(
        world
            .post("skips", json!({ "skip": { "ticket_id": 99 } }))
            .await
            .status,
        404
    );
    let once = [("idempotency-key", "skip-1")];
    for _ in 0..2 {
        let skip = json!({ "skip": { "ticket_id": id } });
        let reply = world.call_as(BO, "POST", "skips", &once, Some(skip)).await;
        assert_eq!(reply.status, 201);
    }
    assert_eq!(world.get("users/2/skips").await.body["count"], 2);
}
