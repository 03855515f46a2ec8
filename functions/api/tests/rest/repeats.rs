use crate::support::{ADMIN, BO, Reply, World, anns_ticket};
use serde_json::{Value, json};

async fn send(world: &World, method: &str, path: &str, key: &str, body: &Value) -> Reply {
    let headers = [("idempotency-key", key)];
    world
        .call_as(BO, method, path, &headers, Some(body.clone()))
        .await
}

#[tokio::test]
async fn the_same_creation_twice_is_one_ticket_and_one_answer() {
    let world = World::new().await;
    let first = send(&world, "POST", "tickets.json", "k1", &anns_ticket("a")).await;
    world.advance(60);
    world
        .put("tickets/1", json!({ "ticket": { "status": "solved" } }))
        .await;
    let second = send(&world, "POST", "tickets", "k1", &anns_ticket("a")).await;
    assert_eq!(
        (first.status, second.status),
        (second.status, http::StatusCode::CREATED)
    );
    assert_eq!(first.body, second.body);
    assert_eq!(first.headers["x-idempotency-lookup"], "miss");
    assert_eq!(second.headers["x-idempotency-lookup"], "hit");
    assert_eq!(world.get("tickets").await.body["count"], 1);
}

#[tokio::test]
async fn the_same_update_twice_is_one_comment_and_one_answer() {
    let world = World::new().await;
    world.ticket("a").await;
    let body = json!({ "ticket": { "comment": { "body": "again" }, "status": "pending" } });
    let first = send(&world, "PUT", "tickets/1", "k1", &body).await;
    world
        .put(
            "tickets/1",
            json!({ "ticket": { "comment": { "body": "later" } } }),
        )
        .await;
    let second = send(&world, "PUT", "tickets/1", "k1", &body).await;
    assert_eq!(first.body, second.body);
    assert_eq!(second.headers["x-idempotency-lookup"], "hit");
    assert_eq!(world.get("tickets/1/comments").await.body["count"], 3);
}

#[tokio::test]
async fn an_update_that_changed_nothing_is_repeated_like_any_other() {
    let world = World::new().await;
    world.ticket("a").await;
    let body = json!({ "ticket": { "subject": "a" } });
    let first = send(&world, "PUT", "tickets/1", "k1", &body).await;
    world
        .put("tickets/1", json!({ "ticket": { "subject": "b" } }))
        .await;
    let second = send(&world, "PUT", "tickets/1", "k1", &body).await;
    assert_eq!(first.body, second.body);
    assert_eq!(world.get("tickets/1").await.body["ticket"]["subject"], "b");
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused() {
    let world = World::new().await;
    send(&world, "POST", "tickets", "k1", &anns_ticket("a")).await;
    let other_body = send(&world, "POST", "tickets", "k1", &anns_ticket("b")).await;
    assert_eq!(other_body.status, 422);
    let other_path = send(&world, "PUT", "tickets/1", "k1", &anns_ticket("a")).await;
    assert_eq!(other_path.status, 422);
}

#[tokio::test]
async fn two_callers_may_choose_the_same_key() {
    let world = World::new().await;
    send(&world, "POST", "tickets", "k1", &anns_ticket("a")).await;
    let headers = [("idempotency-key", "k1")];
    let reply = world
        .call_as(ADMIN, "POST", "tickets", &headers, Some(anns_ticket("b")))
        .await;
    assert_eq!(reply.body["ticket"]["id"], 2);
}

#[tokio::test]
async fn the_same_creation_at_the_same_time_is_one_ticket() {
    let world = World::new().await;
    let body = anns_ticket("a");
    let (first, second) = tokio::join!(
        send(&world, "POST", "tickets", "k1", &body),
        send(&world, "POST", "tickets", "k1", &body)
    );
    assert_eq!(first.body["ticket"], second.body["ticket"]);
    assert_eq!(first.body["ticket"]["subject"], "a");
}

#[tokio::test]
async fn tickets_for_the_same_new_person_at_the_same_time_are_all_made() {
    let world = World::new().await;
    let (a, b, c) = tokio::join!(world.ticket("a"), world.ticket("b"), world.ticket("c"));
    let mut made = [a, b, c];
    made.sort_unstable();
    assert_eq!(made, [1, 2, 3]);
    let requesters = world.get("tickets").await.body["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["requester_id"].as_u64().unwrap())
        .collect::<std::collections::BTreeSet<_>>();
    assert_eq!(requesters.len(), 1);
}

#[tokio::test]
async fn a_person_made_twice_with_one_key_is_one_person() {
    let world = World::new().await;
    for user in [
        json!({ "name": "Ann", "email": "ann@example.com" }),
        json!({ "name": "Nameless" }),
    ] {
        let key = user["name"].as_str().unwrap();
        let body = json!({ "user": user });
        let first = send(&world, "POST", "users", key, &body).await;
        let second = send(&world, "POST", "users", key, &body).await;
        assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
        assert_eq!(first.body, second.body);
        assert_eq!(second.headers["x-idempotency-lookup"], "hit");
    }
}

#[tokio::test]
async fn somebody_who_joins_leaves_or_is_deleted_twice_does_so_once() {
    let world = World::new().await;
    let organization = json!({ "organization": { "name": "Acme" } });
    let acme = world.as_admin("POST", "organizations", organization).await["organization"]["id"].clone();
    let ann = json!({ "user": { "name": "Ann", "email": "ann@example.com" } });
    let ann = world.post("users", ann).await.body["user"]["id"].clone();
    let joins = json!({ "organization_membership": { "user_id": ann, "organization_id": acme } });
    let first = send(&world, "POST", "organization_memberships", "k1", &joins).await;
    let second = send(&world, "POST", "organization_memberships", "k1", &joins).await;
    assert_eq!(
        (first.status.as_u16(), second.status.as_u16(), &first.body),
        (201, 201, &second.body)
    );
    let gone = format!(
        "organization_memberships/{}",
        first.body["organization_membership"]["id"]
    );
    for (method, path, status) in [("DELETE", gone, 204), ("DELETE", format!("users/{ann}"), 200)] {
        for _ in 0..2 {
            let reply = send(&world, method, &path, &format!("of {path}"), &json!({})).await;
            assert_eq!(reply.status, status, "{path}: {}", reply.body);
        }
        let other = send(&world, method, &path, "another", &json!({})).await;
        assert_eq!(other.status, 404, "{path}");
    }
}
