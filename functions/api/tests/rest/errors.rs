use crate::support::{BO, World, anns_ticket};
use axum::body::Body;
use embedded_aws::{Call, Fault, FaultPlan, Service};
use http::Request;
use serde_json::json;
use std::sync::Arc;

async fn with_authorization(world: &World, header: Option<&str>) -> (u16, serde_json::Value) {
    let mut request = Request::builder().uri("/api/v2/users/me.json");
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    let reply = world.send(request.body(Body::empty()).unwrap()).await;
    (reply.status.as_u16(), reply.body)
}

#[tokio::test]
async fn whoever_shows_nothing_known_is_not_let_in() {
    let world = World::new().await;
    let unknown = (401, json!({ "error": "Couldn't authenticate you" }));
    assert_eq!(with_authorization(&world, None).await, unknown);
    assert_eq!(with_authorization(&world, Some("Bearer wrong")).await, unknown);
    let reply = world
        .call_as("nobody@example.com", "GET", "users/me", &[], None)
        .await;
    assert_eq!((reply.status.as_u16(), reply.body), unknown);
}

#[tokio::test]
async fn a_bearer_token_stands_for_its_person() {
    let world = World::new().await;
    let (status, body) = with_authorization(&world, Some(&format!("Bearer {}", world.token))).await;
    assert_eq!((status, &body["user"]["name"]), (200, &json!("Ada Admin")));
}

#[tokio::test]
async fn an_end_user_may_not_call() {
    let world = World::new().await;
    world.ticket("a").await;
    let reply = world
        .call_as("ann@example.com", "GET", "tickets", &[], None)
        .await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.body["error"]["title"], "Forbidden");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::new().await;
    world.ticket("a").await;
    let not_found = json!({ "error": "RecordNotFound", "description": "Not found" });
    for path in [
        "tickets/9.json",
        "tickets/9/comments",
        "tickets/9/audits",
        "tickets/9/decisions",
        "tickets/1/audits/200001",
        "tickets/1/audits/100002",
        "users/99",
        "users/99/tickets/requested",
    ] {
        let reply = world.get(path).await;
        assert_eq!((reply.status.as_u16(), &reply.body), (404, &not_found), "{path}");
    }
    let reply = world.put("tickets/9", json!({ "ticket": {} })).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn a_path_or_method_that_is_none_is_not_found() {
    let world = World::new().await;
    assert_eq!(world.get("parcels.json").await.status, 404);
    let reply = world.call_as(BO, "DELETE", "tickets/1/comments", &[], None).await;
    assert_eq!(
        (reply.status.as_u16(), reply.body),
        (
            404,
            json!({ "error": "InvalidEndpoint", "description": "Not found" })
        )
    );
}

#[tokio::test]
async fn an_id_that_is_no_number_is_no_path() {
    let world = World::new().await;
    let reply = world.get("tickets/one.json").await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.body["error"], "InvalidEndpoint");
}

async fn raw(world: &World, body: Vec<u8>) -> crate::support::Reply {
    let request = Request::post("/api/v2/tickets.json")
        .header("authorization", format!("Bearer {}", world.token))
        .body(Body::from(body))
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn broken_json_is_a_bad_request() {
    let world = World::new().await;
    let reply = raw(&world, b"{\"ticket\":".to_vec()).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.body["error"]),
        (400, &json!("BadRequest"))
    );
}

#[tokio::test]
async fn a_body_of_one_byte_too_much_is_too_large() {
    let world = World::new().await;
    assert_eq!(raw(&world, vec![b' '; 1024 * 1024 + 1]).await.status, 413);
    assert_eq!(raw(&world, vec![b' '; 1024 * 1024]).await.status, 400);
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let world = World::new().await;
    for (field, value, named) in [
        ("priority", json!("soon"), "priority"),
        ("status", json!(3), "status"),
        (
            "comment",
            json!({ "body": "x", "public": "maybe" }),
            "comment.public",
        ),
        ("comment", json!({ "body": " " }), "comment.body"),
        (
            "comment",
            json!({ "body": "x", "author_id": 99 }),
            "comment.author_id",
        ),
        ("requester", json!({ "name": "Ann" }), "requester.email"),
        ("requester", json!({ "email": "ann" }), "requester.email"),
        ("requester_id", json!(99), "requester_id"),
        ("assignee_id", json!(99), "assignee_id"),
        ("group_id", json!(99), "group_id"),
        ("tags", json!(["x".repeat(41)]), "tags"),
        ("external_id", json!("x".repeat(256)), "external_id"),
        ("updated_stamp", json!("yesterday"), "updated_stamp"),
    ] {
        let mut body = anns_ticket("a");
        body["ticket"][field] = value;
        let reply = world.post("tickets", body).await;
        assert_eq!(reply.status, 422, "{field}");
        assert!(reply.body["details"][named].is_array(), "{named}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_closed_ticket_can_not_be_changed() {
    let world = World::new().await;
    world.ticket("a").await;
    for status in ["solved", "closed"] {
        let reply = world
            .put("tickets/1", json!({ "ticket": { "status": status } }))
            .await;
        assert_eq!(reply.body["ticket"]["status"], status);
    }
    let reply = world
        .put("tickets/1", json!({ "ticket": { "subject": "b" } }))
        .await;
    assert_eq!(reply.status, 422);
    assert!(reply.body["details"]["status"].is_array());
}

/// The store fails for calls of one kind.
struct Failing(Service, &'static str);

impl FaultPlan for Failing {
    fn plan(&self, call: &Call) -> Fault {
        if call.service == self.0 && call.operation == self.1 {
            Fault::FailBefore(503)
        } else {
            Fault::None
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_store_asks_to_come_again() {
    let world = World::new().await;
    world.ticket("a").await;
    let plan = Failing(Service::DynamoDb, "TransactWriteItems");
    world.aws.set_fault_plan(Some(Arc::new(plan)));
    let reply = world.post("tickets", anns_ticket("b")).await;
    assert_eq!(reply.status, 503);
    assert!(reply.headers.contains_key("retry-after"));
    assert_eq!(reply.body["error"], "ServiceUnavailable");
}

#[tokio::test]
async fn no_body_is_more_than_refused() {
    let world = World::new().await;
    world.ticket("a").await;
    let nested = format!("{{\"ticket\":{}", "[".repeat(100_000));
    let bodies = [
        "",
        "null",
        "[]",
        "\"x\"",
        "{\"ticket\":7,\"user\":7}",
        "{\"ticket\":{\"comment\":7},\"user\":{\"name\":{}}}",
        "{\"ticket\":{\"tags\":{\"a\":1}},\"user\":{\"tags\":{\"a\":1}}}",
        "{\"ticket\":{\"group_id\":1e30},\"user\":{\"role\":[]}}",
        "{\"ticket\":{\"assignee_id\":18446744073709551615},\"user\":{\"email\":\"@\"}}",
        "\u{0}",
        &nested,
    ];
    for (method, path) in [
        ("POST", "tickets"),
        ("PUT", "tickets/1"),
        ("POST", "users"),
        ("POST", "users/create_or_update"),
    ] {
        for body in bodies {
            let request = Request::builder()
                .method(method)
                .uri(format!("/api/v2/{path}"))
                .header("authorization", format!("Bearer {}", world.token))
                .body(Body::from(body.to_owned()))
                .unwrap();
            let status = world.send(request).await.status;
            assert!(
                status == 400 || status == 422,
                "{method} {path} {status}: {body:.60}"
            );
        }
    }
}
