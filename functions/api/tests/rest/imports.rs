//! Tickets of another system come in as they stood there, and nothing follows from it.

use crate::support::{ADMIN, Reply, World};
use docket_domain::{TicketNumber, ticket::Actor};
use http::StatusCode;
use serde_json::{Value, json};

async fn import(world: &World, ticket: Value, headers: &[(&str, &str)]) -> Reply {
    world
        .call_as(
            ADMIN,
            "POST",
            "imports/tickets.json",
            headers,
            Some(json!({ "ticket": ticket })),
        )
        .await
}

fn solved() -> Value {
    json!({
        "subject": "Of then",
        "requester": { "name": "Ann", "email": "ann@example.com" },
        "assignee_id": 2,
        "status": "solved",
        "priority": "urgent",
        "tags": ["old"],
        "external_id": "Z-17",
        "created_at": "2024-01-02T03:04:05Z",
        "solved_at": "2024-01-03T00:00:00Z",
        "updated_at": "2024-01-04T00:00:00Z",
        "comments": [
            { "author_id": 2, "value": "We answered.", "created_at": "2024-01-02T05:00:00Z" },
            { "value": "It burns.", "created_at": "2024-01-02T03:04:05Z" },
            { "author_id": 3, "html_body": "<p>Between <b>us</b></p>", "public": false, "created_at": "2024-01-03T06:00:00Z" },
        ],
    })
}

/// Rules that would act on each change, and a promise for each ticket.
async fn eager_desk() -> World {
    let world = World::new().await;
    let trigger = json!({ "trigger": {
        "title": "Eager",
        "conditions": { "all": [] },
        "actions": [{ "field": "current_tags", "value": "ran" }],
    } });
    world.as_admin("POST", "triggers", trigger).await;
    world
}

#[tokio::test]
async fn what_was_solved_there_keeps_its_times_and_nothing_follows() {
    let world = eager_desk().await;
    let reply = import(&world, solved(), &[]).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    let ticket = &reply.body["ticket"];
    let id = ticket["id"].as_u64().unwrap();
    assert_eq!(ticket["created_at"], "2024-01-02T03:04:05Z");
    assert_eq!(ticket["updated_at"], "2024-01-04T00:00:00Z");
    assert_eq!(ticket["docket"]["solved_at"], "2024-01-03T00:00:00Z");
    assert_eq!(
        (&ticket["status"], &ticket["tags"]),
        (&json!("solved"), &json!(["old"]))
    );
    assert_eq!(ticket["description"], "It burns.");
    let comments = world.get(&format!("tickets/{id}/comments")).await.body["comments"].clone();
    let told: Vec<_> = comments
        .as_array()
        .unwrap()
        .iter()
        .map(|comment| {
            (
                comment["body"].clone(),
                comment["created_at"].clone(),
                comment["public"].clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!("It burns."), json!("2024-01-02T03:04:05Z"), json!(true)),
            (json!("We answered."), json!("2024-01-02T05:00:00Z"), json!(true)),
            (json!("Between us"), json!("2024-01-03T06:00:00Z"), json!(false)),
        ]
    );
    let file = world
        .desk
        .tickets()
        .file(TicketNumber(id))
        .await
        .unwrap()
        .unwrap();
    assert!(file.outbox.is_empty());
    assert!(file.ticket.clocks.is_none());
    assert!(
        file.events
            .iter()
            .all(|event| matches!(event.actor, Actor::Import(_)))
    );
    let names: Vec<&str> = file.events.iter().map(|event| event.fact.name()).collect();
    assert_eq!(
        names,
        [
            "TicketCreated",
            "CommentAdded",
            "CommentAdded",
            "StatusChanged",
            "CommentAdded",
            "Imported"
        ]
    );
    assert!(file.ticket.close_due_at.is_some());
    let load = world
        .desk
        .agents()
        .load(docket_domain::PersonId(2))
        .await
        .unwrap();
    assert_eq!(load.map_or(0, |load| load.load_units), 0);
    let verified = world
        .desk
        .tickets()
        .verify(TicketNumber(id))
        .await
        .unwrap()
        .unwrap();
    assert!(verified.flaws.is_empty(), "{:?}", verified.flaws);
    // A change of here is one as any other.
    let changed = world.change(id, json!({ "priority": "low" })).await;
    assert_eq!(changed["updated_at"], "2026-03-02T12:00:00Z");
}

#[tokio::test]
async fn an_open_one_begins_for_the_clocks_when_it_comes() {
    let world = eager_desk().await;
    let mut ticket = solved();
    ticket["status"] = json!("pending");
    ticket["solved_at"] = Value::Null;
    let reply = import(&world, ticket, &[]).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    let id = reply.body["ticket"]["id"].as_u64().unwrap();
    let file = world
        .desk
        .tickets()
        .file(TicketNumber(id))
        .await
        .unwrap()
        .unwrap();
    assert!(file.outbox.is_empty());
    assert_eq!(file.ticket.updated_at, "2024-01-04T00:00:00Z".parse().unwrap());
    assert_eq!(file.ticket.wait, None, "nobody is reminded");
    let clocks = file.ticket.clocks.unwrap();
    let due = clocks.states.iter().filter_map(|state| state.due_at);
    assert!(due.min().is_none_or(|due| due > world.desk.now()));
    let load = world
        .desk
        .agents()
        .load(docket_domain::PersonId(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (load.load_units, load.override_units),
        (1, 1).map_units(file.ticket.weight)
    );
    let names: Vec<&str> = file.events.iter().map(|event| event.fact.name()).collect();
    assert!(
        !names
            .iter()
            .any(|name| ["Triaged", "RuleRan", "Assigned", "SlaBreached"].contains(name)),
        "{names:?}"
    );
}

trait MapUnits {
    fn map_units(self, weight: u32) -> Self;
}

impl MapUnits for (i64, i64) {
    fn map_units(self, weight: u32) -> Self {
        (self.0 * i64::from(weight), self.1 * i64::from(weight))
    }
}

#[tokio::test]
async fn one_that_came_before_is_left_as_it_is() {
    let world = World::new().await;
    let first = import(&world, solved(), &[("idempotency-key", "a")]).await;
    let again = import(&world, solved(), &[("idempotency-key", "a")]).await;
    assert_eq!(again.headers["x-idempotency-lookup"], "hit");
    assert_eq!(again.body["ticket"]["id"], first.body["ticket"]["id"]);
    let other_key = import(&world, solved(), &[("idempotency-key", "b")]).await;
    assert_eq!(other_key.status, StatusCode::OK);
    assert_eq!(other_key.body["ticket"]["id"], first.body["ticket"]["id"]);
    assert_eq!(world.get("tickets").await.body["count"], 1);
}

#[tokio::test]
async fn what_can_not_be_so_is_refused() {
    let world = World::new().await;
    let body = json!({ "ticket": solved() });
    assert_eq!(
        world.post("imports/tickets", body).await.status,
        StatusCode::FORBIDDEN,
        "admins only"
    );
    let with = |name: &str, value: Value| {
        let mut ticket = solved();
        ticket[name] = value;
        ticket
    };
    let comments: Vec<Value> = (0..81).map(|n| json!({ "value": format!("{n}") })).collect();
    for (ticket, field) in [
        (with("created_at", json!("2036-01-01T00:00:00Z")), "created_at"),
        (with("created_at", json!("soon")), "created_at"),
        (with("solved_at", json!("2023-01-01T00:00:00Z")), "solved_at"),
        (with("comments", json!([])), "comments"),
        (with("comments", json!(comments)), "comments"),
        (with("assignee_id", json!(99)), "assignee_id"),
        (
            with("via_followup_source_id", json!(99)),
            "via_followup_source_id",
        ),
    ] {
        let reply = import(&world, ticket, &[]).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}: {}",
            reply.body
        );
        assert!(reply.body["details"][field].is_array(), "{field}: {}", reply.body);
    }
    let most: Vec<Value> = (0..80).map(|n| json!({ "value": format!("{n}") })).collect();
    let reply = import(&world, with("comments", json!(most)), &[]).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
}

#[tokio::test]
async fn whoever_asked_is_nobodys_mailbox_and_keeps_their_language() {
    let world = World::new().await;
    let ticket = |email: &str| {
        json!({ "ticket": {
            "subject": "Old", "comments": [{ "value": "Hello" }],
            "requester": { "name": "Eve", "email": email, "locale": "fr" },
        } })
    };
    let path = "imports/tickets";
    let refused = world
        .call_as(ADMIN, "POST", path, &[], Some(ticket("support@in.example.com")))
        .await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let made = world.as_admin("POST", path, ticket("eve@example.com")).await;
    let eve = world
        .get(&format!("users/{}", made["ticket"]["requester_id"]))
        .await
        .body;
    assert_eq!(eve["user"]["locale"], "fr");
}

#[tokio::test]
async fn a_desk_began_before_what_was_imported_came_and_not_when_that_was_made() {
    let world = World::new().await;
    let began_at = world.desk.now();
    world.advance(3_600);
    assert_eq!(import(&world, solved(), &[]).await.status, StatusCode::CREATED);
    assert_eq!(world.desk.began_at().await.unwrap(), Some(began_at));
    // Once it is known it is not looked up again.
    world.aws.reset_calls();
    assert_eq!(world.desk.began_at().await.unwrap(), Some(began_at));
    let calls = world.aws.calls_by_actor();
    assert_eq!(calls.values().flat_map(|by| by.values()).sum::<u64>(), 0);
}
