//! Tags on tickets, people and organizations.

use crate::support::{ADMIN, BO, World};
use serde_json::{Value, json};

fn tags(names: &[&str]) -> Value {
    json!({ "tags": names })
}

async fn delete(world: &World, path: &str, body: Value) -> Value {
    let reply = world.call_as(ADMIN, "DELETE", path, &[], Some(body)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body
}

#[tokio::test]
async fn tags_of_a_ticket_are_replaced_added_and_taken_away() {
    let world = World::new().await;
    let id = world.ticket("tagged").await;
    let path = format!("tickets/{id}/tags");
    assert_eq!(world.get(&path).await.body, tags(&[]));
    let reply = world.post(&path, tags(&["b", "a"])).await;
    assert_eq!((reply.status.as_u16(), reply.body), (201, tags(&["a", "b"])));
    let reply = world.put(&path, tags(&["c"])).await;
    assert_eq!((reply.status.as_u16(), reply.body), (200, tags(&["a", "b", "c"])));
    assert_eq!(
        delete(&world, &path, tags(&["a", "unknown"])).await,
        tags(&["b", "c"])
    );
    let reply = world.post(&path, tags(&["z"])).await;
    assert_eq!(reply.body, tags(&["z"]));
    assert_eq!(world.get(&format!("{path}.json")).await.body, tags(&["z"]));
    let ticket = world.get(&format!("tickets/{id}")).await.body;
    assert_eq!(ticket["ticket"]["tags"], json!(["z"]));
    assert_eq!(world.get("tickets/99/tags").await.status, 404);
    assert_eq!(world.put("tickets/99/tags", tags(&["a"])).await.status, 404);
}

#[tokio::test]
async fn tags_of_a_ticket_that_somebody_else_changed_are_safe() {
    let world = World::new().await;
    let id = world.ticket("tagged").await;
    let stamp = world.get(&format!("tickets/{id}")).await.body["ticket"]["updated_at"].clone();
    let path = format!("tickets/{id}/tags");
    let safe = |tag: &str| json!({ "tags": [tag], "updated_stamp": stamp, "safe_update": "true" });
    assert_eq!(world.put(&path, safe("mine")).await.status, 200);
    world.advance(60);
    world.change(id, json!({ "priority": "high" })).await;
    assert_eq!(world.put(&path, safe("late")).await.status, 409);
    assert_eq!(world.get(&path).await.body, tags(&["mine"]));
}

#[tokio::test]
async fn tags_that_can_not_be_kept_are_refused() {
    let world = World::new().await;
    let id = world.ticket("tagged").await;
    let path = format!("tickets/{id}/tags");
    let many: Vec<String> = (0..31).map(|n| format!("t{n}")).collect();
    for body in [
        json!({}),
        json!({ "tags": 7 }),
        json!({ "tags": many }),
        json!({ "tags": ["x".repeat(41)] }),
    ] {
        let reply = world.put(&path, body.clone()).await;
        assert_eq!(reply.status, 422, "{body}");
        assert!(reply.body["details"]["tags"].is_array(), "{}", reply.body);
    }
    assert_eq!(world.get(&path).await.body, tags(&[]));
}

#[tokio::test]
async fn tags_of_people_and_organizations_are_kept_too() {
    let world = World::new().await;
    let acme = json!({ "organization": { "name": "Acme", "tags": ["old"] } });
    let acme = world.as_admin("POST", "organizations", acme).await["organization"]["id"].clone();
    let eve = json!({ "user": { "name": "Eve", "email": "eve@example.com" } });
    let eve = world.post("users", eve).await.body["user"]["id"].clone();
    for (path, record, name) in [
        (
            format!("organizations/{acme}/tags"),
            format!("organizations/{acme}"),
            "organization",
        ),
        (format!("users/{eve}/tags"), format!("users/{eve}"), "user"),
    ] {
        let reply = world
            .call_as(ADMIN, "POST", &path, &[], Some(tags(&["b", "a"])))
            .await;
        assert_eq!((reply.status.as_u16(), reply.body), (201, tags(&["a", "b"])));
        let reply = world.call_as(ADMIN, "PUT", &path, &[], Some(tags(&["c"]))).await;
        assert_eq!((reply.status.as_u16(), reply.body), (200, tags(&["a", "b", "c"])));
        assert_eq!(delete(&world, &path, tags(&["b"])).await, tags(&["a", "c"]));
        assert_eq!(world.get(&path).await.body, tags(&["a", "c"]));
        assert_eq!(world.get(&record).await.body[name]["tags"], json!(["a", "c"]));
    }
    for path in [format!("organizations/{acme}/tags"), "users/1/tags".to_owned()] {
        let reply = world.call_as(BO, "PUT", &path, &[], Some(tags(&["x"]))).await;
        assert_eq!(reply.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_change_of_tags_is_done_once_under_its_key() {
    let world = World::new().await;
    let id = world.ticket("tagged").await;
    let path = format!("tickets/{id}/tags");
    let key = [("idempotency-key", "tag-once")];
    for seen in ["miss", "hit"] {
        let reply = world.call_as(BO, "PUT", &path, &key, Some(tags(&["a"]))).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.headers["x-idempotency-lookup"]),
            (200, &seen.parse().unwrap())
        );
    }
    let reply = world.call_as(BO, "PUT", &path, &key, Some(tags(&["b"]))).await;
    assert_eq!(reply.status, 422);
}
