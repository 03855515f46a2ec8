//! Rows that are done again: a worker died before it recorded them.

use super::{bulk, done, id_of};
use crate::support::World;
use serde_json::{Value, json};

/// A bulk call whose job is done twice; how each row ended the second time.
async fn twice(world: &World, method: &str, path: &str, body: Value) -> Vec<Value> {
    let reply = bulk(world, method, path, body).await;
    let id = id_of(&reply);
    let jobs = world.desk.jobs();
    let mut begun = jobs.get(&id).await.unwrap().unwrap();
    let first = done(world, &reply).await;
    let rows = first["results"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["success"] == true), "{first}");
    let over = jobs.get(&id).await.unwrap().unwrap();
    begun.v = over.v + 1;
    let writes = jobs.change_writes(&over, &begun).unwrap();
    world.desk.commit_writes(vec![], writes).await.unwrap();
    let second = done(world, &reply).await;
    assert_eq!(second["progress"], second["total"], "{second}");
    second["results"].as_array().unwrap().clone()
}

fn all_succeeded(rows: &[Value]) {
    assert!(rows.iter().all(|row| row["success"] == true), "{rows:?}");
}

async fn person(world: &World, name: &str) -> u64 {
    let body = json!({ "user": {
        "name": name, "email": format!("{name}@example.com"), "external_id": name,
    } });
    world.post("users", body).await.body["user"]["id"]
        .as_u64()
        .unwrap()
}

#[tokio::test]
async fn people_who_are_deleted_twice_are_deleted() {
    let world = World::new().await;
    let (ann, lee) = (person(&world, "ann").await, person(&world, "lee").await);
    let path = format!("users/destroy_many?ids={ann},{lee}");
    all_succeeded(&twice(&world, "DELETE", &path, json!({})).await);
    person(&world, "kim").await;
    let path = "users/destroy_many?external_ids=kim";
    all_succeeded(&twice(&world, "DELETE", path, json!({})).await);
    assert_eq!(world.get("deleted_users/count").await.body["count"]["value"], 3);
}

#[tokio::test]
async fn memberships_that_are_made_and_ended_twice_are_made_and_ended() {
    let world = World::new().await;
    let body = json!({ "organization": { "name": "Acme", "external_id": "acme" } });
    let acme = world.as_admin("POST", "organizations", body).await["organization"]["id"].clone();
    let (ann, lee) = (person(&world, "ann").await, person(&world, "lee").await);
    let rows = [ann, lee].map(|id| json!({ "user_id": id, "organization_id": acme }));
    let body = json!({ "organization_memberships": rows });
    let made = twice(&world, "POST", "organization_memberships/create_many", body).await;
    all_succeeded(&made);
    let path = format!("organizations/{acme}/organization_memberships");
    assert_eq!(world.get(&path).await.body["count"], 2);
    let ids: Vec<String> = made.iter().map(|row| row["id"].to_string()).collect();
    let gone = format!("organization_memberships/destroy_many?ids={}", ids.join(","));
    all_succeeded(&twice(&world, "DELETE", &gone, json!({})).await);
    assert_eq!(world.get(&path).await.body["count"], 0);
    let gone = "organizations/destroy_many?external_ids=acme";
    all_succeeded(&twice(&world, "DELETE", gone, json!({})).await);
}
