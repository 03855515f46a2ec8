//! Every path that the vendor documents, and what it is here: `works`, `empty` (an empty list, or no such record, for what this desk does not have), `refused`
//! (with words), or `-` (no such path).

use crate::support::{ADMIN, World};
use http::StatusCode;
use serde_json::json;

const PATHS: &str = include_str!("../../../../tests/fixtures/api/documented-paths.tsv");
/// How many work at least.
const LEAST: usize = 220;

struct Documented {
    method: &'static str,
    path: &'static str,
    state: &'static str,
}

fn documented() -> impl Iterator<Item = Documented> {
    let lines = PATHS.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap();
        Documented {
            method: column(),
            path: column(),
            state: column(),
        }
    })
}

/// The path with an id of something for each of its places.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{target_type}" => "zen:user",
        "{source_type}" => "zen:ticket",
        "{object_type}" | "{incremental_resource}" => "tickets",
        part if part.starts_with('{') => "1",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether the table of who may does not know the resource.
fn is_named_by_nobody(body: &serde_json::Value) -> bool {
    let words = body["error"]["message"].as_str().unwrap_or_default();
    words.starts_with("Nobody may")
}

#[tokio::test]
async fn each_documented_path_is_what_the_list_says() {
    let world = World::new().await;
    let ticket = json!({ "ticket": { "subject": "One", "comment": { "body": "Hello" } } });
    world.as_admin("POST", "tickets", ticket).await;
    let mut wrong = Vec::new();
    for Documented { method, path, state } in documented() {
        let Some(rest) = path.strip_prefix("/api/v2/") else {
            continue;
        };
        let body = (method != "GET").then(|| json!({}));
        let reply = world.call_as(ADMIN, method, &filled(rest), &[], body).await;
        let is_there = reply.body["error"] != "InvalidEndpoint" && !is_named_by_nobody(&reply.body);
        let is_so = match state {
            // Nothing is searched in this world.
            "works" => {
                is_there
                    && (!reply.status.is_server_error() || reply.status == StatusCode::SERVICE_UNAVAILABLE)
            }
            "empty" => is_there && matches!(reply.status, StatusCode::OK | StatusCode::NOT_FOUND),
            "refused" => is_there && reply.status.is_client_error(),
            _ => !is_there,
        };
        if !is_so {
            wrong.push(format!(
                "{method} {path}: {state}, but answers {} {}",
                reply.status, reply.body
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn so_many_documented_paths_work() {
    let works = documented().filter(|path| path.state == "works").count();
    assert!(works >= LEAST, "{works}");
}
