//! What users of other desks' APIs reported.

use crate::support::{ADMIN, BO, World};
use docket_desk::{HeldContact, Preview};
use docket_domain::{
    TicketNumber,
    contact::{comment::AuthorRole, intake::HoldReason},
};
use http::StatusCode;
use serde_json::{Value, json};

async fn make(world: &World, ticket: Value) -> (StatusCode, Value) {
    let body = json!({ "ticket": ticket });
    let reply = world.call_as(BO, "POST", "tickets.json", &[], Some(body)).await;
    (reply.status, reply.body)
}

fn eves() -> Value {
    json!({ "subject": "x", "comment": { "body": "It burns." }, "requester": { "name": "Eve", "email": "eve@example.com" } })
}

#[tokio::test]
async fn a_ticket_made_for_a_customer_is_their_own_contact() {
    let world = World::new().await;
    let (status, _) = make(&world, eves()).await;
    assert_eq!(status, StatusCode::CREATED);
    let file = world.desk.tickets().file(TicketNumber(1)).await.unwrap().unwrap();
    assert_eq!(file.comments[0].author, file.ticket.requester);
    assert_eq!(file.comments[0].role, AuthorRole::Requester);
    let is_reply = |item: &docket_domain::outbox::OutboxItem| format!("{:?}", item.work).contains("Reply");
    assert!(
        !file.outbox.iter().any(is_reply),
        "nobody is sent their own words: {:?}",
        file.outbox
    );
    // Whose words they are can be said.
    let mut by_agent = eves();
    by_agent["submitter_id"] = json!(2);
    make(&world, by_agent).await;
    let file = world.desk.tickets().file(TicketNumber(2)).await.unwrap().unwrap();
    assert_eq!(file.comments[0].role, AuthorRole::Agent);
    assert!(file.outbox.iter().any(is_reply));
}

#[tokio::test]
async fn a_mailbox_of_the_desk_asks_for_nothing() {
    let world = World::new().await;
    let mut ticket = eves();
    ticket["requester"]["email"] = json!("Support@in.example.com");
    let (status, body) = make(&world, ticket).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.to_string().contains("is a mailbox of this desk"), "{body}");
}

#[tokio::test]
async fn true_may_be_a_text() {
    let world = World::new().await;
    make(&world, eves()).await;
    let stamp = world.get("tickets/1.json").await.body["ticket"]["updated_at"].clone();
    let change = |safe: Value, stamp: &Value| json!({ "ticket": { "tags": ["t"], "safe_update": safe, "updated_stamp": stamp } });
    let put = async |body| {
        world
            .call_as(BO, "PUT", "tickets/1.json", &[], Some(body))
            .await
            .status
    };
    assert_eq!(
        put(change(json!("true"), &json!("2020-01-01T00:00:00Z"))).await,
        StatusCode::CONFLICT
    );
    assert_eq!(put(change(json!("true"), &stamp)).await, StatusCode::OK);
    assert_eq!(
        put(change(json!("perhaps"), &stamp)).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_filter_works_or_is_refused_and_a_path_is_there_or_not() {
    let world = World::new().await;
    make(&world, eves()).await;
    for path in [
        "tickets.json?requester_id=7",
        "tickets.json?sort_by=assignee.name",
    ] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(reply.body["error"], "RecordInvalid", "{path}");
    }
    let user = json!({ "user": { "name": "Kim", "external_id": "crm-7" } });
    world.as_admin("POST", "users.json", user).await;
    for (id, count) in [("crm-7", 1), ("crm-8", 0)] {
        let reply = world.get(&format!("users.json?external_id={id}")).await;
        assert_eq!(reply.body["count"], count, "{id}");
        assert_eq!(reply.body["users"].as_array().unwrap().len(), count, "{id}");
    }
    for path in ["tickets/nonsense", "users/x/identities.json", "nothing.json"] {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn what_is_sent_is_kept_or_refused() {
    let world = World::new().await;
    let mut ticket = eves();
    ticket["custom_fields"] = json!([{ "id": 1, "value": "x" }]);
    let (status, body) = make(&world, ticket).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body["details"]["custom_fields.1"].is_array(), "{body}");
    let mut ticket = eves();
    (ticket["custom_fields"], ticket["external_id"]) = (json!([]), json!("crm-1"));
    assert_eq!(make(&world, ticket).await.0, StatusCode::CREATED);
    let put = async |ticket: Value| {
        let body = json!({ "ticket": ticket });
        world.call_as(BO, "PUT", "tickets/1.json", &[], Some(body)).await
    };
    for (field, value) in [
        ("requester_id", json!(1)),
        ("due_at", json!("2030-01-01T00:00:00Z")),
    ] {
        let reply = put(json!({ field: value })).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(reply.body["details"][field].is_array(), "{}", reply.body);
    }
    // A client that sends back what it read is not refused.
    let read = world.get("tickets/1.json").await.body["ticket"].clone();
    let reply = put(read).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let user = json!({ "user": { "details": "3rd floor", "notes": "likes mail" } });
    world.as_admin("PUT", "users/4.json", user).await;
    let user = world.get("users/4.json").await.body["user"].clone();
    assert_eq!(
        (&user["details"], &user["notes"]),
        (&json!("3rd floor"), &json!("likes mail"))
    );
}

#[tokio::test]
async fn answers_are_kept_by_nobody_and_taken_for_nothing_else() {
    let world = World::new().await;
    for path in ["users/me.json", "nothing.json"] {
        let reply = world.get(path).await;
        assert_eq!(reply.headers["cache-control"], "no-store", "{path}");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn a_token_is_its_owners_and_makes_nobody_else_of_them() {
    let world = World::new().await;
    // Bo's token, with the admin's address.
    world.get("users/me.json").await;
    let credentials = |email: &str| {
        use base64::Engine as _;
        let text = format!("{email}/token:token-of-2");
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
    };
    let me = async |email: &str| {
        let request = http::Request::get("/api/v2/users/me.json").header("authorization", credentials(email));
        world.send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(me(BO).await.body["user"]["id"], 2);
    assert_eq!(me(ADMIN).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(me("nobody@example.com").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_original_of_quarantined_mail_is_an_admins() {
    let world = World::new().await;
    for (id, reason) in [(1, HoldReason::Virus), (2, HoldReason::Spam)] {
        let held = HeldContact {
            id,
            v: 1,
            at: world.desk.now(),
            accepted_at: None,
            reason,
            detail: String::new(),
            mailbox: "support@in.example.com".to_owned(),
            ses_id: "m1".to_owned(),
            stored_at: "mail/main/2026/03/02/m1".to_owned(),
            preview: Preview::default(),
            resolution: None,
        };
        let write = world.desk.held().write(&held).unwrap();
        world.desk.commit_writes(vec![], vec![write]).await.unwrap();
    }
    // Nothing lies there; what counts is who is turned away before that is looked up.
    for (who, id, is_refused) in [(BO, 1, true), (ADMIN, 1, false), (BO, 2, false)] {
        let path = format!("suspended_tickets/{id}/original");
        let reply = world.call_as(who, "GET", &path, &[], None).await;
        let found = reply.status == StatusCode::FORBIDDEN;
        assert_eq!(found, is_refused, "{who:?} {id}: {:?}", reply.body);
    }
}

#[tokio::test]
async fn a_control_character_is_a_bad_request_with_its_path() {
    let world = World::new().await;
    let mut ticket = eves();
    ticket["comment"]["body"] = json!("It \u{1b}[2Jburns.");
    let (status, body) = make(&world, ticket).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let words = "ticket.comment.body has the control character U+001B.";
    assert_eq!(body["description"], words, "{body}");
    assert!(
        world
            .desk
            .tickets()
            .file(TicketNumber(1))
            .await
            .unwrap()
            .is_none()
    );
}
