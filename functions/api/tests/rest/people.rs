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

#[tokio::test]
async fn spam_of_somebody_who_was_deleted_is_set_aside_all_the_same() {
    let world = World::new().await;
    let ticket = world.letter("normal").await;
    let shown = world.get(&format!("tickets/{ticket}")).await.body;
    let ann = format!("users/{}", shown["ticket"]["requester_id"]);
    world.as_admin("DELETE", &ann, json!({})).await;
    let marked = world
        .put(&format!("tickets/{ticket}/mark_as_spam"), json!({}))
        .await;
    assert_eq!(marked.status, 200, "{}", marked.body);
    assert_eq!(world.get(&format!("tickets/{ticket}")).await.status, 404);
    let tags = world
        .put(&format!("{ann}/tags"), json!({ "tags": ["vip"] }))
        .await;
    assert_eq!(tags.status, 404, "who was deleted gets no tags");
}

#[tokio::test]
async fn whoever_asks_is_suspended_with_their_spam() {
    let world = World::new().await;
    let ticket = world.letter("normal").await;
    let shown = world.get(&format!("tickets/{ticket}")).await.body;
    let ann = format!("users/{}", shown["ticket"]["requester_id"]);
    assert_eq!(world.get(&ann).await.body["user"]["suspended"], false);
    world
        .put(&format!("tickets/{ticket}/mark_as_spam"), json!({}))
        .await;
    assert_eq!(world.get(&ann).await.body["user"]["suspended"], true);
}

#[tokio::test]
async fn people_and_organizations_are_shown_by_ids_of_ones_own() {
    let world = World::new().await;
    for name in ["a", "b", "c"] {
        let user = json!({ "user": { "name": name, "external_id": name } });
        world.post("users", user).await;
        let organization = json!({ "organization": { "name": name, "external_id": name } });
        world.as_admin("POST", "organizations", organization).await;
    }
    for list in ["users", "organizations"] {
        let path = format!("{list}/show_many?external_ids=c,a,x");
        let shown = world.get(&path).await.body;
        let rows = shown[list].as_array().unwrap();
        let names: Vec<_> = rows.iter().map(|row| row["name"].clone()).collect();
        assert_eq!(names, ["c", "a"], "{path}");
        let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
        let path = format!("{list}/show_many?external_ids={}", many.join(","));
        assert_eq!(world.get(&path).await.status, 400);
    }
    let both = world.get("users?role=agent&external_id=a").await.body;
    assert_eq!(both["count"], 0, "{both}");
    let both = world.get("users?role=end-user&external_id=a").await.body;
    assert_eq!(both["count"], 1, "{both}");
}

#[tokio::test]
async fn what_is_known_of_somebody_can_be_taken_away_and_their_language_has_a_number() {
    let world = World::new().await;
    let body = json!({ "user": {
        "name": "Ann", "phone": "+49 1", "external_id": "a-1", "locale_id": 14, "time_zone": "Europe/Berlin",
    } });
    let made = world.post("users", body).await.body["user"].clone();
    assert_eq!((&made["locale"], &made["locale_id"]), (&json!("de"), &json!(14)));
    let path = format!("users/{}", made["id"]);
    let body = json!({ "user": { "phone": null, "external_id": "", "locale": null, "time_zone": null } });
    let changed = world.put(&path, body).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let changed = changed.body["user"].clone();
    for (field, value) in [
        ("phone", json!(null)),
        ("external_id", json!(null)),
        ("locale_id", json!(1)),
        ("time_zone", json!("UTC")),
    ] {
        assert_eq!(changed[field], value, "{field}");
    }
    assert_eq!(world.get("users?external_id=a-1").await.body["count"], 0);
    for refused in [
        json!({ "locale_id": 4711 }),
        json!({ "shared_phone_number": true }),
    ] {
        let reply = world.put(&path, json!({ "user": refused })).await;
        assert_eq!(reply.status, 422, "{}", reply.body);
    }
}

#[tokio::test]
async fn people_bring_along_what_they_refer_to() {
    let world = World::new().await;
    let organization = json!({ "organization": { "name": "Acme" } });
    let acme = world.as_admin("POST", "organizations", organization).await["organization"]["id"].clone();
    let ann = json!({ "user": { "name": "Ann", "email": "ann@example.com", "organization_id": acme } });
    let ann = world.post("users", ann).await.body["user"]["id"].clone();
    let include = "include=organizations,groups,identities,roles";
    for path in [
        format!("users?{include}"),
        format!("users/show_many?ids={ann},2&{include}"),
    ] {
        let shown = world.get(&path).await.body;
        assert_eq!(shown["organizations"][0]["id"], acme, "{path}");
        assert_eq!(shown["groups"][0]["id"], 1, "{path}");
        let identities = shown["identities"].as_array().unwrap();
        assert!(
            identities.iter().any(|row| row["value"] == "ann@example.com"),
            "{path}"
        );
        assert!(shown["roles"].is_array(), "{path}");
    }
    let one = world
        .get(&format!("users/{ann}?include=organizations"))
        .await
        .body;
    assert_eq!(
        (&one["organizations"][0]["id"], &one["groups"]),
        (&acme, &json!(null))
    );
    let memberships = world.get("group_memberships?include=users,groups").await.body;
    assert_eq!(memberships["groups"][0]["id"], 1);
    assert!(
        memberships["users"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["id"] == 2)
    );
    for path in [
        "organization_memberships".to_owned(),
        format!("users/{ann}/organization_memberships"),
    ] {
        let shown = world
            .get(&format!("{path}?include=users,organizations"))
            .await
            .body;
        assert_eq!(
            (&shown["users"][0]["id"], &shown["organizations"][0]["id"]),
            (&ann, &acme),
            "{path}"
        );
    }
}

#[tokio::test]
async fn paths_of_an_agents_groups_and_of_end_users_lead_where_the_others_do() {
    let world = World::new().await;
    let group = json!({ "group": { "name": "Second line" } });
    world.as_admin("POST", "groups", group).await;
    let joins = json!({ "group_membership": { "group_id": 2 } });
    assert_eq!(
        world
            .post("users/2/group_memberships", joins.clone())
            .await
            .status,
        403
    );
    let made = world.as_admin("POST", "users/2/group_memberships", joins).await;
    let id = made["group_membership"]["id"].clone();
    let path = format!("users/2/group_memberships/{id}");
    assert_eq!(world.get(&path).await.body, made);
    assert_eq!(
        world.get(&format!("users/3/group_memberships/{id}")).await.status,
        404
    );
    let count = async |path: &str| world.get(path).await.body["count"]["value"].clone();
    assert_eq!(count("users/2/groups/count").await, 2);
    let gone = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(gone.status, 204);
    assert_eq!(count("users/2/groups/count").await, 1);
    assert_eq!(count("users/2/organizations/count").await, 0);
    let ann = json!({ "user": { "name": "Ann", "email": "ann@example.com" } });
    let ann = world.post("users", ann).await.body["user"]["id"].clone();
    let path = format!("end_users/{ann}");
    assert_eq!(world.get(&path).await.status, 403);
    let changed = json!({ "user": { "name": "Anna" } });
    let changed = world.as_admin("PUT", &path, changed).await;
    let shown = world.call_as(ADMIN, "GET", &path, &[], None).await.body;
    assert_eq!((&shown["user"]["name"], &shown), (&json!("Anna"), &changed));
    let agent = world.call_as(ADMIN, "GET", "end_users/2", &[], None).await;
    assert_eq!(agent.status, 404);
}
