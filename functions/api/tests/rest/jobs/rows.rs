//! What rows of each kind do.

use super::{bulk, done, id_of};
use crate::support::{BO, World, anns_ticket};
use api::{TakenUp, take_up};
use serde_json::{Value, json};

/// A bulk call with its job done, of which nothing failed.
async fn all_done(world: &World, method: &str, path: &str, body: Value) -> Value {
    let reply = bulk(world, method, path, body).await;
    let job = done(world, &reply).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert_eq!(job["progress"], job["total"], "{job}");
    let rows = job["results"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["success"] == true), "{job}");
    job
}

fn ids(job: &Value) -> Vec<u64> {
    let rows = job["results"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

async fn tags(world: &World, ticket: u64) -> Value {
    let shown = world.get(&format!("tickets/{ticket}")).await;
    shown.body["ticket"]["tags"].clone()
}

#[tokio::test]
async fn tickets_are_made_each_by_itself_and_a_bad_one_stops_no_other() {
    let world = World::new().await;
    let rows: Vec<Value> = ["a", "b"]
        .map(|subject| anns_ticket(subject)["ticket"].clone())
        .into();
    let body = json!({ "tickets": [rows[0], { "subject": "no comment" }, rows[1]] });
    let reply = bulk(&world, "POST", "tickets/create_many.json", body).await;
    let begun = &reply.body["job_status"];
    assert_eq!(
        (&begun["status"], &begun["total"], &begun["progress"]),
        (&json!("queued"), &json!(3), &json!(0))
    );
    assert_eq!(
        (&begun["results"], &begun["message"]),
        (&Value::Null, &Value::Null)
    );
    let job = done(&world, &reply).await;
    assert_eq!(job["status"], "completed");
    assert_eq!(
        job["message"],
        "Completed at 2026-03-02 12:00:00 +0000; 1 of 3 failed"
    );
    assert_eq!(
        job["url"],
        format!(
            "https://desk.example.com/api/v2/job_statuses/{}.json",
            id_of(&reply)
        )
    );
    let results = job["results"].as_array().unwrap();
    let good = &results[2];
    assert_eq!(
        (&good["index"], &good["action"], &good["status"], &good["success"]),
        (&json!(2), &json!("create"), &json!("Created"), &json!(true))
    );
    let bad = &results[1];
    assert_eq!((&bad["index"], &bad["success"]), (&json!(1), &json!(false)));
    assert_eq!(
        (&bad["error"], &bad["details"]),
        (&json!("RecordInvalid"), &json!("Comment: cannot be blank"))
    );
    let made = world.get(&format!("tickets/{}", good["id"])).await;
    assert_eq!(made.body["ticket"]["subject"], "b");
    assert_eq!(world.get("tickets").await.body["count"], 2);
    // What is over is done no more.
    assert_eq!(take_up(&world.desk, &id_of(&reply)).await.unwrap(), TakenUp::Over);
    assert_eq!(world.get("tickets").await.body["count"], 2);
}

#[tokio::test]
async fn tickets_are_changed_alike_or_each_in_its_own_way() {
    let world = World::new().await;
    for subject in ["a", "b", "c"] {
        world.ticket(subject).await;
    }
    let alike = json!({ "ticket": { "additional_tags": ["seen"], "status": "pending" } });
    let job = all_done(&world, "PUT", "tickets/update_many.json?ids=1,2", alike).await;
    assert_eq!(
        job["results"][0],
        json!({ "id": 1, "index": 0, "action": "update", "status": "Updated", "success": true })
    );
    assert_eq!(ids(&job), [1, 2]);
    assert_eq!(tags(&world, 2).await, json!(["seen"]));
    assert_eq!(tags(&world, 3).await, json!([]));

    let each = json!({ "tickets": [
        { "id": 2, "subject": "other", "comment": { "body": "Two", "public": false } },
        { "id": "3", "priority": "urgent" },
        { "id": 99, "priority": "low" },
        { "priority": "low" },
        { "id": 1, "status": "odd" },
    ] });
    let reply = bulk(&world, "PUT", "tickets/update_many", each).await;
    let job = done(&world, &reply).await;
    let errors: Vec<&Value> = (0..5).map(|at| &job["results"][at]["error"]).collect();
    assert_eq!(
        errors,
        [
            &Value::Null,
            &Value::Null,
            &json!("RecordNotFound"),
            &json!("RecordInvalid"),
            &json!("RecordInvalid")
        ]
    );
    assert_eq!(job["results"][2]["id"], 99);
    let second = world.get("tickets/2").await.body["ticket"].clone();
    assert_eq!(
        (&second["subject"], &second["status"]),
        (&json!("other"), &json!("pending"))
    );
    assert_eq!(world.get("tickets/2/comments").await.body["count"], 2);
    assert_eq!(world.get("tickets/3").await.body["ticket"]["priority"], "urgent");
    assert_eq!(world.get("tickets/1").await.body["ticket"]["status"], "pending");
}

#[tokio::test]
async fn tickets_are_set_aside_brought_back_and_deleted_for_good() {
    let world = World::new().await;
    for subject in ["a", "b", "c"] {
        world.ticket(subject).await;
    }
    let job = all_done(&world, "DELETE", "tickets/destroy_many.json?ids=1,2,3", json!({})).await;
    assert_eq!(job["results"][2]["status"], "Deleted");
    assert_eq!(world.get("tickets").await.body["count"], 0);
    assert_eq!(world.get("deleted_tickets").await.body["count"], 3);

    let back = world
        .put("deleted_tickets/restore_many?ids=1,2,99", Value::Null)
        .await;
    assert_eq!((back.status.as_u16(), back.body), (200, Value::Null));
    assert_eq!(world.get("tickets").await.body["count"], 2);
    // The answer may have been lost: who asks again is told the same.
    assert_eq!(
        world
            .put("deleted_tickets/restore_many?ids=1,2", Value::Null)
            .await
            .status,
        200
    );
    assert_eq!(
        world
            .put("deleted_tickets/restore_many?ids=99", Value::Null)
            .await
            .status,
        404
    );

    let path = "deleted_tickets/destroy_many.json?ids=3";
    let refused = world.call_as(BO, "DELETE", path, &[], None).await;
    assert_eq!(refused.status, 403);
    all_done(&world, "DELETE", path, json!({})).await;
    assert_eq!(world.get("deleted_tickets").await.body["count"], 0);
    let path = "deleted_tickets/3/restore";
    assert_eq!(world.put(path, Value::Null).await.status, 404);
}

#[tokio::test]
async fn spam_is_set_aside_alone_and_by_many() {
    let world = World::new().await;
    for subject in ["a", "b", "c"] {
        world.ticket(subject).await;
    }
    let marked = world.put("tickets/1/mark_as_spam.json", Value::Null).await;
    assert_eq!((marked.status.as_u16(), marked.body), (200, Value::Null));
    assert_eq!(world.get("tickets/1").await.status, 404);
    assert_eq!(world.put("tickets/1/mark_as_spam", Value::Null).await.status, 404);
    let job = all_done(&world, "PUT", "tickets/mark_many_as_spam?ids=2,3", json!({})).await;
    assert_eq!(job["results"][0]["action"], "mark_as_spam");
    assert_eq!(world.get("deleted_tickets").await.body["count"], 3);
}

#[tokio::test]
async fn people_are_made_and_changed_by_many() {
    let world = World::new().await;
    let users = json!({ "users": [
        { "name": "Dee", "email": "dee@example.com", "external_id": "d-1" },
        { "name": "Eli" },
        { "name": "Bo again", "email": BO },
    ] });
    let reply = bulk(&world, "POST", "users/create_many.json", users).await;
    let job = done(&world, &reply).await;
    let (dee, eli) = (&job["results"][0]["id"], &job["results"][1]["id"]);
    assert_eq!(
        job["results"][2]["details"],
        "Email: is already used by another user"
    );
    let shown = async |id: &Value| world.get(&format!("users/{id}")).await.body["user"].clone();
    assert_eq!(shown(eli).await["name"], "Eli");

    let notes = json!({ "user": { "notes": "A regular" } });
    let path = format!("users/update_many?ids={dee},{eli}");
    all_done(&world, "PUT", &path, notes).await;
    assert_eq!(shown(eli).await["notes"], "A regular");
    let details = json!({ "user": { "details": "By the sea" } });
    let job = all_done(&world, "PUT", "users/update_many?external_ids=d-1", details).await;
    assert_eq!(&job["results"][0]["id"], dee);
    assert_eq!(shown(dee).await["details"], "By the sea");
    let each =
        json!({ "users": [{ "id": eli, "name": "Elias" }, { "external_id": "d-1", "name": "Deirdre" }] });
    all_done(&world, "PUT", "users/update_many.json", each).await;
    assert_eq!(shown(eli).await["name"], "Elias");
    assert_eq!(shown(dee).await["name"], "Deirdre");

    let both = json!({ "users": [
        { "email": "dee@example.com", "phone": "+1 555 0100" },
        { "name": "Fay", "email": "fay@example.com" },
    ] });
    let job = all_done(&world, "POST", "users/create_or_update_many", both).await;
    let rows = &job["results"];
    assert_eq!((&rows[0]["status"], &rows[0]["id"]), (&json!("Updated"), dee));
    assert_eq!(
        (&rows[1]["status"], &rows[1]["action"]),
        (&json!("Created"), &json!("create"))
    );
    assert_eq!(shown(&rows[1]["id"]).await["email"], "fay@example.com");
    assert_eq!(shown(dee).await["phone"], "+1 555 0100");
}

#[tokio::test]
async fn organizations_are_made_changed_and_taken_away_by_many() {
    let world = World::new().await;
    let made = json!({ "organizations": [{ "name": "Acme", "external_id": "a" }, { "name": "Bolt" }, { "name": "Cog" }] });
    let path = "organizations/create_many.json";
    let refused = world.post(path, made.clone()).await;
    assert_eq!(refused.status, 403);
    let job = all_done(&world, "POST", path, made).await;
    let [acme, bolt, cog] = ids(&job)[..] else {
        panic!("{job}")
    };
    let notes = json!({ "organization": { "notes": "Pays" } });
    let path = format!("organizations/update_many?ids={acme},{bolt}");
    all_done(&world, "PUT", &path, notes).await;
    let each = json!({ "organizations": [{ "id": cog, "details": "Wheels" }, { "external_id": "a", "tags": ["vip"] }] });
    all_done(&world, "PUT", "organizations/update_many", each).await;
    let shown = async |id: u64| world.get(&format!("organizations/{id}")).await.body["organization"].clone();
    let first = shown(acme).await;
    assert_eq!(
        (&first["notes"], &first["tags"]),
        (&json!("Pays"), &json!(["vip"]))
    );
    assert_eq!(shown(cog).await["details"], "Wheels");
    let path = format!("organizations/destroy_many.json?ids={bolt},{cog}");
    all_done(&world, "DELETE", &path, json!({})).await;
    all_done(
        &world,
        "DELETE",
        "organizations/destroy_many?external_ids=a",
        json!({}),
    )
    .await;
    assert_eq!(world.get("organizations").await.body["count"], 0);
}

#[tokio::test]
async fn memberships_are_made_and_taken_away_by_many() {
    let world = World::new().await;
    let group = world
        .as_admin("POST", "groups", json!({ "group": { "name": "Second" } }))
        .await;
    let group = &group["group"]["id"];
    let made = json!({ "group_memberships": [
        { "user_id": 2, "group_id": group }, { "user_id": 3, "group_id": group },
    ] });
    let job = all_done(&world, "POST", "group_memberships/create_many.json", made).await;
    let path = format!("groups/{group}/memberships");
    assert_eq!(world.get(&path).await.body["count"], 2);
    let named = ids(&job);
    let gone = format!(
        "group_memberships/destroy_many.json?ids={},{},77",
        named[0], named[1]
    );
    let reply = bulk(&world, "DELETE", &gone, json!({})).await;
    let job = done(&world, &reply).await;
    let good: Vec<&Value> = (0..3).map(|at| &job["results"][at]["success"]).collect();
    assert_eq!(good, [&json!(true), &json!(true), &json!(false)]);
    assert_eq!(world.get(&path).await.body["count"], 0);
}
