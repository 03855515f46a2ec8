//! What happened, across tickets and beside them, the newest first.

use crate::support::{ADMIN, BO, World};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

fn path(link: &Value) -> String {
    let link = link.as_str().unwrap();
    link.strip_prefix("https://desk.example.com/api/v2/")
        .unwrap()
        .to_owned()
}

fn column(body: &Value, rows: &str, name: &str) -> Vec<Value> {
    let rows = body[rows].as_array().unwrap().iter();
    rows.map(|row| row[name].clone()).collect()
}

#[tokio::test]
async fn audits_of_all_tickets_come_the_newest_first_and_end() {
    let world = World::new().await;
    for subject in ["first", "second"] {
        world.ticket(subject).await;
        world.advance(600);
    }
    world.change(1, json!({ "priority": "high" })).await;
    world.advance(90_000);
    world.change(2, json!({ "priority": "low" })).await;
    let all = world.get("ticket_audits.json").await.body;
    assert_eq!(column(&all, "audits", "ticket_id"), [2, 1, 2, 1]);
    assert_eq!(
        (&all["after_url"], &all["before_url"]),
        (&Value::Null, &Value::Null)
    );
    for (first, link) in [
        ("ticket_audits?limit=1", "/after_url"),
        ("ticket_audits?limit=1", "/before_url"),
        ("ticket_audits?page[size]=1", "/links/next"),
    ] {
        let (mut seen, mut next) = (vec![], first.to_owned());
        for _ in 0..5 {
            let body = world.get(&next).await.body;
            seen.extend(column(&body, "audits", "id"));
            match body.pointer(link).unwrap() {
                Value::Null => break,
                link => next = path(link),
            }
        }
        assert_eq!(seen, column(&all, "audits", "id"), "{first}");
    }
    // Where it is a walk over tickets, each comes with all its audits.
    let cursor = URL_SAFE_NO_PAD.encode("w9999999999999.0.9999999999999.0.0");
    let (mut seen, mut next) = (vec![], format!("ticket_audits?limit=1&cursor={cursor}"));
    for _ in 0..5 {
        let body = world.get(&next).await.body;
        seen.extend(column(&body, "audits", "ticket_id"));
        match &body["before_url"] {
            Value::Null => break,
            link => next = path(link),
        }
    }
    assert_eq!(seen, [2, 2, 1, 1]);
    let one = all["audits"][0]["id"].as_u64().unwrap();
    assert_eq!(
        world.get(&format!("tickets/2/audits/{one}")).await.body["audit"],
        all["audits"][0]
    );
    assert_eq!(
        world
            .call_as(ADMIN, "DELETE", "tickets/2", &[], None)
            .await
            .status,
        204
    );
    let left = world.get("ticket_audits").await.body;
    assert_eq!(column(&left, "audits", "ticket_id"), [1, 1]);
}

#[tokio::test]
async fn audits_and_comments_of_a_ticket_are_counted() {
    let world = World::new().await;
    let id = world.ticket("counted").await;
    world
        .change(id, json!({ "comment": { "body": "Once more", "public": false } }))
        .await;
    for (what, rows) in [("audits", "audits"), ("comments", "comments")] {
        let listed = world.get(&format!("tickets/{id}/{what}")).await.body[rows]
            .as_array()
            .unwrap()
            .len();
        let body = world.get(&format!("tickets/{id}/{what}/count.json")).await.body;
        assert_eq!((listed, &body["count"]["value"]), (2, &json!(2)), "{what}");
        assert_eq!(world.get(&format!("tickets/99/{what}/count")).await.status, 404);
    }
    let all = world.get("tickets/count").await.body;
    assert_eq!(all["count"]["value"], 1);
}

#[tokio::test]
async fn changes_of_people_and_settings_are_told_to_admins() {
    let world = World::new().await;
    world.advance(600);
    let group = json!({ "group": { "name": "Returns" } });
    let group = world.as_admin("POST", "groups", group).await["group"]["id"].clone();
    world.advance(600);
    world
        .as_admin("PUT", "users/2", json!({ "user": { "name": "Bo Better" } }))
        .await;
    let reply = world
        .call_as(ADMIN, "GET", "audit_logs.json?page[size]=2", &[], None)
        .await;
    let body = reply.body;
    assert_eq!(column(&body, "audit_logs", "source_type"), ["user", "group"]);
    let newest = &body["audit_logs"][0];
    assert_eq!(
        (&newest["action"], &newest["source_id"], &newest["actor_name"]),
        (&json!("update"), &json!(2), &json!("Ada Admin"))
    );
    assert!(
        newest["change_description"]
            .as_str()
            .unwrap()
            .contains("Bo Better"),
        "{newest}"
    );
    assert_eq!(body["audit_logs"][1]["source_id"], group);
    let id = newest["id"].as_u64().unwrap();
    let one = world
        .call_as(ADMIN, "GET", &format!("audit_logs/{id}"), &[], None)
        .await;
    assert_eq!(one.body["audit_log"], *newest);
    let all = world.call_as(ADMIN, "GET", "audit_logs", &[], None).await.body;
    let (mut seen, mut next) = (vec![], "audit_logs?page[size]=2".to_owned());
    for _ in 0..20 {
        let body = world.call_as(ADMIN, "GET", &next, &[], None).await.body;
        seen.extend(column(&body, "audit_logs", "id"));
        match &body["links"]["next"] {
            Value::Null => break,
            link => next = path(link),
        }
    }
    assert_eq!(seen, column(&all, "audit_logs", "id"));
    assert!(seen.len() > 4, "{all}");
    let (mut oldest_first, mut next) = (vec![], "audit_logs?sort=created_at&page[size]=2".to_owned());
    for _ in 0..20 {
        let body = world.call_as(ADMIN, "GET", &next, &[], None).await.body;
        oldest_first.extend(column(&body, "audit_logs", "id"));
        match &body["links"]["next"] {
            Value::Null => break,
            link => next = path(link),
        }
    }
    seen.reverse();
    assert_eq!(oldest_first, seen);
    let of_group = format!("filter[source_type]=group&filter[source_id]={group}");
    for (filter, types) in [
        (of_group.as_str(), vec![json!("group")]),
        (
            "filter[created_at][]=2026-03-02T12:15:00Z&filter[created_at][]=2026-03-02T12:30:00Z",
            vec![json!("user")],
        ),
        (
            "sort=created_at&filter[created_at][]=2026-03-02T12:05:00Z&filter[created_at][]=",
            vec![json!("group"), json!("user")],
        ),
        ("filter[actor_id]=1&filter[action]=update", vec![json!("user")]),
    ] {
        let body = world
            .call_as(ADMIN, "GET", &format!("audit_logs?{filter}"), &[], None)
            .await
            .body;
        assert_eq!(column(&body, "audit_logs", "source_type"), types, "{filter}");
    }
    assert_eq!(
        world
            .call_as(ADMIN, "GET", "audit_logs?sort_order=upwards", &[], None)
            .await
            .status,
        422
    );
    assert_eq!(
        world
            .call_as(ADMIN, "GET", "audit_logs?filter[action]=login", &[], None)
            .await
            .status,
        422
    );
    assert_eq!(
        world.call_as(BO, "GET", "audit_logs", &[], None).await.status,
        403
    );
}

#[tokio::test]
async fn activities_are_what_others_did_to_ones_tickets() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    let other = world.letter("normal").await;
    world
        .as_admin(
            "PUT",
            &format!("tickets/{id}"),
            json!({ "ticket": { "assignee_id": 2 } }),
        )
        .await;
    world.advance(60);
    world
        .as_admin(
            "PUT",
            &format!("tickets/{id}"),
            json!({ "ticket": { "priority": "high" } }),
        )
        .await;
    world.advance(60);
    let note = json!({ "ticket": { "comment": { "body": "Look", "public": false } } });
    world
        .as_admin("PUT", &format!("tickets/{id}"), note.clone())
        .await;
    world.as_admin("PUT", &format!("tickets/{other}"), note).await;
    // What one does oneself, and what is not more urgent, is none.
    world
        .change(
            id,
            json!({ "comment": { "body": "I did", "public": false }, "priority": "low" }),
        )
        .await;
    let body = world.get("activities.json").await.body;
    let verbs = column(&body, "activities", "verb");
    assert_eq!(
        verbs[..3],
        [
            "tickets.comment",
            "tickets.priority_increase",
            "tickets.assignment"
        ]
    );
    let newest = &body["activities"][0];
    assert_eq!(
        (
            &newest["actor_id"],
            &newest["user_id"],
            &newest["target"]["ticket"]["id"]
        ),
        (&json!(1), &json!(2), &json!(id))
    );
    assert!(
        column(&body, "activities", "object")
            .iter()
            .all(|object| object["ticket"]["id"] == id)
    );
    assert_eq!(
        world.get("activities/count").await.body["count"]["value"],
        body["count"]
    );
    let one = newest["id"].as_u64().unwrap();
    assert_eq!(
        world.get(&format!("activities/{one}")).await.body["activity"],
        *newest
    );
    assert_eq!(world.get("activities/77").await.status, 404);
    let since = world.get("activities?since=2026-03-02T12:01:30Z").await.body;
    assert_eq!(column(&since, "activities", "verb"), ["tickets.comment"]);
    let first = world.get("activities?page[size]=1").await.body;
    let second = world.get(&path(&first["links"]["next"])).await.body;
    assert_eq!(
        column(&second, "activities", "verb"),
        ["tickets.priority_increase"]
    );
    let (mut verbs_upwards, mut next) = (vec![], "activities?sort_order=asc&page[size]=1".to_owned());
    for _ in 0..9 {
        let body = world.get(&next).await.body;
        verbs_upwards.extend(column(&body, "activities", "verb"));
        match &body["links"]["next"] {
            Value::Null => break,
            link => next = path(link),
        }
    }
    verbs_upwards.reverse();
    assert_eq!(verbs_upwards, verbs);
    world.advance(31 * 24 * 3600);
    assert_eq!(world.get("activities").await.body["activities"], json!([]));
}
