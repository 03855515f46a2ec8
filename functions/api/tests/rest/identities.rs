use crate::{
    jobs::{bulk, done},
    support::{ADMIN, World},
};
use docket_domain::{PersonId, people::person::Identity};
use serde_json::{Value, json};

async fn ann(world: &World) -> u64 {
    let body = json!({ "user": { "name": "Ann", "email": "ann@example.com" } });
    world.post("users", body).await.body["user"]["id"]
        .as_u64()
        .unwrap()
}

fn identity(kind: &str, value: &str) -> Value {
    json!({ "identity": { "type": kind, "value": value } })
}

async fn values(world: &World, id: u64) -> Vec<(String, bool)> {
    let listed = world.get(&format!("users/{id}/identities.json")).await.body;
    let rows = listed["identities"].as_array().unwrap();
    assert_eq!(listed["count"], rows.len());
    let of = |row: &Value| (row["value"].as_str().unwrap().to_owned(), row["primary"] == true);
    rows.iter().map(of).collect()
}

#[tokio::test]
async fn an_identity_is_made_shown_verified_made_primary_changed_and_taken_away() {
    let world = World::new().await;
    let id = ann(&world).await;
    world.advance(60);
    let made = world
        .post(
            &format!("users/{id}/identities"),
            identity("email", "Ann@Work.example"),
        )
        .await;
    assert_eq!(made.status, 201);
    let made = &made.body["identity"];
    assert_eq!(
        (
            &made["type"],
            &made["value"],
            &made["verified"],
            &made["primary"],
            &made["created_at"]
        ),
        (
            &json!("email"),
            &json!("ann@work.example"),
            &json!(false),
            &json!(false),
            &json!("2026-03-02T12:01:00Z")
        )
    );
    let path = format!("users/{id}/identities/{}", made["id"]);
    assert_eq!(world.get(&path).await.body["identity"], *made);
    let verified = world.put(&format!("{path}/verify"), json!({})).await;
    assert_eq!(verified.body["identity"]["verified"], true);
    let all = world.put(&format!("{path}/make_primary"), json!({})).await.body;
    assert_eq!(all["identities"][0]["value"], "ann@work.example");
    let user = world.get(&format!("users/{id}")).await.body["user"].clone();
    assert_eq!(
        (&user["email"], &user["verified"]),
        (&json!("ann@work.example"), &json!(true))
    );
    let body = json!({ "identity": { "value": "ann@new.example" } });
    let changed = world.put(&path, body).await;
    assert_eq!(
        (changed.status.as_u16(), &changed.body["identity"]["value"]),
        (200, &json!("ann@new.example"))
    );
    assert_eq!(
        values(&world, id).await,
        [
            ("ann@new.example".to_owned(), true),
            ("ann@example.com".to_owned(), false)
        ]
    );
    let path = format!("users/{id}/identities/{}", changed.body["identity"]["id"]);
    let gone = world.call_as(ADMIN, "DELETE", &path, &[], None).await;
    assert_eq!(gone.status, 204);
    // That answers go to the other one is for somebody to say: nobody confirmed it.
    assert_eq!(values(&world, id).await, [("ann@example.com".to_owned(), false)]);
    let user = world.get(&format!("users/{id}")).await.body["user"].clone();
    assert_eq!((&user["email"], &user["verified"]), (&json!(null), &json!(false)));
    let all = world.get(&format!("users/{id}/identities")).await.body["identities"].clone();
    let path = format!("users/{id}/identities/{}/make_primary", all[0]["id"]);
    world.put(&path, json!({})).await;
    assert_eq!(values(&world, id).await, [("ann@example.com".to_owned(), true)]);
    let other = json!({ "user": { "name": "Lee", "email": "ann@new.example" } });
    assert_eq!(world.post("users", other).await.status, 201, "it is free again");
}

#[tokio::test]
async fn an_identity_is_one_persons_whoever_asks_first() {
    let world = World::new().await;
    let id = ann(&world).await;
    let lee = json!({ "user": { "name": "Lee", "email": "lee@example.com" } });
    let lee = world.post("users", lee).await.body["user"]["id"].clone();
    let taken = world
        .post(
            &format!("users/{id}/identities"),
            identity("email", "LEE@example.com"),
        )
        .await;
    assert_eq!(taken.status, 422);
    assert_eq!(taken.body["details"]["value"][0]["error"], "DuplicateValue");
    let path = format!("users/{id}/identities");
    let other = format!("users/{lee}/identities");
    let number = || identity("phone_number", "+49 30 1234567");
    let (one, two) = tokio::join!(world.post(&path, number()), world.post(&other, number()));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
}

#[tokio::test]
async fn what_is_no_identity_is_refused_with_its_field() {
    let world = World::new().await;
    let id = ann(&world).await;
    let path = format!("users/{id}/identities");
    for (body, field) in [
        (identity("email", "nobody"), "value"),
        (identity("phone_number", "abc"), "value"),
        (identity("twitter", "ann"), "type"),
        (json!({ "identity": { "type": "email" } }), "value"),
        (json!({ "identity": { "value": "a@x.example" } }), "type"),
        (identity("email", "support@in.example.com"), "value"),
    ] {
        let reply = world.post(&path, body.clone()).await;
        assert_eq!(reply.status, 422, "{body}");
        assert!(reply.body["details"][field].is_array(), "{body}: {}", reply.body);
    }
    assert_eq!(world.get(&format!("users/{id}/identities/7")).await.status, 404);
    assert_eq!(world.get("users/99/identities").await.status, 404);
    let one = world.get(&path).await.body["identities"][0]["id"].clone();
    let lee = json!({ "user": { "name": "Lee", "email": "lee@example.com" } });
    let lee = world.post("users", lee).await.body["user"]["id"].clone();
    assert_eq!(
        world.get(&format!("users/{lee}/identities/{one}")).await.status,
        404
    );
    let asked = world
        .put(&format!("{path}/{one}/request_verification"), json!({}))
        .await;
    assert_eq!(asked.status, 403);
}

#[tokio::test]
async fn agents_change_no_colleague_by_an_identity() {
    let world = World::new().await;
    let reply = world
        .post("users/1/identities", identity("email", "x@desk.example.com"))
        .await;
    assert_eq!(reply.status, 403);
    let reply = world
        .call_as(
            ADMIN,
            "POST",
            "users/2/identities",
            &[],
            Some(identity("email", "b@desk.example.com")),
        )
        .await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn somebody_new_may_bring_several() {
    let world = World::new().await;
    let body = json!({ "user": { "name": "Roger", "identities": [
        { "type": "email", "value": "roger@example.org" },
        { "type": "phone_number", "value": "+1 555 0100" },
    ] } });
    let made = world.post("users", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["user"]["id"].as_u64().unwrap();
    assert_eq!(made.body["user"]["email"], "roger@example.org");
    assert_eq!(values(&world, id).await.len(), 2);
}

#[tokio::test]
async fn identities_are_listed_by_their_types() {
    let world = World::new().await;
    let id = ann(&world).await;
    let path = format!("users/{id}/identities");
    world.post(&path, identity("phone_number", "+49 30 123")).await;
    for (types, count) in [
        ("type[]=email", 1),
        ("type=phone_number", 1),
        ("type[]=email&type[]=phone_number", 2),
        ("type[]=twitter", 0),
        ("", 2),
    ] {
        let listed = world.get(&format!("{path}?{types}")).await.body;
        assert_eq!(listed["count"], count, "{types}");
    }
    assert_eq!(
        world.get(&format!("{path}?type[]=carrier_pigeon")).await.status,
        422
    );
}

/// Ann, to whose record a contact brought another's address.
async fn with_a_stray_address(world: &World) -> u64 {
    let id = ann(world).await;
    let people = world.desk.people();
    let before = people.get(PersonId(id)).await.unwrap().unwrap();
    let stray = vec![Identity::email("boss@example.com")];
    let by = world.desk.by_system("a contact");
    let (_, writes) = people.learn(before, stray, "", &by).await.unwrap();
    world.desk.commit_writes(vec![], writes).await.unwrap();
    id
}

#[tokio::test]
async fn nobody_is_changed_by_an_address_that_came_to_their_record_with_a_contact() {
    let world = World::new().await;
    let id = with_a_stray_address(&world).await;
    let before = world.get(&format!("users/{id}")).await.body;
    let boss = json!({ "user": { "email": "boss@example.com", "name": "Boss", "role": "admin" } });
    let tagged = json!({ "user": { "email": "Boss@example.com", "tags": ["vip"] } });
    for body in [boss.clone(), tagged] {
        let reply = world
            .call_as(ADMIN, "POST", "users/create_or_update", &[], Some(body.clone()))
            .await;
        assert_eq!(reply.status, 422, "{body}");
        let problem = &reply.body["details"]["email"][0];
        assert_eq!(problem["error"], "DuplicateValue", "{body}");
        let words = problem["description"].as_str().unwrap();
        assert!(words.contains(&format!("user {id}")), "{words}");
    }
    // Nor by a row of a job, nor merged, nor called for.
    let rows = json!({ "users": [{ "email": "boss@example.com", "name": "Boss" }] });
    let job = done(&world, &bulk(&world, "PUT", "users/update_many", rows).await).await;
    assert_eq!(job["results"][0]["success"], false, "{job}");
    let lee = json!({ "user": { "name": "Lee", "email": "lee@example.com" } });
    let lee = world.post("users", lee).await.body["user"]["id"].clone();
    let into = json!({ "user": { "email": "boss@example.com" } });
    assert_eq!(world.put(&format!("users/{lee}/merge"), into).await.status, 422);
    let named = [("x-on-behalf-of", "boss@example.com")];
    let called = world.call_as(ADMIN, "GET", "users/me", &named, None).await;
    assert_eq!(called.status, 422);
    let problem = &called.body["details"]["X-On-Behalf-Of"][0];
    let words = problem["description"].as_str().unwrap();
    assert!(words.contains(&format!("user {id}")), "{words}");
    assert_eq!(world.get(&format!("users/{id}")).await.body, before);
    // Whoever says that it is theirs may go on, but not make them a colleague: they would sign in by the other address.
    let own = json!({ "user": { "email": "boss@example.com", "tags": ["vip"] } });
    assert_eq!(world.put(&format!("users/{id}"), own.clone()).await.status, 200);
    let again = world.post("users/create_or_update", own).await;
    assert_eq!(
        (again.status.as_u16(), &again.body["user"]["id"]),
        (200, &json!(id))
    );
    for (method, path) in [
        ("POST", "users/create_or_update".to_owned()),
        ("PUT", format!("users/{id}")),
    ] {
        let reply = world.call_as(ADMIN, method, &path, &[], Some(boss.clone())).await;
        assert_eq!(reply.status, 422, "{path}");
        assert!(reply.body["details"]["email"].is_array(), "{path}");
    }
    // One that was confirmed is theirs.
    let all = world.get(&format!("users/{id}/identities")).await.body["identities"].clone();
    let stray = all
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["value"] == "boss@example.com");
    let path = format!("users/{id}/identities/{}/verify", stray.unwrap()["id"]);
    world.put(&path, json!({})).await;
    let reply = world
        .call_as(ADMIN, "POST", "users/create_or_update", &[], Some(boss))
        .await;
    assert_eq!(
        (reply.status.as_u16(), &reply.body["user"]["role"]),
        (200, &json!("admin"))
    );
}

#[tokio::test]
async fn an_address_that_came_with_a_merge_or_with_somebody_new_names_them() {
    let world = World::new().await;
    let id = ann(&world).await;
    let lee = json!({ "user": { "name": "Lee", "email": "lee@example.com" } });
    let lee = world.post("users", lee).await.body["user"]["id"].clone();
    let into = json!({ "user": { "id": id } });
    assert_eq!(world.put(&format!("users/{lee}/merge"), into).await.status, 200);
    let both = json!({ "user": { "name": "Roger", "identities": [
        { "type": "email", "value": "roger@example.org" },
        { "type": "email", "value": "roger@work.example" },
    ] } });
    let roger = world.post("users", both).await.body["user"]["id"].clone();
    for (email, expected) in [("lee@example.com", json!(id)), ("roger@work.example", roger)] {
        let body = json!({ "user": { "email": email, "notes": "called" } });
        let reply = world.post("users/create_or_update", body).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.body["user"]["id"]),
            (200, &expected),
            "{email}"
        );
    }
}
