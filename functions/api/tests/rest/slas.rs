use crate::support::{ADMIN, World};
use serde_json::{Value, json};

async fn write(world: &World, method: &str, path: &str, record: Value) -> (u16, Value) {
    let body = json!({ "sla_policy": record });
    let reply = world.call_as(ADMIN, method, path, &[], Some(body)).await;
    (reply.status.as_u16(), reply.body)
}

fn target(priority: &str, metric: &str, minutes: i64) -> Value {
    json!({ "priority": priority, "metric": metric, "target": minutes, "business_hours": false })
}

/// A policy that holds for incidents.
fn incidents(title: &str) -> Value {
    json!({
        "title": title,
        "description": "For incidents",
        "filter": { "all": [{ "field": "type", "operator": "is", "value": "incident" }], "any": [] },
        "policy_metrics": [target("urgent", "first_reply_time", 30), target("low", "first_reply_time", 480)],
    })
}

async fn made(world: &World, record: Value) -> Value {
    let (status, body) = write(world, "POST", "slas/policies", record).await;
    assert_eq!(status, 201, "{body}");
    body["sla_policy"].clone()
}

async fn titles(world: &World) -> Vec<String> {
    let body = world.get("slas/policies.json").await.body;
    let rows = body["sla_policies"].as_array().unwrap();
    rows.iter()
        .map(|row| row["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_policy_is_made_shown_changed_and_removed() {
    let world = World::new().await;
    let policy = made(&world, incidents("Incidents")).await;
    assert_eq!(policy["id"], 1);
    assert_eq!(
        policy["url"],
        "https://desk.example.com/api/v2/slas/policies/1.json"
    );
    assert_eq!(
        (&policy["title"], &policy["description"], &policy["position"]),
        (&json!("Incidents"), &json!("For incidents"), &json!(1))
    );
    assert_eq!(policy["filter"], incidents("")["filter"]);
    assert_eq!(
        policy["policy_metrics"],
        json!([
            { "priority": "urgent", "metric": "first_reply_time", "target": 30, "target_in_seconds": 1800, "business_hours": false },
            { "priority": "low", "metric": "first_reply_time", "target": 480, "target_in_seconds": 28800, "business_hours": false },
        ])
    );
    assert_eq!(policy["docket"]["pausing"], json!(["pending", "hold"]));
    assert_eq!(policy["docket"]["condition"], r#"ticket.type == "incident""#);
    assert_eq!(world.get("slas/policies/1.json").await.body["sla_policy"], policy);

    assert_eq!(policy["created_at"], "2026-03-02T12:00:00Z");
    assert_eq!(policy["updated_at"], policy["created_at"]);

    world.advance(60);
    let (status, changed) = write(
        &world,
        "PUT",
        "slas/policies/1",
        json!({ "title": "Broken things" }),
    )
    .await;
    let changed = &changed["sla_policy"];
    assert_eq!((status, &changed["title"]), (200, &json!("Broken things")));
    assert_eq!(
        changed["policy_metrics"], policy["policy_metrics"],
        "what is not sent stays"
    );
    assert_eq!(
        (&changed["created_at"], &changed["updated_at"]),
        (&policy["created_at"], &json!("2026-03-02T12:01:00Z"))
    );
    assert!(changed["docket"]["version"].as_u64() > policy["docket"]["version"].as_u64());

    let gone = world.call_as(ADMIN, "DELETE", "slas/policies/1", &[], None).await;
    assert_eq!((gone.status.as_u16(), gone.body), (204, Value::Null));
    assert_eq!(world.get("slas/policies/1").await.status, 404);
    assert_eq!(
        made(&world, incidents("Again")).await["id"],
        2,
        "no id is given twice"
    );
}

#[tokio::test]
async fn a_policy_sent_back_as_it_was_shown_stays_as_it_is() {
    let world = World::new().await;
    let mut beyond = incidents("Gold");
    beyond["docket"] = json!({ "condition": "requester.domain == \"acme.example\"" });
    for record in [incidents("Incidents"), beyond] {
        let shown = made(&world, record).await;
        let path = format!("slas/policies/{}", shown["id"]);
        let (status, again) = write(&world, "PUT", &path, shown.clone()).await;
        assert_eq!((status, &again["sla_policy"]), (200, &shown));
        let mut without = shown.clone();
        without.as_object_mut().unwrap().remove("docket");
        assert_eq!(
            write(&world, "PUT", &path, without).await.1["sla_policy"],
            shown,
            "programs that know no docket"
        );
    }
}

#[tokio::test]
async fn a_condition_beyond_filters_is_shown_as_itself_until_a_filter_replaces_it() {
    let world = World::new().await;
    let mut record = incidents("Gold");
    record["docket"] = json!({ "condition": "requester.domain == \"acme.example\"" });
    let policy = made(&world, record).await;
    assert_eq!(policy["filter"], json!({ "all": [], "any": [] }));
    assert_eq!(
        (
            &policy["docket"]["condition"],
            &policy["docket"]["is_beyond_filters"]
        ),
        (&json!("requester.domain == \"acme.example\""), &json!(true))
    );
    let filter = json!({ "any": [{ "field": "current_tags", "operator": "includes", "value": "vip gold" }] });
    let (_, changed) = write(&world, "PUT", "slas/policies/1", json!({ "filter": filter })).await;
    assert_eq!(changed["sla_policy"]["filter"]["any"], filter["any"]);
    assert_eq!(
        changed["sla_policy"]["docket"]["condition"],
        r#"(ticket.tags.exists(tag, tag in ["vip", "gold"]))"#
    );
}

#[tokio::test]
async fn a_group_is_named_by_its_id() {
    let world = World::new().await;
    let mut record = incidents("Support");
    record["filter"] = json!({ "all": [{ "field": "group_id", "operator": "is", "value": "1" }] });
    let policy = made(&world, record).await;
    assert_eq!(
        policy["filter"]["all"],
        json!([{ "field": "group_id", "operator": "is", "value": 1 }])
    );
    assert_eq!(policy["docket"]["condition"], r#"ticket.group == "Support""#);
}

#[tokio::test]
async fn what_is_done_beyond_a_target_stands_under_docket() {
    let world = World::new().await;
    let mut record = incidents("Watched");
    let actions = json!([
        { "kind": "notify", "value": { "kind": "group", "id": 1 } },
        { "kind": "raise_priority", "value": "urgent" },
    ]);
    let steps = json!({
        "warnings": [{ "percent": 50 }, { "seconds_before": 600 }],
        "escalations": [{ "after_seconds": 3600, "actions": actions }],
    });
    record["docket"] = json!({ "pausing": ["pending"], "promises": { "first_reply_time": steps } });
    let policy = made(&world, record).await;
    assert_eq!(policy["docket"]["promises"]["first_reply_time"], steps);
    assert_eq!(policy["docket"]["pausing"], json!(["pending"]));
    let moved = json!({ "policy_metrics": [target("low", "first_reply_time", 60)] });
    let (_, changed) = write(&world, "PUT", "slas/policies/1", moved).await;
    assert_eq!(
        changed["sla_policy"]["docket"]["promises"]["first_reply_time"],
        steps
    );
}

#[tokio::test]
async fn a_policy_that_could_not_work_is_refused_with_its_field() {
    let world = World::new().await;
    made(&world, incidents("Taken")).await;
    let with = |name: &str, value: Value| {
        let mut record = incidents("New");
        record[name] = value;
        record
    };
    let escalation = |value: Value| json!({ "promises": { "first_reply_time": { "escalations": [{ "after_seconds": 0, "actions": [value] }] } } });
    for (record, field, words) in [
        (with("title", json!("  ")), "title", "blank"),
        (with("title", json!("Taken")), "title", "called"),
        (with("title", json!("x".repeat(101))), "title", "100"),
        (with("filter", Value::Null), "filter", "blank"),
        (
            with(
                "filter",
                json!({ "all": [{ "field": "recipient", "operator": "is", "value": "no@in.example.com" }] }),
            ),
            "filter",
            "no mailbox",
        ),
        (
            with(
                "filter",
                json!({ "all": [{ "field": "current_tags", "operator": "includes", "value": "t ".repeat(101) }] }),
            ),
            "filter",
            "100",
        ),
        (with("policy_metrics", json!([])), "policy_metrics", "blank"),
        (
            with("policy_metrics", json!([target("low", "requester_wait_time", 5)])),
            "policy_metrics[0].metric",
            "pausing",
        ),
        (
            with("policy_metrics", json!([target("low", "first_reply_time", 0)])),
            "policy_metrics",
            "1 to",
        ),
        (
            with(
                "policy_metrics",
                json!([{ "priority": "low", "metric": "first_reply_time", "target": 5, "business_hours": true }]),
            ),
            "policy_metrics.business_hours",
            "schedule",
        ),
        (
            with(
                "metric_settings",
                json!({ "first_reply_time": { "fulfill_on_agent_internal_note": true } }),
            ),
            "metric_settings.first_reply_time.fulfill_on_agent_internal_note",
            "always false",
        ),
        (
            with("docket", json!({ "condition": "ticket.type ==" })),
            "docket.condition",
            "line 1",
        ),
        (
            with("docket", json!({ "condition": "ticket.group == \"Nobody\"" })),
            "docket.condition",
            "column 17",
        ),
        (
            with("docket", json!({ "condition": "ticket.status == \"open\"" })),
            "docket.condition",
            "ticket.status",
        ),
        (
            with("docket", json!({ "pausing": ["solved"] })),
            "docket.pausing",
            "solved",
        ),
        (
            with("docket", json!({ "calendar_id": 7 })),
            "docket.calendar_id",
            "no schedule",
        ),
        (
            with("docket", json!({ "promises": { "next_reply_time": {} } })),
            "docket.promises.next_reply_time",
            "no target",
        ),
        (
            with(
                "docket",
                json!({ "promises": { "first_reply_time": { "warnings": [{ "percent": 100 }] } } }),
            ),
            "docket.promises",
            "1 to 99",
        ),
        (
            with(
                "docket",
                escalation(json!({ "kind": "move_to_group", "value": 9 })),
            ),
            "docket.promises.first_reply_time.escalations",
            "no group",
        ),
        (
            with(
                "docket",
                escalation(json!({ "kind": "add_tag", "value": "two words" })),
            ),
            "docket.promises",
            "white space",
        ),
        (
            with(
                "docket",
                escalation(json!({ "kind": "call_webhook", "value": "" })),
            ),
            "docket.promises",
            "webhook",
        ),
        (
            with(
                "docket",
                escalation(json!({ "kind": "notify", "value": { "kind": "agent", "id": 99 } })),
            ),
            "docket.promises.first_reply_time.escalations",
            "nobody",
        ),
    ] {
        let (status, body) = write(&world, "POST", "slas/policies", record.clone()).await;
        assert_eq!(status, 422, "{record}: {body}");
        let told = body["details"][field].to_string();
        assert!(told.contains(words), "{record}: {body}");
    }
    assert_eq!(titles(&world).await, ["Taken"], "nothing was changed");
}

#[tokio::test]
async fn policies_are_listed_in_the_order_in_which_they_are_tried() {
    let world = World::new().await;
    for title in ["A", "B", "C"] {
        made(&world, incidents(title)).await;
    }
    assert_eq!(titles(&world).await, ["A", "B", "C"]);
    let ids = json!({ "sla_policy_ids": [3, 1] });
    let reply = world
        .call_as(ADMIN, "PUT", "slas/policies/reorder.json", &[], Some(ids))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(
        titles(&world).await,
        ["C", "A", "B"],
        "those not named come after"
    );
    let mut first = incidents("D");
    first["position"] = json!(1);
    made(&world, first).await;
    assert_eq!(titles(&world).await, ["D", "C", "A", "B"]);
    for ids in [json!([1, 1]), json!([9]), json!([]), json!("x")] {
        let body = json!({ "sla_policy_ids": ids });
        let reply = world
            .call_as(ADMIN, "PUT", "slas/policies/reorder", &[], Some(body))
            .await;
        assert_eq!(reply.status, 422, "{ids}");
    }
}

#[tokio::test]
async fn only_admins_change_policies_and_a_repeat_makes_one() {
    let world = World::new().await;
    let body = json!({ "sla_policy": incidents("Once") });
    assert_eq!(world.post("slas/policies", body.clone()).await.status, 403);
    let once = [("idempotency-key", "one")];
    for lookup in ["miss", "hit"] {
        let made = world
            .call_as(ADMIN, "POST", "slas/policies", &once, Some(body.clone()))
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(made.headers["x-idempotency-lookup"], lookup);
        assert_eq!(made.body["sla_policy"]["id"], 1);
    }
    let other = json!({ "sla_policy": incidents("Other") });
    let reused = world
        .call_as(ADMIN, "POST", "slas/policies", &once, Some(other))
        .await;
    assert_eq!(reused.status, 422);
    assert_eq!(world.put("slas/policies/1", body).await.status, 403);
    let ids = json!({ "sla_policy_ids": [1] });
    assert_eq!(world.put("slas/policies/reorder", ids).await.status, 403);
    let destroyed = world
        .call_as(crate::support::BO, "DELETE", "slas/policies/1", &[], None)
        .await;
    assert_eq!(destroyed.status, 403);
    assert_eq!(titles(&world).await, ["Once"]);
}

#[tokio::test]
async fn definitions_tell_what_filters_can_say() {
    let world = World::new().await;
    let body = world.get("slas/policies/definitions.json").await.body;
    let all = body["definitions"]["all"].as_array().unwrap();
    let fields: Vec<_> = all.iter().map(|row| row["value"].as_str().unwrap()).collect();
    assert_eq!(
        fields,
        [
            "type",
            "priority",
            "group_id",
            "via_id",
            "recipient",
            "current_tags"
        ]
    );
    assert_eq!(
        all[2]["values"]["list"],
        json!([{ "value": 1, "title": "Support", "enabled": true }])
    );
    let operators = |row: &Value| row["operators"].as_array().unwrap().len();
    assert_eq!((operators(&all[0]), operators(&all[1])), (4, 6));
    assert_eq!(body["definitions"]["any"], body["definitions"]["all"]);
}

#[tokio::test]
async fn business_hours_come_and_go_with_the_targets() {
    let world = World::new().await;
    let schedule = json!({ "schedule": { "name": "Office", "time_zone": "UTC" } });
    let made_one = world
        .call_as(ADMIN, "POST", "business_hours/schedules", &[], Some(schedule))
        .await;
    assert_eq!(made_one.status, 201);
    let mut shown = made(&world, incidents("Hours")).await;
    assert_eq!(shown["docket"]["calendar_id"], Value::Null);
    for (business_hours, calendar) in [(true, json!(1)), (false, Value::Null)] {
        for metric in shown["policy_metrics"].as_array_mut().unwrap() {
            metric["business_hours"] = json!(business_hours);
        }
        let (status, changed) = write(&world, "PUT", "slas/policies/1", shown).await;
        assert_eq!(status, 200, "{changed}");
        shown = changed["sla_policy"].clone();
        assert_eq!(shown["docket"]["calendar_id"], calendar);
        assert_eq!(shown["policy_metrics"][0]["business_hours"], business_hours);
    }
    let mut mixed = shown["policy_metrics"].clone();
    mixed[0]["business_hours"] = json!(true);
    let (status, body) = write(
        &world,
        "PUT",
        "slas/policies/1",
        json!({ "policy_metrics": mixed }),
    )
    .await;
    assert_eq!(status, 422);
    let told = body["details"]["policy_metrics.business_hours"].to_string();
    assert!(told.contains("the same for all"), "{body}");
}

#[tokio::test]
async fn what_another_function_did_a_moment_ago_is_seen_by_whoever_changes_something() {
    let world = World::new().await;
    let other = world.elsewhere();
    assert_eq!(titles(&other).await, [""; 0], "it remembers that for a while");
    let body = json!({ "sla_policy": incidents("Once") });
    let once = [("idempotency-key", "one")];
    world
        .call_as(ADMIN, "POST", "slas/policies", &once, Some(body.clone()))
        .await;
    let schedule = json!({ "schedule": { "name": "Office", "time_zone": "UTC" } });
    world
        .call_as(ADMIN, "POST", "business_hours/schedules", &[], Some(schedule))
        .await;
    let again = other
        .call_as(ADMIN, "POST", "slas/policies", &once, Some(body))
        .await;
    assert_eq!(
        (again.status.as_u16(), &again.headers["x-idempotency-lookup"]),
        (201, &"hit".parse().unwrap()),
        "{}",
        again.body
    );
    let counted = json!({ "docket": { "calendar_id": 1 } });
    let (status, changed) = write(&other, "PUT", "slas/policies/1", counted).await;
    assert_eq!(
        (status, &changed["sla_policy"]["docket"]["calendar_id"]),
        (200, &json!(1)),
        "{changed}"
    );
}
