use crate::support::{BO, World};
use serde_json::{Value, json};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

async fn proof(world: &World, id: u64) -> Value {
    let reply = world.get(&format!("tickets/{id}/sla.json")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["sla"].clone()
}

/// `kind seconds` of each interval.
fn intervals(clock: &Value) -> Vec<String> {
    let rows = clock["intervals"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", row["kind"].as_str().unwrap(), row["seconds"]))
        .collect()
}

/// A policy for all tickets that counts by an office, open from 12:00 to 13:00 and 14:00 to 15:00 UTC on Mondays.
async fn with_office_hours(world: &World) {
    let hour = |hour: u64| json!({ "start_time": 1440 + hour * 60, "end_time": 1440 + (hour + 1) * 60 });
    let schedule =
        json!({ "schedule": { "name": "Noon", "time_zone": "UTC", "intervals": [hour(12), hour(14)] } });
    world.as_admin("POST", "business_hours/schedules", schedule).await;
    let policy = json!({ "sla_policy": {
        "title": "Office",
        "filter": { "all": [] },
        "policy_metrics": [{ "priority": "normal", "metric": "first_reply_time", "target": 60, "business_hours": true }],
    } });
    world.as_admin("POST", "slas/policies", policy).await;
}

async fn void(world: &World, id: u64, body: Value, headers: &[(&str, &str)]) -> crate::support::Reply {
    world
        .call_as(BO, "POST", &format!("tickets/{id}/sla/void"), headers, Some(body))
        .await
}

#[tokio::test]
async fn each_interval_is_counted_paused_or_out_of_hours() {
    let world = World::new().await;
    with_office_hours(&world).await;
    let id = world.letter("normal").await;
    world.advance(20 * MINUTE);
    world.change(id, json!({ "status": "hold" })).await;
    world.advance(10 * MINUTE);
    world.change(id, json!({ "status": "open" })).await;
    world.advance(2 * HOUR);
    let proof = proof(&world, id).await;
    assert_eq!(
        (&proof["policy"]["title"], &proof["calendar"]["name"]),
        (&json!("Office"), &json!("Noon"))
    );
    assert_eq!(proof["policy"]["version"], proof["policy"]["newest_version"]);
    assert_eq!(proof["calendar"]["time_zone"], "UTC");
    assert!(
        proof["policy"]["reason"].as_str().unwrap().contains("true"),
        "{}",
        proof["policy"]
    );
    let clock = &proof["clocks"][0];
    assert_eq!(
        intervals(clock),
        [
            "counted 1200",
            "paused 600",
            "counted 1800",
            "out_of_hours 3600",
            "counted 1800"
        ]
    );
    assert_eq!(
        (
            &clock["metric"],
            &clock["course"],
            &clock["elapsed_in_seconds"],
            &clock["target_in_seconds"]
        ),
        (
            &json!("first_reply_time"),
            &json!("running"),
            &json!(4800),
            &json!(3600)
        )
    );
    assert_eq!(clock["due_at"], "2026-03-02T14:10:00Z");
    assert_eq!(
        clock["steps"],
        json!([
            { "step": "w80%", "kind": "warning", "due_at": "2026-03-02T12:58:00Z", "recorded_at": null },
            { "step": "b", "kind": "breach", "due_at": "2026-03-02T14:10:00Z", "recorded_at": null },
        ])
    );
}

#[tokio::test]
async fn a_paused_clock_says_so_and_is_due_at_no_time() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    world.advance(20 * MINUTE);
    world.change(id, json!({ "status": "hold" })).await;
    world.advance(20 * MINUTE);
    let proof = proof(&world, id).await;
    let clock = &proof["clocks"][0];
    assert_eq!(
        (&clock["is_paused"], &clock["due_at"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(intervals(clock), ["counted 1200", "paused 1200"]);
    assert_eq!(
        (&proof["calendar"], &proof["policy"]["id"]),
        (&Value::Null, &json!(0))
    );
    assert!(
        proof["policy"]["reason"]
            .as_str()
            .unwrap()
            .contains("no policy is configured")
    );
}

#[tokio::test]
async fn a_breach_keeps_what_held_and_is_declared_void_with_a_reason() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    world.advance(9 * HOUR);
    world.sweep(id).await;
    let breached = proof(&world, id).await;
    let clock = &breached["clocks"][0];
    assert_eq!(clock["is_breached"], true);
    let breach = &clock["breaches"][0];
    assert_eq!(
        (&breach["due_at"], &breach["recorded_at"], &breach["void"]),
        (
            &json!("2026-03-02T20:00:00Z"),
            &json!("2026-03-02T21:00:00Z"),
            &Value::Null
        )
    );
    assert_eq!(breach["in_force"]["policy_version"], 1);
    assert_eq!(clock["steps"][1]["recorded_at"], "2026-03-02T21:00:00Z");

    let body = json!({ "metric": "first_reply_time", "instance": clock["instance"], "reason": "The line was down." });
    let once = [("idempotency-key", "one")];
    for lookup in ["miss", "hit"] {
        let voided = void(&world, id, body.clone(), &once).await;
        assert_eq!(voided.status, 200, "{}", voided.body);
        assert_eq!(voided.headers["x-idempotency-lookup"], lookup);
        let clock = &voided.body["sla"]["clocks"][0];
        assert_eq!(clock["is_breached"], false);
        assert_eq!(
            clock["breaches"][0]["void"],
            json!({ "at": "2026-03-02T21:00:00Z", "author_id": 2, "reason": "The line was down." })
        );
    }
    let again = void(&world, id, body, &[]).await;
    assert_eq!(
        again.status, 422,
        "a breach is declared void once: {}",
        again.body
    );
    assert!(
        again.body["details"]["instance"]
            .to_string()
            .contains("no breach"),
        "{}",
        again.body
    );
    world.advance(MINUTE);
    let events = world
        .get(&format!("tickets/{id}?include=metric_events"))
        .await
        .body;
    let reply = events["ticket"]["metric_events"]["reply_time"]
        .as_array()
        .unwrap();
    let breach = reply.iter().find(|event| event["type"] == "breach").unwrap();
    assert_eq!(breach["deleted"], true);
}

#[tokio::test]
async fn a_void_that_can_not_be_is_refused_with_its_field() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    for (body, field, words) in [
        (json!({ "instance": 1, "reason": "x" }), "metric", "blank"),
        (
            json!({ "metric": "agent_work_time", "instance": 1, "reason": "x" }),
            "metric",
            "total_resolution_time",
        ),
        (
            json!({ "metric": "first_reply_time", "reason": "x" }),
            "instance",
            "blank",
        ),
        (
            json!({ "metric": "first_reply_time", "instance": 1, "reason": "  " }),
            "reason",
            "blank",
        ),
        (
            json!({ "metric": "first_reply_time", "instance": 1, "reason": "x".repeat(501) }),
            "reason",
            "500",
        ),
        (
            json!({ "metric": "first_reply_time", "instance": 1, "reason": "x" }),
            "instance",
            "no breach",
        ),
        (
            json!({ "metric": "first_reply_time", "instance": "one", "reason": "x" }),
            "instance",
            "one",
        ),
    ] {
        let reply = void(&world, id, body.clone(), &[]).await;
        assert_eq!(reply.status, 422, "{body}: {}", reply.body);
        assert!(
            reply.body["details"][field].to_string().contains(words),
            "{body}: {}",
            reply.body
        );
    }
    assert_eq!(void(&world, id, json!([]), &[]).await.status, 400);
    let known = json!({ "metric": "first_reply_time", "instance": 1, "reason": "x" });
    assert_eq!(void(&world, 99, known, &[]).await.status, 404);
    assert_eq!(world.get("tickets/99/sla").await.status, 404);
}

#[tokio::test]
async fn a_policy_that_changed_is_told_with_both_versions() {
    let world = World::new().await;
    with_office_hours(&world).await;
    let id = world.letter("normal").await;
    let targets =
        json!([{ "priority": "normal", "metric": "first_reply_time", "target": 30, "business_hours": true }]);
    world
        .as_admin(
            "PUT",
            "slas/policies/1",
            json!({ "sla_policy": { "policy_metrics": targets } }),
        )
        .await;
    let before = proof(&world, id).await;
    assert_eq!(
        before["clocks"][0]["target_in_seconds"], 3600,
        "the ticket is still under the version it had"
    );
    assert!(before["policy"]["version"].as_u64() < before["policy"]["newest_version"].as_u64());
    assert_eq!(before["applied"], json!([]));
    world.advance(MINUTE);
    world.change(id, json!({ "status": "open" })).await;
    let after = proof(&world, id).await;
    assert_eq!(after["clocks"][0]["target_in_seconds"], 1800);
    let applied = &after["applied"][0];
    assert_eq!(
        (
            &applied["policy"],
            &applied["from"]["policy_version"],
            &applied["to"]["policy_version"]
        ),
        (
            &json!("Office"),
            &before["policy"]["version"],
            &after["policy"]["version"]
        )
    );
    assert_eq!(after["policy"]["reason"], applied["reason"]);
}

#[tokio::test]
async fn a_ticket_without_a_policy_proves_nothing() {
    let world = World::new().await;
    world.promise_urgent_tickets_only().await;
    let id = world.letter("normal").await;
    let proof = proof(&world, id).await;
    assert_eq!((&proof["policy"], &proof["clocks"]), (&Value::Null, &json!([])));
}
