use crate::support::{BO, World, anns_ticket};
use docket_domain::{
    RuleId,
    rule::{Anchor, Rule, RuleAction, RuleKind, Timing},
    sla::{Book, BookError},
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_ticket_is_answered_with_ticket_and_audit() {
    let world = World::new().await;
    let reply = world.post("tickets.json", anns_ticket("Parcel")).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.headers["content-type"], "application/json");
    let ticket = &reply.body["ticket"];
    assert_eq!(ticket["subject"], "Parcel");
    assert_eq!(ticket["description"], "We are looking into it.");
    assert_eq!(ticket["status"], "new");
    assert_eq!(ticket["url"], "https://desk.example.com/api/v2/tickets/1.json");
    assert_eq!(ticket["created_at"], "2026-03-02T12:00:00Z");
    assert_eq!(reply.body["audit"]["id"], 100_001);
    assert_eq!(reply.body["audit"]["ticket_id"], 1);
}

#[tokio::test]
async fn an_agents_first_public_comment_goes_to_the_requester_by_mail() {
    let world = World::new().await;
    let number = world.ticket("Parcel").await;
    let file = world
        .desk
        .tickets()
        .file(docket_domain::TicketNumber(number))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(file.outbox.len(), 1);
    let audits = world.get("tickets/1/audits.json").await.body;
    let told = audits["audits"][0]["events"].as_array().unwrap();
    let mail = told.iter().find(|event| event["type"] == "Notification").unwrap();
    assert_eq!(mail["purpose"], "reply");
    assert_eq!(mail["recipients"], json!([file.ticket.requester]));
}

#[tokio::test]
async fn a_requesters_own_words_are_acknowledged() {
    let world = World::new().await;
    let body = json!({ "user": { "name": "Ann", "email": "ann@example.com" } });
    let ann = world.post("users", body).await.body["user"]["id"].clone();
    let body =
        json!({ "ticket": { "comment": { "body": "Where is it?", "author_id": ann }, "requester_id": ann } });
    let reply = world.post("tickets", body).await.body;
    assert_eq!(reply["ticket"]["submitter_id"], ann);
    assert_eq!(reply["ticket"]["subject"], "Where is it?");
    assert_eq!(reply["audit"]["author_id"], ann);
    let told = reply["audit"]["events"].as_array().unwrap();
    assert!(told.iter().any(|event| event["purpose"] == "acknowledgement"));
}

#[tokio::test]
async fn status_assignee_and_group_of_a_new_ticket_are_part_of_its_one_save() {
    let world = World::new().await;
    let mut body = anns_ticket("Parcel");
    body["ticket"]["status"] = json!("pending");
    body["ticket"]["assignee_email"] = json!(BO);
    body["ticket"]["group_id"] = json!(1);
    body["ticket"]["priority"] = json!("high");
    body["ticket"]["type"] = json!("question");
    body["ticket"]["tags"] = json!(["vip", "parcel"]);
    body["ticket"]["external_id"] = json!("order-7");
    world.post("tickets", body).await;
    let ticket = world.get("tickets/1").await.body["ticket"].clone();
    assert_eq!(
        [
            &ticket["status"],
            &ticket["assignee_id"],
            &ticket["group_id"],
            &ticket["priority"],
            &ticket["type"]
        ],
        [
            &json!("pending"),
            &json!(2),
            &json!(1),
            &json!("high"),
            &json!("question")
        ]
    );
    assert_eq!(ticket["tags"], json!(["parcel", "vip"]));
    assert_eq!(ticket["external_id"], "order-7");
    assert_eq!(world.get("tickets/1/audits").await.body["count"], 1);
}

#[tokio::test]
async fn a_ticket_that_may_not_be_so_is_not_made() {
    let world = World::new().await;
    let mut body = anns_ticket("Parcel");
    body["ticket"]["status"] = json!("closed");
    let reply = world.post("tickets", body).await;
    assert_eq!(reply.status, 422);
    assert!(reply.body["details"]["status"].is_array());
    assert_eq!(world.get("tickets/1").await.status, 404);
}

#[tokio::test]
async fn an_agent_answers_and_solves_in_one_save() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    world.advance(60);
    let body =
        json!({ "ticket": { "status": "solved", "comment": { "html_body": "<p>Done &amp; dusted</p>" } } });
    let reply = world.put("tickets/1.json", body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["ticket"]["status"], "solved");
    assert_eq!(reply.body["ticket"]["assignee_id"], 2);
    assert_eq!(reply.body["ticket"]["updated_at"], "2026-03-02T12:01:00Z");
    let kinds: Vec<_> = reply.body["audit"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["Comment", "Notification", "Change", "Change", "DocketSla"]
    );
    let comments = world.get("tickets/1/comments").await.body;
    assert_eq!(comments["comments"][1]["plain_body"], "Done & dusted");
}

#[tokio::test]
async fn an_internal_note_is_not_mailed() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let body = json!({ "ticket": { "comment": { "body": "He called.", "public": false } } });
    let reply = world.put("tickets/1", body).await.body;
    let events = reply["audit"]["events"].as_array().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["public"], false);
}

#[tokio::test]
async fn the_requesters_words_reopen_a_solved_ticket() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    world
        .put("tickets/1", json!({ "ticket": { "status": "solved" } }))
        .await;
    let requester = world.get("tickets/1").await.body["ticket"]["requester_id"].clone();
    let body = json!({ "ticket": { "comment": { "body": "Not yet!", "author_id": requester } } });
    let reply = world.put("tickets/1", body).await.body;
    assert_eq!(reply["ticket"]["status"], "open");
}

#[tokio::test]
async fn the_words_of_others_stay_inside() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let body = json!({ "user": { "name": "Zoe", "email": "zoe@example.com" } });
    let zoe = world.post("users", body).await.body["user"]["id"].clone();
    let body = json!({ "ticket": { "comment": { "body": "I know him.", "author_id": zoe } } });
    world.put("tickets/1", body).await;
    let comments = world.get("tickets/1/comments?sort_order=desc").await.body;
    assert_eq!(comments["comments"][0]["author_id"], zoe);
    assert_eq!(comments["comments"][0]["public"], false);
}

#[tokio::test]
async fn null_takes_the_assignee_away() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let assignee = async |value: Value| {
        let body = json!({ "ticket": { "assignee_id": value } });
        world.put("tickets/1", body).await.body["ticket"]["assignee_id"].clone()
    };
    assert_eq!(assignee(json!(3)).await, 3);
    assert_eq!(assignee(Value::Null).await, Value::Null);
}

#[tokio::test]
async fn tags_are_replaced_added_and_taken_away() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let tags = async |fields: Value| {
        world.put("tickets/1", json!({ "ticket": fields })).await.body["ticket"]["tags"].clone()
    };
    assert_eq!(tags(json!({ "tags": ["a", "b"] })).await, json!(["a", "b"]));
    assert_eq!(
        tags(json!({ "additional_tags": ["c"] })).await,
        json!(["a", "b", "c"])
    );
    assert_eq!(tags(json!({ "remove_tags": ["a"] })).await, json!(["b", "c"]));
    assert_eq!(tags(json!({ "tags": [] })).await, json!([]));
}

#[tokio::test]
async fn a_safe_update_of_what_was_changed_since_is_a_conflict() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let seen = world.get("tickets/1").await.body["ticket"]["updated_at"].clone();
    let safe = json!({ "ticket": { "subject": "Lost parcel", "safe_update": true, "updated_stamp": seen } });
    world.advance(5);
    assert_eq!(world.put("tickets/1", safe.clone()).await.status, 200);
    let mut late = safe;
    late["ticket"]["subject"] = json!("Found parcel");
    let reply = world.put("tickets/1", late).await;
    assert_eq!(reply.status, 409);
    assert_eq!(reply.body["error"], "UpdateConflict");
}

#[tokio::test]
async fn an_update_that_changes_nothing_is_an_audit_without_events() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let reply = world
        .put("tickets/1", json!({ "ticket": { "subject": "Parcel" } }))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["audit"]["events"], json!([]));
}

#[tokio::test]
async fn an_audit_names_who_called_where_the_comment_names_another_agent() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let body = json!({ "ticket": { "comment": { "body": "Hello", "author_id": 3 } } });
    let audit = world.put("tickets/1", body).await.body["audit"].clone();
    assert_eq!(audit["author_id"], 2);
    assert_eq!(audit["events"][0]["author_id"], 3);
}

#[tokio::test]
async fn a_ticket_is_put_to_sleep_and_null_wakes_it() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    let sleep = |until: Value| json!({ "ticket": { "docket": { "snoozed_until": until } } });
    let until = json!("2026-03-05T09:00:00Z");
    let reply = world.put("tickets/1.json", sleep(until.clone())).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["ticket"]["docket"]["snoozed_until"], until);
    // What is not said is left as it is.
    let reply = world
        .put(
            "tickets/1.json",
            json!({ "ticket": { "priority": "high", "docket": {} } }),
        )
        .await;
    assert_eq!(reply.body["ticket"]["docket"]["snoozed_until"], until);
    let reply = world.put("tickets/1.json", sleep(Value::Null)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        world.get("tickets/1").await.body["ticket"]["docket"]["snoozed_until"],
        Value::Null
    );
}

#[tokio::test]
async fn a_sleep_that_can_not_be_names_its_field() {
    let world = World::new().await;
    world.ticket("Parcel").await;
    for until in ["2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z", "tomorrow"] {
        let body = json!({ "ticket": { "docket": { "snoozed_until": until } } });
        let reply = world.put("tickets/1.json", body).await;
        assert_eq!(reply.status, 422, "{until}");
        assert!(
            reply.body["details"]["docket.snoozed_until"].is_array(),
            "{:?}",
            reply.body
        );
    }
    let solved = json!({ "ticket": { "status": "solved" } });
    world.put("tickets/1.json", solved).await;
    let body = json!({ "ticket": { "docket": { "snoozed_until": "2026-03-05T09:00:00Z" } } });
    assert_eq!(world.put("tickets/1.json", body).await.status, 422);
}

#[tokio::test]
async fn a_new_ticket_that_is_pending_at_once_may_be_one_that_an_automation_waits_on() {
    let world = World::new().await;
    let changed =
        world
            .desk
            .rules()
            .change_book(world.desk.by_system("a test"), vec![], |book: &mut Book| {
                book.rules.rules = vec![Rule {
                    id: RuleId(1),
                    kind: RuleKind::Automation,
                    name: "Asks again".to_owned(),
                    description: String::new(),
                    position: 1,
                    condition: r#"ticket.status == "pending""#.to_owned(),
                    actions: vec![RuleAction::AddTags(vec!["asked".to_owned()])],
                    is_last: false,
                    budget: 10,
                    is_active: true,
                    timing: Some(Timing {
                        after_seconds: 3 * 86_400,
                        since: Anchor::AgentWrote,
                    }),
                }];
                Ok::<_, BookError>(())
            });
    changed.await.unwrap();
    world.advance(60);
    let ticket = json!({ "ticket": { "subject": "x", "status": "pending", "comment": { "body": "y" } } });
    let reply = world.post("tickets", ticket).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(reply.body["ticket"]["status"], "pending");
}
