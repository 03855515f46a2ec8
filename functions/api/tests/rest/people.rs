use crate::support::{ADMIN, World};
use serde_json::json;

#[tokio::test]
async fn me_is_the_caller() {
    let world = World::new().await;
    let me = world.get("users/me.json").await.body["user"].clone();
    assert_eq!((&me["name"], &me["role"]), (&json!("Bo Agent"), &json!("agent")));
}

#[tokio::test]
async fn somebody_new_is_made_and_the_same_one_changed() {
    let world = World::new().await;
    let body = json!({ "user": { "name": "Ann", "email": "Ann@Example.com", "external_id": "c-7" } });
    let made = world.post("users/create_or_update.json", body).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["user"]["email"], "ann@example.com");
    let body = json!({ "user": { "name": "Ann Lee", "external_id": "c-7", "phone": "+49 1" } });
    let changed = world.post("users/create_or_update", body).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.body["user"]["id"], made.body["user"]["id"]);
    let shown = world
        .get(&format!("users/{}", made.body["user"]["id"]))
        .await
        .body;
    assert_eq!(
        (
            &shown["user"]["name"],
            &shown["user"]["phone"],
            &shown["user"]["email"]
        ),
        (&json!("Ann Lee"), &json!("+49 1"), &json!("ann@example.com"))
    );
}

#[tokio::test]
async fn an_address_that_somebody_has_makes_nobody_new() {
    let world = World::new().await;
    let body = json!({ "user": { "name": "Ann", "email": "ann@example.com" } });
    assert_eq!(world.post("users", body.clone()).await.status, 201);
    let reply = world.post("users", body).await;
    assert_eq!(reply.status, 422);
    assert_eq!(reply.body["details"]["email"][0]["error"], "DuplicateValue");
}

#[tokio::test]
async fn two_peoples_identities_do_not_become_one_persons() {
    let world = World::new().await;
    for user in [
        json!({ "email": "a@example.com" }),
        json!({ "name": "B", "external_id": "b" }),
    ] {
        world.post("users", json!({ "user": user })).await;
    }
    let both = json!({ "user": { "email": "a@example.com", "external_id": "b" } });
    let reply = world.post("users/create_or_update", both).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body["details"]["external_id"].is_array());
}

#[tokio::test]
async fn only_admins_make_and_change_staff() {
    let world = World::new().await;
    let new = json!({ "user": { "name": "Di", "email": "di@desk.example.com", "role": "agent" } });
    assert_eq!(world.post("users", new.clone()).await.status, 403);
    let reply = world.call_as(ADMIN, "POST", "users", &[], Some(new)).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.body["user"]["role"]),
        (201, &json!("agent"))
    );
    let change = json!({ "user": { "email": "di@desk.example.com", "name": "Eve" } });
    assert_eq!(world.post("users/create_or_update", change).await.status, 403);
}

#[tokio::test]
async fn admins_call_on_behalf_of_agents_and_agents_of_nobody() {
    let world = World::new().await;
    let headers = [("x-on-behalf-of", "cy@desk.example.com")];
    let reply = world.call_as(ADMIN, "GET", "users/me", &headers, None).await;
    assert_eq!(reply.body["user"]["name"], "Cy Agent");
    let reply = world
        .call_as("cy@desk.example.com", "GET", "users/me", &headers, None)
        .await;
    assert_eq!(reply.status, 403);
    let nobody = [("x-on-behalf-of", "nobody@example.com")];
    let reply = world.call_as(ADMIN, "GET", "users/me", &nobody, None).await;
    assert_eq!(reply.status, 403);
}

#[tokio::test]
async fn staff_are_listed_by_their_roles_and_counted() {
    let world = World::new().await;
    for id in 0..5 {
        let body = json!({ "user": { "email": format!("c{id}@example.com") } });
        world.post("users", body).await;
    }
    let listed = world
        .get("users.json?role[]=agent&role[]=admin&per_page=1&page=3")
        .await
        .body;
    assert_eq!(
        (&listed["count"], listed["users"].as_array().unwrap().len()),
        (&json!(3), 1)
    );
    assert_eq!(listed["next_page"], serde_json::Value::Null);
    let admins = world.get("users?role=admin").await.body;
    assert_eq!(
        (&admins["count"], &admins["users"][0]["email"]),
        (&json!(1), &json!(ADMIN))
    );
}

#[tokio::test]
async fn a_membership_says_since_when_and_the_first_ones_since_the_desk_began() {
    let world = World::new().await;
    let group = json!({ "group": { "name": "Second line" } });
    assert_eq!(world.as_admin("POST", "groups", group).await["group"]["id"], 2);
    world.advance(3600);
    let of_bo = json!({ "group_membership": { "user_id": 2, "group_id": 2 } });
    let made = world.as_admin("POST", "group_memberships", of_bo.clone()).await;
    assert_eq!(made["group_membership"]["created_at"], "2026-03-02T13:00:00Z");
    world.advance(3600);
    let again = world.as_admin("POST", "group_memberships", of_bo).await;
    assert_eq!(again, made, "who is a member stays one");
    let expected = json!([
        [1, "2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z"],
        [2, "2026-03-02T13:00:00Z", "2026-03-02T13:00:00Z"],
    ]);
    for path in ["users/2/group_memberships", "group_memberships"] {
        let rows = world.get(path).await.body["group_memberships"].clone();
        let rows = rows.as_array().unwrap().iter().filter(|row| row["user_id"] == 2);
        let rows: Vec<_> = rows
            .map(|row| json!([row["group_id"], row["created_at"], row["updated_at"]]))
            .collect();
        assert_eq!(json!(rows), expected, "{path}");
    }
    let of_group = world.get("groups/2/memberships").await.body;
    assert_eq!(of_group["group_memberships"][0], made["group_membership"]);
    let one = world.get("group_memberships/2002").await.body;
    assert_eq!(one, made);
    let admin = world
        .call_as(ADMIN, "DELETE", "group_memberships/2002", &[], None)
        .await;
    assert_eq!(admin.status, 204);
    assert_eq!(world.get("group_memberships/2002").await.status, 404);
}
