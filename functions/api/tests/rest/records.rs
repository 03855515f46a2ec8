use crate::support::{ADMIN, BO, World};
use docket_domain::PersonId;
use serde_json::{Value, json};

async fn person(world: &World, email: &str) -> u64 {
    let body = json!({ "user": { "name": "Ann", "email": email } });
    let made = world.post("users", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["user"]["id"].as_u64().unwrap()
}

#[tokio::test]
async fn who_is_deleted_is_set_aside_and_their_address_is_free() {
    let world = World::new().await;
    let ticket = world.ticket("Old").await;
    let id = world.get(&format!("tickets/{ticket}")).await.body["ticket"]["requester_id"].clone();
    let before = world.get("users/count").await.body["count"]["value"]
        .as_u64()
        .unwrap();
    let gone = world
        .call_as(BO, "DELETE", &format!("users/{id}"), &[], None)
        .await;
    assert_eq!(
        (gone.status.as_u16(), &gone.body["user"]["active"]),
        (200, &json!(false))
    );
    assert_eq!(world.get("users/count").await.body["count"]["value"], before - 1);
    let listed = world.get("users").await.body;
    assert_eq!(listed["count"], before - 1);
    assert!(
        listed["users"]
            .as_array()
            .unwrap()
            .iter()
            .all(|user| user["id"] != id)
    );
    let deleted = world.get("deleted_users").await.body;
    assert_eq!(
        (&deleted["count"], &deleted["deleted_users"][0]["id"]),
        (&json!(1), &id)
    );
    assert_eq!(world.get("deleted_users/count").await.body["count"]["value"], 1);
    let one = world.get(&format!("deleted_users/{id}")).await.body;
    assert_eq!(one["deleted_user"]["email"], "ann@example.com");
    assert_eq!(
        world.get(&format!("users/{id}")).await.body["user"]["active"],
        false
    );
    let change = json!({ "user": { "name": "Eve" } });
    assert_eq!(world.put(&format!("users/{id}"), change).await.status, 404);
    assert_ne!(json!(person(&world, "ann@example.com").await), id, "somebody new");
    assert_eq!(
        world.get(&format!("tickets/{ticket}")).await.status,
        200,
        "what they asked stays"
    );
}

#[tokio::test]
async fn who_is_deleted_for_good_is_forgotten_with_all_they_asked() {
    let world = World::new().await;
    let ticket = world.letter("normal").await;
    let id = world.get(&format!("tickets/{ticket}")).await.body["ticket"]["requester_id"]
        .as_u64()
        .unwrap();
    let path = format!("deleted_users/{id}");
    assert_eq!(
        world.call_as(ADMIN, "DELETE", &path, &[], None).await.status,
        404,
        "not deleted yet"
    );
    world
        .call_as(ADMIN, "DELETE", &format!("users/{id}"), &[], None)
        .await;
    assert_eq!(world.call_as(BO, "DELETE", &path, &[], None).await.status, 403);
    let gone = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(
        (gone.status.as_u16(), &gone.body["deleted_user"]["id"]),
        (200, &json!(id))
    );
    let of = format!("users/{id}/compliance_deletion_statuses");
    for _ in 0..5 {
        world.desk.people().go_on(PersonId(id), 100).await.unwrap();
    }
    let statuses = world.get(&of).await.body["compliance_deletion_statuses"].clone();
    let actions: Vec<&Value> = statuses
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["action"])
        .collect();
    assert_eq!(actions, ["request_deletion", "started", "complete"]);
    assert_eq!(statuses[0]["executer_id"], 1);
    assert_eq!(world.get(&format!("tickets/{ticket}")).await.status, 404);
    assert_eq!(world.get(&path).await.status, 404);
    let user = world.get(&format!("users/{id}")).await.body["user"].clone();
    assert_eq!((&user["email"], &user["active"]), (&Value::Null, &json!(false)));
    assert_eq!(world.get("deleted_users").await.body["count"], 0);
}

#[tokio::test]
async fn an_agent_who_is_deleted_leaves_and_the_last_admin_stays() {
    let world = World::new().await;
    let last = world.call_as(ADMIN, "DELETE", "users/1", &[], None).await;
    assert_eq!(last.status, 422);
    assert_eq!(
        world.call_as(BO, "DELETE", "users/3", &[], None).await.status,
        403
    );
    assert_eq!(
        world.call_as(ADMIN, "DELETE", "users/3", &[], None).await.status,
        200
    );
    let members = world.get("groups/1/users").await.body;
    let ids: Vec<&Value> = members["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| &user["id"])
        .collect();
    assert!(!ids.contains(&&json!(3)), "{ids:?}");
    let calls = world
        .call_as("cy@desk.example.com", "GET", "tickets", &[], None)
        .await;
    assert_eq!(calls.status, 401);
}

#[tokio::test]
async fn what_is_written_of_somebody_is_kept_or_refused() {
    let world = World::new().await;
    let id = person(&world, "ann@example.com").await;
    let path = format!("users/{id}");
    let fields = json!({
        "alias": "A.", "signature": "Ann", "details": "tall", "notes": "kind", "phone": "+49 1", "tags": ["vip"],
        "time_zone": "Berlin", "locale": "de", "external_id": "c-1", "moderator": true,
        "ticket_restriction": "organization", "suspended": true, "verified": true,
    });
    let changed = world.put(&path, json!({ "user": fields })).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let shown = world.get(&path).await.body["user"].clone();
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(shown[name], *value, "{name}");
    }
    let same = world.put(&path, json!({ "user": shown })).await;
    assert_eq!(
        (same.status.as_u16(), &same.body["user"]),
        (200, &shown),
        "{}",
        same.body
    );
    for (field, value) in [
        ("custom_role_id", json!(7)),
        ("only_private_comments", json!(true)),
        ("remote_photo_url", json!("https://x.example/a.png")),
        ("ticket_restriction", json!("groups")),
        ("default_group_id", json!(1)),
        ("organization_id", json!(99)),
        ("moderator", json!("perhaps")),
    ] {
        let mut user = serde_json::Map::new();
        user.insert(field.to_owned(), value);
        let reply = world.put(&path, json!({ "user": user })).await;
        assert_eq!(reply.status, 422, "{field}");
        assert!(reply.body["details"][field].is_array(), "{field}: {}", reply.body);
    }
    let lifted = world.put(&path, json!({ "user": { "suspended": false } })).await;
    assert_eq!(lifted.body["user"]["suspended"], false);
    let body = json!({ "user": { "suspended": true } });
    let staff = world.call_as(ADMIN, "PUT", "users/2", &[], Some(body)).await;
    assert_eq!(staff.status, 422);
}

#[tokio::test]
async fn what_has_to_do_with_somebody_is_counted_and_listed() {
    let world = World::new().await;
    let ticket = world.ticket("One").await;
    world.ticket("Two").await;
    let ann = world.get(&format!("tickets/{ticket}")).await.body["ticket"]["requester_id"].clone();
    let related = world.get(&format!("users/{ann}/related")).await.body["user_related"].clone();
    assert_eq!(
        (&related["requested_tickets"], &related["assigned_tickets"]),
        (&json!(2), &json!(0))
    );
    let groups = world.get("users/2/groups").await.body;
    assert_eq!(
        (&groups["count"], &groups["groups"][0]["name"]),
        (&json!(1), &json!("Support"))
    );
    let users = world.get("groups/1/users?per_page=1").await.body;
    assert!(users["count"].as_u64().unwrap() >= 2);
    assert_eq!(users["users"].as_array().unwrap().len(), 1);
    assert_eq!(world.get("groups/count").await.body["count"]["value"], 1);
    assert_eq!(
        world.get("users/count?role=agent").await.body["count"]["value"],
        2
    );
    assert_eq!(world.get("users?permission_set=7").await.body["count"], 0);
    assert_eq!(world.get("users/99/related").await.status, 404);
    assert_eq!(world.get("groups/9/users").await.status, 404);
    assert_eq!(
        world
            .post("users/request_create", json!({ "user": {} }))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn who_is_forgotten_takes_with_them_what_was_merged() {
    let world = World::new().await;
    let (ann, lee) = (
        person(&world, "ann@example.com").await,
        person(&world, "lee@example.com").await,
    );
    let into = json!({ "user": { "id": ann } });
    assert_eq!(world.put(&format!("users/{lee}/merge"), into).await.status, 200);
    world
        .call_as(ADMIN, "DELETE", &format!("users/{ann}"), &[], None)
        .await;
    let path = format!("deleted_users/{ann}");
    let gone = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(gone.status, 200);
    for id in [ann, lee] {
        let user = world.get(&format!("users/{id}")).await.body["user"].clone();
        assert_eq!(
            (&user["email"], &user["name"]),
            (&Value::Null, &json!("Forgotten person")),
            "{id}"
        );
    }
    assert_eq!(
        world
            .put(&format!("users/{lee}/merge/undo"), json!({}))
            .await
            .status,
        422
    );
}
