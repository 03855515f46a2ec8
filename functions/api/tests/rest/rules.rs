//! Triggers, automations, macros and routing rules, as clients write them, and what they do.

use crate::support::{ADMIN, World};
use serde_json::{Value, json};

async fn write(world: &World, method: &str, path: &str, body: Value) -> (u16, Value) {
    let reply = world.call_as(ADMIN, method, path, &[], Some(body)).await;
    (reply.status.as_u16(), reply.body)
}

fn clause(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({ "field": field, "operator": operator, "value": value.into() })
}

fn action(field: &str, value: impl Into<Value>) -> Value {
    json!({ "field": field, "value": value.into() })
}

/// A trigger on a priority that goes up.
fn hot(title: &str) -> Value {
    json!({
        "title": title,
        "conditions": { "all": [clause("priority", "value", "urgent")], "any": [] },
        "actions": [action("current_tags", "hot burning"), action("type", "incident")],
    })
}

async fn trigger(world: &World, record: Value) -> Value {
    let (status, body) = write(world, "POST", "triggers.json", json!({ "trigger": record })).await;
    assert_eq!(status, 201, "{body}");
    body["trigger"].clone()
}

#[tokio::test]
async fn a_trigger_is_made_runs_is_changed_and_removed() {
    let world = World::new().await;
    let made = trigger(&world, hot("Hot")).await;
    assert_eq!(made["id"], 1);
    assert_eq!(made["url"], "https://desk.example.com/api/v2/triggers/1.json");
    assert_eq!((&made["active"], &made["position"]), (&json!(true), &json!(1)));
    assert_eq!(made["conditions"], hot("")["conditions"]);
    assert_eq!(made["actions"], hot("")["actions"]);
    assert_eq!(
        made["docket"]["condition"],
        r#"("priority" in event.changed && ticket.priority == "urgent")"#
    );

    let id = world.ticket("Printer").await;
    let changed = world.change(id, json!({ "priority": "urgent" })).await;
    assert_eq!(changed["tags"], json!(["burning", "hot"]));
    assert_eq!(changed["type"], "incident");
    let audits = world.get(&format!("tickets/{id}/audits")).await.body;
    let events: Vec<&Value> = audits["audits"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|audit| audit["events"].as_array().unwrap())
        .collect();
    let ran = events.iter().find(|event| event["type"] == "DocketRule").unwrap();
    assert_eq!((&ran["name"], &ran["rule_id"]), (&json!("Hot"), &json!(1)));
    assert_eq!(ran["reason"], "priority changed by agent");

    let off = json!({ "trigger": { "active": false } });
    let (status, body) = write(&world, "PUT", "triggers/1", off).await;
    assert_eq!((status, &body["trigger"]["active"]), (200, &json!(false)));
    assert_eq!(
        body["trigger"]["actions"], made["actions"],
        "what is not sent stays"
    );
    let other = world.ticket("Another").await;
    let unchanged = world.change(other, json!({ "priority": "urgent" })).await;
    assert_eq!(unchanged["tags"], json!([]));

    assert_eq!(world.get("triggers.json").await.body["count"], 1);
    assert_eq!(world.get("triggers/active.json").await.body["count"], 0);
    let gone = world.call_as(ADMIN, "DELETE", "triggers/1.json", &[], None).await;
    assert_eq!(gone.status, 204);
    assert_eq!(world.get("triggers/1").await.status, 404);
    assert_eq!(
        trigger(&world, hot("Hot")).await["id"],
        2,
        "an id is not given twice"
    );
}

#[tokio::test]
async fn a_rule_says_when_it_was_made_and_changed() {
    let world = World::new().await;
    for title in ["A", "B"] {
        trigger(&world, hot(title)).await;
        world.advance(60);
    }
    let renamed = json!({ "trigger": { "title": "C" } });
    let (_, changed) = write(&world, "PUT", "triggers/1", renamed).await;
    let times = |rule: &Value| (rule["created_at"].clone(), rule["updated_at"].clone());
    let first = (json!("2026-03-02T12:00:00Z"), json!("2026-03-02T12:02:00Z"));
    let second = (json!("2026-03-02T12:01:00Z"), json!("2026-03-02T12:01:00Z"));
    assert_eq!(times(&changed["trigger"]), first);
    let listed = world.get("triggers.json").await.body;
    let rows = listed["triggers"].as_array().unwrap();
    assert_eq!(rows.iter().map(times).collect::<Vec<_>>(), [first, second]);
}

#[tokio::test]
async fn a_rule_that_is_sent_back_as_it_was_shown_stays_as_it_is() {
    let world = World::new().await;
    let beyond = json!({
        "title": "Beyond the shape",
        "docket": {
            "condition": "requester.tier == \"gold\" && event.kind == \"comment_added\"",
            "actions": [
                { "kind": "add_tags", "value": ["gold"] },
                { "kind": "set_field", "value": { "name": "region", "value": "north" } },
            ],
            "budget": 3,
            "is_last": true,
        },
    });
    for record in [beyond, hot("Within")] {
        let made = trigger(&world, record).await;
        let id = made["id"].as_u64().unwrap();
        let (status, body) = write(
            &world,
            "PUT",
            &format!("triggers/{id}"),
            json!({ "trigger": made }),
        )
        .await;
        assert_eq!((status, &body["trigger"]), (200, &made));
    }
}

#[tokio::test]
async fn triggers_run_in_an_order_that_can_be_changed() {
    let world = World::new().await;
    for title in ["A", "B", "C"] {
        trigger(&world, hot(title)).await;
    }
    let order = json!({ "trigger_ids": [3, 1] });
    let (status, body) = write(&world, "PUT", "triggers/reorder.json", order).await;
    let titles: Vec<&str> = body["triggers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["title"].as_str().unwrap())
        .collect();
    assert_eq!((status, titles), (200, vec!["C", "A", "B"]));
    for wrong in [json!([9]), json!([1, 1]), json!([]), json!("1")] {
        let (status, _) = write(&world, "PUT", "triggers/reorder", json!({ "trigger_ids": wrong })).await;
        assert_eq!(status, 422);
    }
}

#[tokio::test]
async fn what_could_not_run_is_refused_at_its_field_and_nothing_changes() {
    let world = World::new().await;
    let with = |name: &str, value: Value| {
        let mut record = hot("Hot");
        record[name] = value;
        record
    };
    for (record, field) in [
        (with("title", json!(" ")), "title"),
        (
            with("actions", json!([action("group_id", "99")])),
            "actions[0].value",
        ),
        (
            with("actions", json!([action("brand_id", "1")])),
            "actions[0].field",
        ),
        (
            with("actions", json!([action("notification_user", "hello")])),
            "actions[0].value",
        ),
        (
            with("actions", json!([action("assignee_id", "current_user")])),
            "actions[0].value",
        ),
        (
            with(
                "actions",
                json!([action(
                    "notification_user",
                    json!(["requester_id", "s", "{{ ticket.secret }}"])
                )]),
            ),
            "actions",
        ),
        (
            with("conditions", json!({ "all": [clause("brand_id", "is", 1)] })),
            "conditions.all[0].field",
        ),
        (
            with("docket", json!({ "condition": "ticket.prio == 1" })),
            "docket.condition",
        ),
        (with("docket", json!({ "budget": 0 })), "docket.budget"),
    ] {
        let (status, body) = write(&world, "POST", "triggers", json!({ "trigger": record })).await;
        assert_eq!(status, 422, "{record}: {body}");
        let details = body["details"].as_object().unwrap();
        assert!(details.contains_key(field), "{record}: {body}");
    }
    assert_eq!(world.get("triggers").await.body["count"], 0);
    trigger(&world, hot("Hot")).await;
    let (status, body) = write(&world, "POST", "triggers", json!({ "trigger": hot("Hot") })).await;
    assert_eq!(status, 422, "{body}");
    let reply = world
        .post("triggers", json!({ "trigger": hot("By an agent") }))
        .await;
    assert_eq!(reply.status, 403);
}

#[tokio::test]
async fn an_automation_is_written_in_hours() {
    let world = World::new().await;
    let record = json!({
        "title": "Silence",
        "conditions": { "all": [clause("PENDING", "greater_than", "48")], "any": [] },
        "actions": [action("status", "solved"), action("current_tags", "silent")],
    });
    let (status, body) = write(&world, "POST", "automations", json!({ "automation": record })).await;
    assert_eq!(status, 201, "{body}");
    let made = &body["automation"];
    assert_eq!(
        made["conditions"]["all"],
        json!([
            clause("PENDING", "greater_than", "48"),
            clause("status", "is", "pending")
        ])
    );
    assert_eq!(
        made["docket"]["timing"],
        json!({ "since": "status_changed", "after_seconds": 172_800 })
    );
    let (status, again) = write(&world, "PUT", "automations/1", json!({ "automation": made })).await;
    assert_eq!((status, &again["automation"]), (200, made));

    let id = world.ticket("Printer").await;
    world.change(id, json!({ "status": "pending" })).await;
    world.advance(48 * 3600 - 60);
    world.sweep(id).await;
    let shown = world.get(&format!("tickets/{id}")).await.body;
    assert_eq!(shown["ticket"]["status"], "pending");
    world.advance(60);
    world.sweep(id).await;
    let shown = world.get(&format!("tickets/{id}")).await.body;
    assert_eq!(
        (&shown["ticket"]["status"], &shown["ticket"]["tags"]),
        (&json!("solved"), &json!(["silent"]))
    );

    let timeless =
        json!({ "title": "Never", "conditions": { "all": [] }, "actions": [action("status", "solved")] });
    let (status, body) = write(&world, "POST", "automations", json!({ "automation": timeless })).await;
    assert_eq!(status, 422, "{body}");
}

#[tokio::test]
async fn a_macro_is_previewed_and_run_once() {
    let world = World::new().await;
    let record = json!({
        "title": "Restart",
        "actions": [
            action("comment_value", "Please restart it, {{ requester.first_name }}."),
            action("status", "pending"),
            action("assignee_id", "current_user"),
            action("current_tags", "restart"),
        ],
    });
    let (status, body) = write(&world, "POST", "macros", json!({ "macro": record })).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(
        body["macro"]["actions"][1],
        action("comment_mode_is_public", "true")
    );

    let id = world.ticket("Printer").await;
    let applied = world.get("macros/1/apply.json").await.body;
    assert_eq!(applied["result"]["ticket"]["status"], "pending");
    let preview = world.get(&format!("tickets/{id}/macros/1/apply.json")).await.body;
    let set = &preview["result"]["ticket"];
    assert_eq!(
        set["comment"],
        json!({ "body": "Please restart it, Ann.", "public": true })
    );
    assert_eq!(set["additional_tags"], json!(["restart"]));
    let shown = world.get(&format!("tickets/{id}")).await.body;
    assert_ne!(shown["ticket"]["status"], "pending", "a preview changes nothing");

    let path = format!("tickets/{id}/macros/1/run");
    let key = [("idempotency-key", "once")];
    for _ in 0..2 {
        let reply = world.call_as(ADMIN, "POST", &path, &key, Some(json!({}))).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.body["ticket"]["status"], "pending");
    }
    let comments = world.get(&format!("tickets/{id}/comments")).await.body;
    assert_eq!(comments["count"], 2);
    assert_eq!(comments["comments"][1]["body"], "Please restart it, Ann.");
    assert_eq!(
        world
            .call_as(
                ADMIN,
                "POST",
                &format!("tickets/{id}/macros/9/run"),
                &[],
                Some(json!({}))
            )
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn routing_rules_have_a_place_of_their_own() {
    let world = World::new().await;
    let record = json!({
        "title": "Invoices",
        "docket": {
            "condition": "ticket.subject.contains(\"invoice\")",
            "actions": [{ "kind": "set_priority", "value": "high" }],
        },
    });
    let (status, body) = write(&world, "POST", "routing/rules", json!({ "rule": record })).await;
    assert_eq!(status, 201, "{body}");
    let reply = json!({
        "title": "Reply",
        "actions": [action("notification_user", json!(["requester_id", "Hello", "Hello"]))],
    });
    let (status, body) = write(&world, "POST", "routing/rules", json!({ "rule": reply })).await;
    assert_eq!(status, 422);
    assert!(body.to_string().contains("reply is for triggers"), "{body}");
    assert_eq!(world.get("routing/rules").await.body["count"], 1);
}

#[tokio::test]
async fn definitions_say_what_rules_can_say() {
    let world = World::new().await;
    for path in ["triggers", "automations", "macros", "routing/rules"] {
        let body = world.get(&format!("{path}/definitions.json")).await.body;
        let definitions = &body["definitions"];
        assert!(definitions["actions"].as_array().unwrap().len() > 10, "{path}");
        assert!(
            definitions["docket"]["condition_names"].as_array().unwrap().len() > 30,
            "{path}"
        );
    }
}
