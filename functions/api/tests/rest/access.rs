//! Who may do what, as one matrix: `access.txt` names each path with the least that somebody has to be. The paths are read from the
//! code, so one that the matrix does not name fails here.

use crate::support::{ADMIN, BO, Reply, World};
use axum::body::Body;
use http::Request;
use serde_json::json;
use std::{collections::BTreeSet, fs, path::Path};

const MATRIX: &str = include_str!("access.txt");
/// The methods that paths are given.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// What stands for `{path}` where paths of several kinds of rules are made at once.
const RULES: [&str; 4] = ["routing/rules", "triggers", "automations", "macros"];
/// What stands for it where definitions of fields are.
const FIELDS: [&str; 3] = ["ticket_fields", "user_fields", "organization_fields"];
/// Callers, each with more rights than the one before.
const CALLERS: [&str; 4] = ["stranger", "customer", "agent", "admin"];
const ANN: &str = "ann@example.com";
const SUE: &str = "sue@example.com";

/// All routes that the code has, as `METHOD /path`.
fn routes() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                routes.extend(routes_in(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    routes
}

fn routes_in(source: &str) -> Vec<String> {
    let kinds: &[&str] = match () {
        () if source.contains("FieldsOf") => &FIELDS,
        // What is done to many at once: not to the rules of routing.
        () if source.contains("many::search") => &RULES[1..],
        () => &RULES,
    };
    let mut found = Vec::new();
    for (at, _) in source.match_indices(".route(") {
        let inner = balanced(&source[at + ".route(".len()..]);
        let mut quoted = inner.splitn(3, '"').skip(1);
        let (Some(path), Some(handlers)) = (quoted.next(), quoted.next()) else {
            continue;
        };
        let paths: Vec<String> = match inner.trim_start().starts_with("&format!") {
            true => kinds
                .iter()
                .map(|kind| path.replace("{path}", kind).replace("{{", "{").replace("}}", "}"))
                .collect(),
            false => vec![path.to_owned()],
        };
        for method in METHODS {
            let is_called = handlers.match_indices(&format!("{method}(")).any(|(at, _)| {
                let before = handlers[..at].chars().next_back();
                before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
            });
            if is_called {
                found.extend(
                    paths
                        .iter()
                        .map(|path| format!("{} {path}", method.to_uppercase())),
                );
            }
        }
    }
    found
}

/// The text up to the parenthesis that closes it.
fn balanced(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

/// The least that somebody has to be, and for what.
fn matrix() -> Vec<(&'static str, &'static str)> {
    let lines = MATRIX
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').unwrap()).collect()
}

#[test]
fn each_path_stands_in_the_matrix_and_no_other() {
    let named: BTreeSet<String> = matrix().into_iter().map(|(_, route)| route.to_owned()).collect();
    let routes = routes();
    let missing: Vec<&String> = routes.difference(&named).collect();
    assert!(
        missing.is_empty(),
        "say in tests/rest/access.txt who may: {missing:#?}"
    );
    let gone: Vec<&String> = named.difference(&routes).collect();
    assert!(gone.is_empty(), "there is no such path: {gone:#?}");
}

async fn call(world: &World, caller: &str, method: &str, path: &str) -> Reply {
    let body = (method != "GET").then(|| json!({}));
    match caller {
        "stranger" => {
            let request = Request::builder().method(method).uri(format!("/api/v2{path}"));
            let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
            world.send(request.body(body).unwrap()).await
        }
        email => world.call_as(email, method, &path[1..], &[], body).await,
    }
}

#[tokio::test]
async fn whoever_is_less_than_the_matrix_says_is_refused_and_nobody_else() {
    let world = World::new().await;
    world.ticket("One").await;
    for email in [ANN, SUE] {
        let body = json!({ "user": { "name": email, "email": email } });
        world.post("users/create_or_update", body).await;
    }
    let sue = world.get("users").await.body["users"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()["id"]
        .clone();
    world
        .put(&format!("users/{sue}"), json!({ "user": { "suspended": true } }))
        .await;
    let mut wrong = Vec::new();
    for (least, route) in matrix() {
        // What depends on the record as well as on the caller: an agent may do it to some.
        let (least, depends) = least
            .strip_suffix('~')
            .map_or((least, false), |least| (least, true));
        let least = CALLERS.iter().position(|caller| *caller == least).unwrap();
        let (method, pattern) = route.split_once(' ').unwrap();
        let path = filled(pattern);
        let suspended = call(&world, SUE, method, &path).await.status;
        if suspended != 403 {
            wrong.push(format!("{route}: {suspended} for somebody suspended"));
        }
        for (rank, who) in ["stranger", ANN, BO, ADMIN].into_iter().enumerate() {
            let reply = call(&world, who, method, &path).await;
            let refused = matches!(reply.status.as_u16(), 401 | 403);
            let is_right = match rank < least {
                true => reply.status == if rank == 0 { 401 } else { 403 },
                false => !reply.status.is_server_error() && (!refused || depends) || reply.status == 503,
            };
            if !is_right {
                wrong.push(format!(
                    "{route}: {} for {}: {}",
                    reply.status, CALLERS[rank], reply.body
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A path with numbers in place of its parameters: ids of what is there, or of nothing.
fn filled(pattern: &str) -> String {
    let segment = |segment: &str| match segment.starts_with('{') {
        true => "1".to_owned(),
        false => segment.to_owned(),
    };
    pattern.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[test]
fn routes_are_read_from_the_code_as_it_is_written() {
    let source = r#"
        .route("/a", get(a::list).post(a::target))
        .route(
            &format!("/{path}/{{id}}"),
            put(b::update).delete(forget(b)),
        )
    "#;
    let mut found = routes_in(source);
    found.truncate(4);
    assert_eq!(
        found,
        [
            "GET /a",
            "POST /a",
            "PUT /routing/rules/{id}",
            "PUT /triggers/{id}"
        ]
    );
}
