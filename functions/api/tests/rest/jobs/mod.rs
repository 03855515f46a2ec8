//! Bulk calls: what each answers, and what it did once its job is over.

mod again;
mod calls;
mod macros;
mod rows;

use crate::support::{ADMIN, Reply, World};
use api::{TakenUp, take_up};
use docket_domain::job::JobId;
use serde_json::Value;

/// A call of an admin, taken.
pub async fn bulk(world: &World, method: &str, path: &str, body: Value) -> Reply {
    let reply = world.call_as(ADMIN, method, path, &[], Some(body)).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    reply
}

fn id_of(reply: &Reply) -> JobId {
    JobId::parse(reply.body["job_status"]["id"].as_str().unwrap()).unwrap()
}

/// Does the rows of a job, as its function does; how it stands then.
pub async fn done(world: &World, reply: &Reply) -> Value {
    let id = id_of(reply);
    while take_up(&world.desk, &id).await.unwrap() == TakenUp::GoesOn {}
    let shown = world.get(&format!("job_statuses/{id}.json")).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    shown.body["job_status"].clone()
}
