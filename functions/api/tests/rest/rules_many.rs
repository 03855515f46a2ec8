//! Macros, triggers and automations: several at once, searched, sorted into categories, and what they were before.

use crate::{
    support::{ADMIN, BO, World},
    views::{call, clause},
};
use serde_json::{Value, json};

fn record(path: &str, title: &str) -> Value {
    let mut record = json!({ "title": title, "actions": [{ "field": "priority", "value": "high" }] });
    if path != "macros" {
        record["conditions"] = json!({ "all": [clause("status", "is", "open")], "any": [] });
    }
    if path == "automations" {
        record["conditions"] = json!({ "all": [clause("status", "is", "open"), clause("NEW", "greater_than", "24")], "any": [] });
    }
    record
}

async fn made(world: &World, path: &str, record: Value) -> u64 {
    let name = path.trim_end_matches('s');
    let (status, body) = call(world, ADMIN, "POST", path, json!({ name: record })).await;
    assert_eq!(status, 201, "{body}");
    body[name]["id"].as_u64().unwrap()
}

async fn titles(world: &World, path: &str) -> Vec<String> {
    let (status, body) = call(world, BO, "GET", path, Value::Null).await;
    assert_eq!(status, 200, "{path}: {body}");
    let list = path.split(['/', '?']).next().unwrap();
    let rows = body[list].as_array().unwrap().iter();
    rows.map(|row| row["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn rules_are_searched_sorted_changed_and_removed_many_at_once() {
    let world = World::new().await;
    for path in ["macros", "triggers", "automations"] {
        let mut ids = Vec::new();
        for title in ["Zebra stripes", "Apple pie", "Lamp oil"] {
            ids.push(made(&world, path, record(path, title)).await);
        }
        assert_eq!(
            titles(&world, &format!("{path}/search?query=PIE")).await,
            ["Apple pie"]
        );
        assert_eq!(
            titles(&world, &format!("{path}?sort_by=alphabetical&sort_order=desc")).await,
            ["Zebra stripes", "Lamp oil", "Apple pie"]
        );
        let changes = json!({ path: [{ "id": ids[0], "active": false }, { "id": ids[2], "position": 1 }] });
        let many = format!("{path}/update_many");
        let (status, body) = call(&world, ADMIN, "PUT", &many, changes.clone()).await;
        assert_eq!(
            (status, body[path].as_array().map(Vec::len)),
            (200, Some(2)),
            "{body}"
        );
        assert_eq!(
            titles(&world, &format!("{path}?active=false")).await,
            ["Zebra stripes"]
        );
        assert_eq!(
            titles(&world, &format!("{path}/active")).await,
            ["Lamp oil", "Apple pie"]
        );
        // All of them or none, and admins only.
        let wrong = json!({ path: [{ "id": ids[0], "active": true }, { "id": 9999, "active": true }] });
        assert_eq!(call(&world, ADMIN, "PUT", &many, wrong).await.0, 404);
        assert_eq!(call(&world, BO, "PUT", &many, changes).await.0, 403);
        assert_eq!(
            titles(&world, &format!("{path}?active=false")).await,
            ["Zebra stripes"]
        );
        let gone = |ids: &str| format!("{path}/destroy_many?ids={ids}");
        assert_eq!(
            call(&world, BO, "DELETE", &gone(&ids[1].to_string()), Value::Null)
                .await
                .0,
            403
        );
        assert_eq!(
            call(&world, ADMIN, "DELETE", &gone("9999"), Value::Null).await.0,
            404
        );
        assert_eq!(call(&world, ADMIN, "DELETE", &gone(""), Value::Null).await.0, 422);
        let two = gone(&format!("{},{}", ids[0], ids[1]));
        assert_eq!(call(&world, ADMIN, "DELETE", &two, Value::Null).await.0, 204);
        assert_eq!(titles(&world, path).await, ["Lamp oil"]);
        for wrong in ["sort_by=colour", "sort_order=up", "active=maybe"] {
            let (status, _) = call(&world, BO, "GET", &format!("{path}?{wrong}"), Value::Null).await;
            assert_eq!(status, 422, "{path}?{wrong}");
        }
        assert_eq!(
            call(&world, BO, "GET", &format!("{path}/search?query="), Value::Null)
                .await
                .0,
            422
        );
    }
}

#[tokio::test]
async fn a_macro_begins_as_another_or_as_a_ticket_and_has_a_category() {
    let world = World::new().await;
    let mut of_refunds = record("macros", "Refunds::Ask for the bill");
    of_refunds["actions"] = json!([{ "field": "current_tags", "value": "refund" }]);
    let id = made(&world, "macros", of_refunds.clone()).await;
    made(&world, "macros", record("macros", "Plain")).await;
    let (_, body) = call(&world, BO, "GET", "macros/categories", Value::Null).await;
    assert_eq!(body, json!({ "categories": ["Refunds"] }));
    assert_eq!(
        titles(&world, "macros?category=Refunds").await,
        ["Refunds::Ask for the bill"]
    );
    let (_, body) = call(
        &world,
        BO,
        "GET",
        &format!("macros/new?macro_id={id}"),
        Value::Null,
    )
    .await;
    assert_eq!(
        (&body["macro"]["actions"], &body["macro"]["id"]),
        (&of_refunds["actions"], &Value::Null)
    );
    let ticket = world.ticket("Lamp").await;
    world
        .change(
            ticket,
            json!({ "priority": "urgent", "type": "incident", "tags": ["lamp", "dark"] }),
        )
        .await;
    let (_, body) = call(
        &world,
        BO,
        "GET",
        &format!("macros/new?ticket_id={ticket}"),
        Value::Null,
    )
    .await;
    let actions = body["macro"]["actions"].as_array().unwrap();
    for (field, value) in [
        ("priority", "urgent"),
        ("type", "incident"),
        ("current_tags", "dark lamp"),
    ] {
        assert!(
            actions.contains(&json!({ "field": field, "value": value })),
            "{body}"
        );
    }
    // What it shows is what a macro can be made of.
    let mut again = body["macro"].clone();
    again["title"] = json!("As the lamp");
    made(&world, "macros", again).await;
    for (path, status) in [
        ("macros/new", 400),
        ("macros/new?macro_id=999", 404),
        ("macros/new?ticket_id=999", 404),
        ("macros/new?ticket_id=x", 422),
    ] {
        assert_eq!(
            call(&world, BO, "GET", path, Value::Null).await.0,
            status,
            "{path}"
        );
    }
    let (_, body) = call(&world, BO, "GET", "macros/actions", Value::Null).await;
    let actions = body["actions"].as_array().unwrap();
    let groups = actions
        .iter()
        .find(|action| action["value"] == "group_id")
        .unwrap();
    assert_eq!(groups["values"][0]["title"], "Support");
    // For some people alone there are none: that is said, not dropped.
    let mut own = record("macros", "Mine");
    own["restriction"] = json!({ "type": "User", "id": 2 });
    assert_eq!(
        call(&world, ADMIN, "POST", "macros", json!({ "macro": own }))
            .await
            .0,
        422
    );
}

#[tokio::test]
async fn a_trigger_is_shown_as_it_was_after_each_change() {
    let world = World::new().await;
    let id = made(&world, "triggers", record("triggers", "First")).await;
    made(&world, "triggers", record("triggers", "Another")).await;
    let path = format!("triggers/{id}");
    let change = json!({ "trigger": { "title": "Second", "active": false } });
    assert_eq!(call(&world, ADMIN, "PUT", &path, change).await.0, 200);
    let (status, body) = call(&world, BO, "GET", &format!("{path}/revisions"), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let revisions = body["trigger_revisions"].as_array().unwrap();
    let seen: Vec<(&Value, &Value)> = revisions
        .iter()
        .map(|revision| (&revision["snapshot"]["title"], &revision["snapshot"]["active"]))
        .collect();
    assert_eq!(
        seen,
        [(&json!("Second"), &json!(false)), (&json!("First"), &json!(true))]
    );
    assert_eq!(
        (&revisions[0]["author_id"], &body["count"]),
        (&json!(1), &json!(2))
    );
    let first = format!("{path}/revisions/{}", revisions[1]["id"]);
    let (_, shown) = call(&world, BO, "GET", &first, Value::Null).await;
    assert_eq!(shown["trigger_revision"], revisions[1]);
    assert_eq!(
        call(&world, BO, "GET", &format!("{path}/revisions/9999"), Value::Null)
            .await
            .0,
        404
    );
    assert_eq!(
        call(&world, BO, "GET", "triggers/9999/revisions", Value::Null)
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn triggers_are_sorted_into_categories() {
    let world = World::new().await;
    let category = |name: &str| json!({ "trigger_category": { "name": name } });
    let mut ids = Vec::new();
    for name in ["Mail", "Escalation"] {
        let (status, body) = call(&world, ADMIN, "POST", "trigger_categories", category(name)).await;
        assert_eq!(status, 201, "{body}");
        ids.push(body["trigger_category"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(
        call(&world, ADMIN, "POST", "trigger_categories", category("Mail"))
            .await
            .0,
        422
    );
    assert_eq!(
        call(&world, ADMIN, "POST", "trigger_categories", category(" "))
            .await
            .0,
        422
    );
    assert_eq!(
        call(&world, BO, "POST", "trigger_categories", category("x"))
            .await
            .0,
        403
    );
    let mut record = record("triggers", "Hot");
    record["category_id"] = json!(ids[0]);
    let trigger = made(&world, "triggers", record.clone()).await;
    let shown = |path: String| {
        let world = &world;
        async move { call(world, BO, "GET", &path, Value::Null).await }
    };
    assert_eq!(
        shown(format!("triggers/{trigger}")).await.1["trigger"]["category_id"],
        json!(ids[0])
    );
    assert_eq!(
        titles(&world, &format!("triggers?category_id={}", ids[0])).await,
        ["Hot"]
    );
    assert_eq!(
        titles(&world, &format!("triggers?category_id={}", ids[1])).await,
        [""; 0]
    );
    (record["title"], record["category_id"]) = (json!("Other"), json!("99"));
    let (status, body) = call(&world, ADMIN, "POST", "triggers", json!({ "trigger": record })).await;
    assert_eq!(
        (status, body["details"]["category_id"].is_array()),
        (422, true),
        "{body}"
    );

    let renamed = json!({ "trigger_category": { "name": "Letters", "position": 5 } });
    let path = format!("trigger_categories/{}", ids[0]);
    assert_eq!(call(&world, ADMIN, "PATCH", &path, renamed).await.0, 200);
    let (_, body) = shown("trigger_categories".to_owned()).await;
    let names: Vec<&str> = body["trigger_categories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Escalation", "Letters"]);
    // One with triggers stays.
    assert_eq!(call(&world, ADMIN, "DELETE", &path, Value::Null).await.0, 422);
    let job = json!({ "job": { "action": "patch", "items": {
        "trigger_categories": [{ "id": ids[1], "position": 9 }],
        "triggers": [{ "id": trigger.to_string(), "active": false, "category_id": ids[1] }],
    } } });
    let (status, body) = call(&world, ADMIN, "POST", "trigger_categories/jobs", job).await;
    assert_eq!((status, &body["status"]), (200, &json!("complete")), "{body}");
    assert_eq!(body["results"]["trigger_categories"][0]["position"], 9);
    let (_, body) = shown(format!("triggers/{trigger}")).await;
    assert_eq!(
        (&body["trigger"]["category_id"], &body["trigger"]["active"]),
        (&json!(ids[1]), &json!(false))
    );
    assert_eq!(call(&world, ADMIN, "DELETE", &path, Value::Null).await.0, 204);
    assert_eq!(shown(path).await.0, 404);
    // A trigger that is gone is in no category.
    call(
        &world,
        ADMIN,
        "DELETE",
        &format!("triggers/{trigger}"),
        Value::Null,
    )
    .await;
    let last = format!("trigger_categories/{}", ids[1]);
    assert_eq!(
        shown(last.clone()).await.1["trigger_category"]["inactive_count"],
        0
    );
    assert_eq!(call(&world, ADMIN, "DELETE", &last, Value::Null).await.0, 204);
}

#[tokio::test]
async fn what_a_rule_has_not_is_refused_and_lists_of_macros_say_whose_they_are() {
    let world = World::new().await;
    let id = made(&world, "macros", record("macros", "Apple pie")).await;
    let many = async |change: Value| {
        let body = json!({ "macros": [change] });
        call(&world, ADMIN, "PUT", "macros/update_many", body).await
    };
    let restricted = many(json!({ "id": id, "restriction": { "type": "Group", "id": 1 } })).await;
    assert_eq!(restricted.0, 422, "{}", restricted.1);
    let placed = many(json!({ "id": id, "position": "first" })).await;
    assert_eq!(placed.0, 422, "{}", placed.1);
    assert!(placed.1.to_string().contains("is no place"), "{}", placed.1);
    assert_eq!(many(json!({ "id": id, "position": "3" })).await.0, 200);
    for (body, expected) in [(json!("{}"), 422), (json!(""), 201)] {
        let mut trigger = record("triggers", "Hook");
        let value = json!(["https://hooks.example.com/", body]);
        trigger["actions"] = json!([{ "field": "notification_webhook", "value": value }]);
        let (status, body) = call(&world, ADMIN, "POST", "triggers", json!({ "trigger": trigger })).await;
        assert_eq!(status, expected, "{body}");
    }
    assert!(titles(&world, "macros?access=personal").await.is_empty());
    assert_eq!(titles(&world, "macros?access=shared").await, ["Apple pie"]);
    assert_eq!(titles(&world, "macros?only_viewable=true").await, ["Apple pie"]);
    let (status, _) = call(&world, BO, "GET", "macros?access=mine", Value::Null).await;
    assert_eq!(status, 422);
}
