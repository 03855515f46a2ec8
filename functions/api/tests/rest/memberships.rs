use crate::support::{ADMIN, World};
use serde_json::{Value, json};

async fn organization(world: &World, name: &str) -> u64 {
    let body = json!({ "organization": { "name": name } });
    let made = world.as_admin("POST", "organizations", body).await;
    made["organization"]["id"].as_u64().unwrap()
}

async fn person(world: &World, name: &str) -> u64 {
    let body = json!({ "user": { "name": name, "email": format!("{name}@example.com") } });
    world.post("users", body).await.body["user"]["id"]
        .as_u64()
        .unwrap()
}

fn joins(user: u64, organization: u64) -> Value {
    json!({ "organization_membership": { "user_id": user, "organization_id": organization } })
}

fn defaults(listed: &Value) -> Vec<(u64, bool)> {
    let rows = listed["organization_memberships"].as_array().unwrap();
    let of = |row: &Value| (row["organization_id"].as_u64().unwrap(), row["default"] == true);
    rows.iter().map(of).collect()
}

#[tokio::test]
async fn somebody_belongs_to_several_organizations_and_one_is_the_default() {
    let world = World::new().await;
    let (acme, blau) = (
        organization(&world, "Acme").await,
        organization(&world, "Blau").await,
    );
    let ann = person(&world, "ann").await;
    world.advance(60);
    let first = world.post("organization_memberships", joins(ann, acme)).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let first = first.body["organization_membership"].clone();
    assert_eq!(
        (
            &first["default"],
            &first["organization_name"],
            &first["updated_at"]
        ),
        (&json!(true), &json!("Acme"), &json!("2026-03-02T12:01:00Z"))
    );
    let path = format!("users/{ann}/organization_memberships");
    let second = world
        .post(
            &path,
            json!({ "organization_membership": { "organization_id": blau } }),
        )
        .await;
    let second = second.body["organization_membership"].clone();
    assert_eq!(second["default"], false);
    let one = world
        .get(&format!("organization_memberships/{}", second["id"]))
        .await
        .body;
    assert_eq!(one["organization_membership"], second);
    assert_eq!(
        defaults(&world.get(&path).await.body),
        [(acme, true), (blau, false)]
    );
    let changed = world
        .put(&format!("{path}/{}/make_default", second["id"]), json!({}))
        .await;
    assert_eq!(defaults(&changed.body), [(blau, true), (acme, false)]);
    assert_eq!(
        world.get(&format!("users/{ann}")).await.body["user"]["organization_id"],
        blau
    );
    let back = world
        .put(
            &format!("users/{ann}/organizations/{acme}/make_default"),
            json!({}),
        )
        .await;
    assert_eq!(defaults(&back.body), [(acme, true), (blau, false)]);
    let names = world.get(&format!("users/{ann}/organizations")).await.body;
    assert_eq!(names["count"], 2);
    let gone = format!("users/{ann}/organizations/{acme}");
    assert_eq!(world.call_as(ADMIN, "DELETE", &gone, &[], None).await.status, 204);
    assert_eq!(world.call_as(ADMIN, "DELETE", &gone, &[], None).await.status, 404);
    assert_eq!(
        defaults(&world.get(&path).await.body),
        [(blau, true)],
        "the next one"
    );
    let last = format!("organization_memberships/{}", second["id"]);
    assert_eq!(world.call_as(ADMIN, "DELETE", &last, &[], None).await.status, 204);
    assert_eq!(world.get(&last).await.status, 404);
    assert_eq!(
        world.get(&format!("users/{ann}")).await.body["user"]["organization_id"],
        Value::Null
    );
}

#[tokio::test]
async fn memberships_are_listed_by_organization_and_all_together_page_by_page() {
    let world = World::new().await;
    let (acme, blau) = (
        organization(&world, "Acme").await,
        organization(&world, "Blau").await,
    );
    let mut people = Vec::new();
    for name in ["ann", "bea", "cid"] {
        let id = person(&world, name).await;
        world.post("organization_memberships", joins(id, acme)).await;
        people.push(id);
    }
    world
        .post("organization_memberships", joins(people[0], blau))
        .await;
    let all = world.get("organization_memberships").await.body;
    assert_eq!(
        (
            &all["count"],
            all["organization_memberships"].as_array().unwrap().len()
        ),
        (&json!(4), 4)
    );
    let mut seen = Vec::new();
    let mut path = format!("organizations/{acme}/users?page[size]=2");
    loop {
        let page = world.get(&path).await.body;
        seen.extend(
            page["users"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["id"].as_u64().unwrap()),
        );
        match page["links"]["next"].as_str() {
            Some(next) => path = next.split_once("/api/v2/").unwrap().1.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, people);
    let newest = world
        .get(&format!("organizations/{acme}/users?sort=-id&page[size]=2"))
        .await
        .body;
    let ids: Vec<u64> = newest["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [people[2], people[1]]);
    let after = newest["meta"]["after_cursor"].as_str().unwrap();
    let rest = world
        .get(&format!(
            "organizations/{acme}/users?sort=-id&page[size]=2&page[after]={after}"
        ))
        .await
        .body;
    assert_eq!(rest["users"][0]["id"], people[0]);
    let of_blau = world
        .get(&format!("organizations/{blau}/organization_memberships"))
        .await
        .body;
    assert_eq!(
        (
            &of_blau["count"],
            &of_blau["organization_memberships"][0]["user_id"]
        ),
        (&json!(1), &json!(people[0]))
    );
    assert_eq!(world.get("organizations/count").await.body["count"]["value"], 2);
    let related = world.get(&format!("organizations/{acme}/related")).await.body;
    assert_eq!(related["organization_related"]["users_count"], 3);
    // One who is somebody else's now.
    let moved = json!({ "user": { "organization_id": blau } });
    world.put(&format!("users/{}", people[1]), moved).await;
    assert_eq!(
        world.get(&format!("organizations/{acme}/users")).await.body["count"],
        2
    );
    assert_eq!(
        world.get(&format!("organizations/{blau}/users")).await.body["count"],
        2
    );
    world
        .call_as(ADMIN, "DELETE", &format!("users/{}", people[1]), &[], None)
        .await;
    assert_eq!(
        world.get(&format!("organizations/{blau}/users")).await.body["count"],
        1
    );
}

#[tokio::test]
async fn a_membership_that_can_not_be_is_refused_with_its_field() {
    let world = World::new().await;
    let acme = organization(&world, "Acme").await;
    let ann = person(&world, "ann").await;
    world.post("organization_memberships", joins(ann, acme)).await;
    for (body, field) in [
        (joins(99, acme), "user_id"),
        (joins(ann, 99), "organization_id"),
        (joins(ann, acme), "organization_id"),
        (
            json!({ "organization_membership": { "user_id": ann } }),
            "organization_id",
        ),
        (
            json!({ "organization_membership": { "organization_id": acme } }),
            "user_id",
        ),
    ] {
        let reply = world.post("organization_memberships", body.clone()).await;
        assert_eq!(reply.status, 422, "{body}");
        assert!(reply.body["details"][field].is_array(), "{body}: {}", reply.body);
    }
    let bea = person(&world, "bea").await;
    let of_ann = world
        .get(&format!("users/{ann}/organization_memberships"))
        .await
        .body;
    let id = of_ann["organization_memberships"][0]["id"].clone();
    let swapped = format!("users/{bea}/organization_memberships/{id}");
    assert_eq!(world.get(&swapped).await.status, 404);
    assert_eq!(
        world.call_as(ADMIN, "DELETE", &swapped, &[], None).await.status,
        404
    );
    assert_eq!(
        world
            .put(&format!("{swapped}/make_default"), json!({}))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn what_an_organization_shares_is_kept_and_somebody_new_may_be_of_several() {
    let world = World::new().await;
    let (acme, blau) = (
        organization(&world, "Acme").await,
        organization(&world, "Blau").await,
    );
    let shares = json!({ "organization": { "shared_tickets": true, "shared_comments": true } });
    world
        .as_admin("PUT", &format!("organizations/{acme}"), shares)
        .await;
    let shown = world.get(&format!("organizations/{acme}")).await.body["organization"].clone();
    assert_eq!(
        (&shown["shared_tickets"], &shown["shared_comments"]),
        (&json!(true), &json!(true))
    );
    let body = json!({ "user": { "name": "Ann", "organization_ids": [blau, acme] } });
    let ann = world.post("users", body).await.body["user"]["id"].clone();
    let listed = world
        .get(&format!("users/{ann}/organization_memberships"))
        .await
        .body;
    assert_eq!(defaults(&listed), [(blau, true), (acme, false)]);
    let named = json!({ "user": { "name": "Bea", "organization": { "name": "acme" } } });
    assert_eq!(
        world.post("users", named).await.body["user"]["organization_id"],
        acme
    );
    let unknown = json!({ "user": { "name": "Cid", "organization": { "name": "Nobody" } } });
    assert_eq!(world.post("users", unknown).await.status, 422);
}

#[tokio::test]
async fn an_agents_default_group_is_the_one_they_chose() {
    let world = World::new().await;
    let group = json!({ "group": { "name": "Second line" } });
    world.as_admin("POST", "groups", group).await;
    let of_bo = json!({ "group_membership": { "user_id": 2, "group_id": 2 } });
    let made = world.as_admin("POST", "group_memberships", of_bo).await;
    assert_eq!(made["group_membership"]["default"], false);
    let path = "users/2/group_memberships/2002/make_default";
    let all = world.as_admin("PUT", path, json!({})).await;
    let of = |listed: &Value| -> Vec<(u64, bool)> {
        let rows = listed["group_memberships"].as_array().unwrap();
        rows.iter()
            .map(|row| (row["group_id"].as_u64().unwrap(), row["default"] == true))
            .collect()
    };
    assert_eq!(of(&all), [(1, false), (2, true)]);
    assert_eq!(
        of(&world.get("users/2/group_memberships").await.body),
        [(1, false), (2, true)]
    );
    assert_eq!(world.get("users/2").await.body["user"]["default_group_id"], 2);
    assert_eq!(
        world
            .put("users/3/group_memberships/2002/make_default", json!({}))
            .await
            .status,
        404
    );
    let assignable = world.get("group_memberships/assignable").await.body;
    assert_eq!(
        assignable["count"],
        world.get("group_memberships").await.body["count"]
    );
    assert_eq!(
        world.get("groups/2/memberships/assignable").await.body["count"],
        1
    );
}

#[tokio::test]
async fn what_a_membership_shows_may_be_sent_back() {
    let world = World::new().await;
    let (acme, ann) = (organization(&world, "Acme").await, person(&world, "ann").await);
    let said = |sees: bool| {
        json!({ "organization_membership": {
            "user_id": ann, "organization_id": acme, "view_tickets": sees,
        } })
    };
    let refused = world.post("organization_memberships", said(true)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body["details"]["view_tickets"].is_array());
    let made = world.post("organization_memberships", said(false)).await;
    assert_eq!(made.status, 201, "{}", made.body);
}
