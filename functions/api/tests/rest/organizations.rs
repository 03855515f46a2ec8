use crate::support::{ADMIN, Reply, World};
use docket_domain::OrganizationId;
use serde_json::{Value, json};

async fn call(world: &World, method: &str, path: &str, record: Value) -> Reply {
    let body = json!({ "organization": record });
    world.call_as(ADMIN, method, path, &[], Some(body)).await
}

/// Makes one; its id.
async fn made(world: &World, record: Value) -> u64 {
    let reply = call(world, "POST", "organizations.json", record).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.body["organization"]["id"].as_u64().unwrap()
}

fn acme() -> Value {
    json!({
        "name": "Acme",
        "domain_names": ["Acme.Example", "acme.test"],
        "external_id": "crm-7",
        "tags": ["vip"],
        "notes": "Pays late",
        "group_id": 1,
        "organization_fields": { "tier": "gold" },
    })
}

async fn user(world: &World, record: Value) -> Value {
    let reply = world.post("users", json!({ "user": record })).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.body["user"].clone()
}

#[tokio::test]
async fn an_organization_is_made_shown_changed_and_listed() {
    let world = World::new().await;
    let id = made(&world, acme()).await;
    let path = format!("organizations/{id}");
    let shown = world.get(&format!("{path}.json")).await.body["organization"].clone();
    assert_eq!(shown["domain_names"], json!(["acme.example", "acme.test"]));
    assert_eq!(shown["organization_fields"], json!({ "tier": "gold" }));
    assert_eq!(
        (&shown["external_id"], &shown["group_id"], &shown["tags"]),
        (&json!("crm-7"), &json!(1), &json!(["vip"]))
    );
    assert_eq!(
        shown["url"],
        format!("https://desk.example.com/api/v2/organizations/{id}.json")
    );

    world.advance(60);
    let change = json!({ "name": "ACME Ltd", "notes": null, "domain_names": ["acme.test"] });
    let reply = call(&world, "PUT", &path, change).await;
    let changed = &reply.body["organization"];
    assert_eq!(
        (reply.status.as_u16(), &changed["name"], &changed["notes"]),
        (200, &json!("ACME Ltd"), &Value::Null)
    );
    assert_eq!(changed["external_id"], "crm-7", "what is not sent stays");
    assert_eq!(changed["updated_at"], "2026-03-02T12:01:00Z");

    let other = made(&world, json!({ "name": "Beta" })).await;
    let list = world.get("organizations").await.body;
    assert_eq!((&list["count"], &list["next_page"]), (&json!(2), &Value::Null));
    assert_eq!(list["organizations"][1]["id"], other);
    let many = world
        .get(&format!("organizations/show_many?ids={other},{id},99"))
        .await
        .body;
    assert_eq!(
        (&many["count"], &many["organizations"][0]["id"]),
        (&json!(2), &json!(other))
    );
}

#[tokio::test]
async fn a_name_a_domain_and_an_id_belong_to_one_organization() {
    let world = World::new().await;
    made(&world, acme()).await;
    for (record, field) in [
        (json!({ "name": "aCME" }), "name"),
        (
            json!({ "name": "B", "domain_names": ["ACME.test"] }),
            "domain_names",
        ),
        (json!({ "name": "B", "external_id": "crm-7" }), "external_id"),
    ] {
        let reply = call(&world, "POST", "organizations", record).await;
        assert_eq!(reply.status, 422, "{field}");
        assert_eq!(
            reply.body["details"][field][0]["error"], "DuplicateValue",
            "{}",
            reply.body
        );
    }
    let beta = made(&world, json!({ "name": "Beta" })).await;
    let change = json!({ "domain_names": ["beta.example", "acme.example"] });
    let reply = call(&world, "PUT", &format!("organizations/{beta}"), change).await;
    assert_eq!(reply.status, 422);
    assert_eq!(
        world.get(&format!("organizations/{beta}")).await.body["organization"]["domain_names"],
        json!([])
    );
}

#[tokio::test]
async fn of_two_that_claim_a_domain_at_once_one_has_it() {
    let world = World::new().await;
    let path = "organizations";
    let record = |name: &str| json!({ "name": name, "domain_names": ["acme.example"] });
    let (one, other) = tokio::join!(
        call(&world, "POST", path, record("One")),
        call(&world, "POST", path, record("Other")),
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422], "{} {}", one.body, other.body);
}

#[tokio::test]
async fn what_an_organization_gives_up_another_may_have() {
    let world = World::new().await;
    let id = made(&world, acme()).await;
    let path = format!("organizations/{id}");
    call(
        &world,
        "PUT",
        &path,
        json!({ "domain_names": ["acme.test"], "external_id": null }),
    )
    .await;
    made(
        &world,
        json!({ "name": "Beta", "domain_names": ["acme.example"], "external_id": "crm-7" }),
    )
    .await;
    let reply = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(reply.status, 204);
    assert_eq!(world.get(&path).await.status, 404);
    let again = made(&world, json!({ "name": "Acme", "domain_names": ["acme.test"] })).await;
    assert!(again > id, "no id is given twice");
    let gone = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn an_organization_is_found_by_its_name_and_by_the_callers_own_id() {
    let world = World::new().await;
    let id = made(&world, acme()).await;
    for query in ["external_id=crm-7", "name=ACME"] {
        let found = world
            .get(&format!("organizations/search.json?{query}"))
            .await
            .body;
        assert_eq!(
            (&found["count"], &found["organizations"][0]["id"]),
            (&json!(1), &json!(id))
        );
    }
    let none = world.get("organizations/search?external_id=CRM-7").await.body;
    assert_eq!((&none["count"], &none["organizations"]), (&json!(0), &json!([])));
    assert_eq!(world.get("organizations/search").await.status, 400);
}

#[tokio::test]
async fn create_or_update_knows_an_organization_by_its_ids_and_not_by_its_name() {
    let world = World::new().await;
    let path = "organizations/create_or_update";
    let first = call(&world, "POST", path, acme()).await;
    let change = json!({ "external_id": "crm-7", "name": "Acme & Sons" });
    let second = call(&world, "POST", path, change).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 200));
    assert_eq!(
        second.body["organization"]["id"],
        first.body["organization"]["id"]
    );
    let by_name = call(&world, "POST", path, json!({ "name": "acme & sons" })).await;
    assert_eq!(by_name.status, 422);
}

#[tokio::test]
async fn a_repeated_creation_answers_with_the_same_organization() {
    let world = World::new().await;
    let body = json!({ "organization": acme() });
    let headers = [("idempotency-key", "k1")];
    let first = world
        .call_as(ADMIN, "POST", "organizations", &headers, Some(body.clone()))
        .await;
    let second = world
        .call_as(ADMIN, "POST", "organizations", &headers, Some(body))
        .await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.body, second.body);
    let other = json!({ "organization": { "name": "Other" } });
    let reply = world
        .call_as(ADMIN, "POST", "organizations", &headers, Some(other))
        .await;
    assert_eq!(reply.status, 422);
    assert_eq!(world.get("organizations").await.body["count"], 1);
}

#[tokio::test]
async fn agents_read_organizations_and_only_admins_change_them() {
    let world = World::new().await;
    let body = json!({ "organization": acme() });
    assert_eq!(world.post("organizations", body.clone()).await.status, 403);
    let id = made(&world, acme()).await;
    let path = format!("organizations/{id}");
    assert_eq!(world.put(&path, body).await.status, 403);
    let reply = world
        .call_as("bo@desk.example.com", "DELETE", &path, &[], None)
        .await;
    assert_eq!(reply.status, 403);
    assert_eq!(world.get(&path).await.status, 200);
}

#[tokio::test]
async fn an_organization_that_could_not_be_is_refused_with_its_field() {
    let world = World::new().await;
    for (record, field) in [
        (json!({ "domain_names": ["acme.example"] }), "name"),
        (
            json!({ "name": "B", "domain_names": ["a@b.example"] }),
            "domain_names",
        ),
        (json!({ "name": "B", "group_id": 99 }), "group_id"),
        (
            json!({ "name": "B", "organization_fields": { "tier": "x".repeat(256) } }),
            "organization_fields.tier",
        ),
    ] {
        let reply = call(&world, "POST", "organizations", record).await;
        assert_eq!(reply.status, 422, "{field}");
        assert!(reply.body["details"][field].is_array(), "{}", reply.body);
    }
    assert_eq!(world.get("organizations").await.body["count"], 0);
}

#[tokio::test]
async fn somebody_new_belongs_to_the_organization_of_their_domain() {
    let world = World::new().await;
    let before = user(&world, json!({ "name": "Abe", "email": "abe@acme.example" })).await;
    assert_eq!(before["organization_id"], Value::Null);
    let id = made(&world, acme()).await;
    let ann = user(&world, json!({ "name": "Ann", "email": "ann@ACME.example" })).await;
    assert_eq!(ann["organization_id"], id);
    let elsewhere = user(&world, json!({ "name": "Eve", "email": "eve@sub.acme.example" })).await;
    assert_eq!(elsewhere["organization_id"], Value::Null);
    let said = json!({ "name": "Kim", "email": "kim@acme.example", "organization_id": null });
    assert_eq!(user(&world, said).await["organization_id"], Value::Null);
    // Whoever was there before stays as they are.
    let path = format!("users/{}", before["id"]);
    assert_eq!(
        world.get(&path).await.body["user"]["organization_id"],
        Value::Null
    );
}

#[tokio::test]
async fn a_person_is_changed_by_their_id() {
    let world = World::new().await;
    let id = made(&world, acme()).await;
    let sam = user(&world, json!({ "name": "Sam", "email": "sam@home.example" })).await;
    let path = format!("users/{}", sam["id"]);
    let change = json!({ "user": { "organization_id": id, "user_fields": { "tier": "platinum" }, "tags": ["press"] } });
    let reply = world.put(&path, change).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let shown = world.get(&path).await.body["user"].clone();
    assert_eq!(
        (&shown["organization_id"], &shown["user_fields"], &shown["tags"]),
        (&json!(id), &json!({ "tier": "platinum" }), &json!(["press"]))
    );
    let reply = world
        .put(
            &path,
            json!({ "user": { "organization_id": null, "user_fields": { "tier": null } } }),
        )
        .await;
    assert_eq!(reply.body["user"]["organization_id"], Value::Null);
    assert_eq!(reply.body["user"]["user_fields"]["tier"], Value::Null);
    for (change, field) in [
        (json!({ "organization_id": 99 }), "organization_id"),
        (json!({ "email": "bo@desk.example.com" }), "email"),
    ] {
        let reply = world.put(&path, json!({ "user": change })).await;
        assert_eq!(reply.status, 422, "{}", reply.body);
        assert!(reply.body["details"][field].is_array(), "{}", reply.body);
    }
    let nobody = world.put("users/999", json!({ "user": { "name": "X" } })).await;
    assert_eq!(nobody.status, 404);
    let admin = world.put("users/1", json!({ "user": { "name": "X" } })).await;
    assert_eq!(admin.status, 403);
}

#[tokio::test]
async fn people_of_an_organization_that_is_gone_have_none() {
    let world = World::new().await;
    let id = made(&world, acme()).await;
    let ann = user(&world, json!({ "name": "Ann", "email": "ann@acme.example" })).await;
    let path = format!("organizations/{id}");
    world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    let shown = world.get(&format!("users/{}", ann["id"])).await.body;
    assert_eq!(shown["user"]["organization_id"], Value::Null);
    let list = world.get("users").await.body;
    let users = list["users"].as_array().unwrap();
    assert!(users.iter().all(|user| user["organization_id"].is_null()));
}

#[tokio::test]
async fn the_members_of_an_organization_that_is_gone_are_counted_no_more_however_many_they_were() {
    let world = World::new().await;
    let (gone, stays) = (
        made(&world, acme()).await,
        made(&world, json!({ "name": "Club" })).await,
    );
    // More than one transaction takes off the list.
    for nth in 0..95 {
        let member = json!({ "name": "Ann", "email": format!("ann{nth}@acme.example") });
        assert_eq!(user(&world, member).await["organization_id"], gone);
    }
    let member = json!({ "name": "Bob", "email": "bob@club.example", "organization_id": stays });
    user(&world, member).await;
    let count = async || world.get("organization_memberships").await.body["count"].clone();
    assert_eq!(count().await, 96);
    let path = format!("organizations/{gone}");
    world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(count().await, 1);
    // Who was about to belong to it may be stored for a while yet.
    assert_eq!(world.desk.due().oldest().await.unwrap(), None);
    world.advance(16 * 60);
    assert!(world.desk.due().oldest().await.unwrap().is_some());
    let organizations = world.desk.organizations();
    organizations.clear_members(OrganizationId(gone)).await.unwrap();
    assert_eq!(world.desk.due().oldest().await.unwrap(), None, "that was all");
}

#[tokio::test]
async fn a_ticket_is_of_its_requesters_organization_and_brings_it_along() {
    let world = World::new().await;
    let ticket = json!({ "ticket": {
        "subject": "Late",
        "comment": { "body": "Where is it?" },
        "requester": { "email": "kim@acme.test", "name": "Kim" },
    } });
    let before = world.post("tickets", ticket).await.body["ticket"].clone();
    assert_eq!(before["organization_id"], Value::Null);
    let id = made(&world, acme()).await;
    let body = json!({ "user": { "organization_id": id } });
    world
        .put(&format!("users/{}", before["requester_id"]), body)
        .await;
    let path = format!("tickets/{}.json?include=organizations,users", before["id"]);
    let shown = world.get(&path).await.body;
    assert_eq!(shown["ticket"]["organization_id"], id);
    assert_eq!(shown["organizations"][0]["name"], "Acme");
    let listed = world.get("tickets.json?include=organizations").await.body;
    assert_eq!(listed["tickets"][0]["organization_id"], id);
    assert_eq!(listed["organizations"].as_array().unwrap().len(), 1);
    world
        .call_as(ADMIN, "DELETE", &format!("organizations/{id}"), &[], None)
        .await;
    let shown = world.get(&path).await.body;
    assert_eq!(shown["ticket"]["organization_id"], Value::Null);
    assert_eq!(shown["organizations"], json!([]));
}
