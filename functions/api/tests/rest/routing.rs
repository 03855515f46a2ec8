//! Rules tried on past tickets, and drift.

use crate::support::{ADMIN, World};
use serde_json::{Value, json};

const URGENT: &str = "routing:\n  - name: Urgent\n    when: ticket.subject.contains(\"burns\")\n    actions: [{set_priority: \
                      urgent}]\n";

/// A desk with two tickets that nobody has triaged yet.
async fn two_tickets() -> World {
    let world = World::new().await;
    world.ticket("The printer burns").await;
    world.ticket("How do I print?").await;
    world
}

async fn refused(world: &World, body: Value) -> (u16, Value) {
    let reply = world
        .call_as(ADMIN, "POST", "routing/backtest", &[], Some(body))
        .await;
    (reply.status.as_u16(), reply.body)
}

#[tokio::test]
async fn only_admins_try_rules() {
    let world = World::new().await;
    let reply = world.post("routing/backtest", json!({ "rules": URGENT })).await;
    assert_eq!(reply.status, 403);
    assert_eq!(world.get("routing/drift").await.status, 403);
}

#[tokio::test]
async fn what_is_not_triaged_is_said_not_to_be_judged() {
    let world = two_tickets().await;
    let found = world
        .as_admin("POST", "routing/backtest", json!({ "rules": URGENT }))
        .await;
    let test = &found["backtest"];
    assert_eq!(test["tickets"], 0);
    assert_eq!(
        test["not_judged"],
        json!({ "not_triaged": { "tickets": 2, "examples": [1, 2] } })
    );
    assert_eq!(test["groups"], json!({ "1": "Support" }));
    assert_eq!(found["meta"], json!({ "has_more": false, "after": null }));
    let found = world
        .as_admin("GET", "routing/drift?since=1d&limit=1", Value::Null)
        .await;
    assert_eq!(found["drift"]["looked"], 1);
    assert_eq!(found["meta"], json!({ "has_more": true, "after": 1 }));
    let found = world.as_admin("GET", "routing/drift?after=1", Value::Null).await;
    assert_eq!(
        found["drift"]["not_judged"]["not_triaged"]["examples"],
        json!([2])
    );
    assert_eq!(found["meta"]["has_more"], false);
}

#[tokio::test]
async fn rules_may_be_an_object_and_nothing_is_changed() {
    let world = two_tickets().await;
    let rules = json!({ "routing": [{ "name": "Urgent", "actions": [{ "set_priority": "urgent" }] }] });
    let found = world
        .as_admin("POST", "routing/backtest", json!({ "rules": rules }))
        .await;
    let first = &found["backtest"]["rules"][0];
    assert_eq!((&first["name"], &first["matched"]), (&json!("Urgent"), &json!(0)));
    assert!(world.desk.rules().book().await.unwrap().rules.is_empty());
}

#[tokio::test]
async fn a_draft_that_is_wrong_is_refused_with_every_place() {
    let world = World::new().await;
    let rules = "routing:\n  - name: A\n    when: ticket.colour == 1\n    actions: [{set_group: Nowhere}]\n";
    let (status, body) = refused(&world, json!({ "rules": rules })).await;
    assert_eq!(status, 422);
    let fields: Vec<&String> = body["details"].as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["rules.routing[0].actions[0].set_group", "rules.routing[0].when"]
    );
    let words = body["details"]["rules.routing[0].when"][0]["description"]
        .as_str()
        .unwrap();
    assert!(words.contains("line 3"), "{words}");
    for (body, field) in [
        (json!({}), "rules"),
        (json!({ "rules": 7 }), "rules"),
        (json!({ "rules": URGENT, "since": "400d" }), "since"),
        (json!({ "rules": URGENT, "since": "soon" }), "since"),
        (json!({ "rules": URGENT, "limit": 0 }), "limit"),
        (json!({ "rules": URGENT, "limit": 1001 }), "limit"),
    ] {
        let (status, answer) = refused(&world, body).await;
        assert_eq!(status, 422, "{answer}");
        assert!(answer["details"].get(field).is_some(), "{answer}");
    }
}
