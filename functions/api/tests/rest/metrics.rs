use crate::support::World;
use serde_json::{Value, json};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

/// An answer that the requester sees.
fn answer(status: &str) -> Value {
    json!({ "status": status, "comment": { "body": "Try this.", "public": true } })
}

fn minutes(calendar: i64, business: i64) -> Value {
    json!({ "calendar": calendar, "business": business })
}

fn path(link: &Value) -> String {
    let link = link.as_str().unwrap();
    link.strip_prefix("https://desk.example.com/api/v2/")
        .unwrap()
        .to_owned()
}

/// An office that is open from 12:00 to 13:00 UTC on Mondays, and a policy that counts by it.
async fn with_office_hours(world: &World) {
    let intervals = json!([{ "start_time": 1440 + 12 * 60, "end_time": 1440 + 13 * 60 }]);
    let schedule = json!({ "schedule": { "name": "Noon", "time_zone": "UTC", "intervals": intervals } });
    world.as_admin("POST", "business_hours/schedules", schedule).await;
    let policy = json!({ "sla_policy": {
        "title": "Office",
        "filter": { "all": [] },
        "policy_metrics": [{ "priority": "normal", "metric": "first_reply_time", "target": 90, "business_hours": true }],
    } });
    world.as_admin("POST", "slas/policies", policy).await;
}

#[tokio::test]
async fn the_figures_of_a_ticket_come_from_its_events() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    world.advance(20 * MINUTE);
    world.change(id, answer("pending")).await;
    world.advance(40 * MINUTE);
    world.change(id, json!({ "status": "hold" })).await;
    world.advance(30 * MINUTE);
    world.change(id, json!({ "status": "solved" })).await;
    let body = world.get(&format!("tickets/{id}/metrics.json")).await.body;
    let figures = &body["ticket_metric"];
    assert_eq!((&figures["id"], &figures["ticket_id"]), (&json!(id), &json!(id)));
    assert_eq!(figures["reply_time_in_minutes"], minutes(20, 20));
    assert_eq!(figures["reply_time_in_seconds"], json!({ "calendar": 1200 }));
    assert_eq!(figures["agent_wait_time_in_minutes"], minutes(40, 40));
    assert_eq!(figures["on_hold_time_in_minutes"], minutes(30, 30));
    assert_eq!(figures["requester_wait_time_in_minutes"], minutes(50, 50));
    assert_eq!(figures["full_resolution_time_in_minutes"], minutes(90, 90));
    assert_eq!((&figures["replies"], &figures["reopens"]), (&json!(1), &json!(0)));
    assert_eq!(figures["solved_at"], "2026-03-02T13:30:00Z");
    assert_eq!(figures["latest_comment_added_at"], "2026-03-02T12:20:00Z");
    assert_eq!(figures["requester_updated_at"], "2026-03-02T12:00:00Z");
    let by_id = world.get(&format!("ticket_metrics/{id}.json")).await.body;
    assert_eq!(by_id, body);
    assert_eq!(world.get("ticket_metrics/99").await.status, 404);
}

#[tokio::test]
async fn what_has_not_happened_is_null() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    let figures = world.get(&format!("tickets/{id}/metrics")).await.body["ticket_metric"].clone();
    let nothing = json!({ "calendar": null, "business": null });
    assert_eq!(figures["reply_time_in_minutes"], nothing);
    assert_eq!(figures["full_resolution_time_in_minutes"], nothing);
    assert_eq!(figures["on_hold_time_in_minutes"], minutes(0, 0));
    assert_eq!(
        (
            &figures["solved_at"],
            &figures["assigned_at"],
            &figures["group_stations"]
        ),
        (&Value::Null, &Value::Null, &json!(0))
    );
}

#[tokio::test]
async fn business_minutes_are_those_of_the_policys_schedule() {
    let world = World::new().await;
    with_office_hours(&world).await;
    world.advance(30 * MINUTE);
    let id = world.letter("normal").await;
    world.advance(90 * MINUTE);
    world.change(id, answer("open")).await;
    let figures = world.get(&format!("tickets/{id}/metrics")).await.body["ticket_metric"].clone();
    assert_eq!(figures["reply_time_in_minutes"], minutes(90, 30));
}

#[tokio::test]
async fn figures_are_listed_and_come_along_with_tickets() {
    let world = World::new().await;
    let first = world.letter("normal").await;
    world.letter("normal").await;
    let list = world.get("ticket_metrics.json?per_page=1").await.body;
    assert_eq!(
        (&list["count"], list["ticket_metrics"].as_array().unwrap().len()),
        (&json!(2), 1)
    );
    assert_eq!(list["ticket_metrics"][0]["ticket_id"], first);
    let next = world.get(&path(&list["next_page"])).await.body;
    assert_eq!(next["ticket_metrics"][0]["ticket_id"], first + 1);
    let tickets = world.get("tickets?include=metric_sets").await.body;
    assert_eq!(tickets["tickets"][0]["metric_set"], list["ticket_metrics"][0]);
    let plain = world.get("tickets").await.body;
    assert_eq!(plain["tickets"][0].get("metric_set"), None);
    assert_eq!(plain["tickets"][0].get("slas"), None);
}

/// `metric instance type time` of each event.
fn told(body: &Value) -> Vec<String> {
    let rows = body["ticket_metric_events"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |name: &str| row[name].as_str().unwrap();
        format!(
            "{} {} {} {}",
            text("metric"),
            row["instance_id"],
            text("type"),
            &text("time")[11..16]
        )
    })
    .collect()
}

#[tokio::test]
async fn metric_events_tell_the_course_of_each_clock() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    world.advance(9 * HOUR);
    world.sweep(id).await;
    world.advance(MINUTE);
    world.change(id, answer("pending")).await;
    world.advance(2 * MINUTE);
    let body = world
        .get("incremental/ticket_metric_events.json?start_time=0")
        .await
        .body;
    let told = told(&body);
    assert_eq!(
        (&body["count"], &body["end_of_stream"]),
        (&json!(told.len()), &json!(true))
    );
    let of = |measure: &str| {
        told.iter()
            .filter(|row| row.starts_with(measure))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("reply_time"),
        [
            "reply_time 1 activate 12:00",
            "reply_time 1 apply_sla 12:00",
            "reply_time 1 breach 20:00",
            "reply_time 1 fulfill 21:01",
            "reply_time 1 update_status 21:01",
        ]
    );
    assert_eq!(
        of("requester_wait_time"),
        [
            "requester_wait_time 1 activate 12:00",
            "requester_wait_time 1 pause 21:01",
            "requester_wait_time 1 update_status 21:01"
        ]
    );
    let rows = body["ticket_metric_events"].as_array().unwrap();
    let row = |kind: &str| {
        rows.iter()
            .find(|row| row["type"] == kind && row["metric"] == "reply_time")
            .unwrap()
    };
    assert_eq!(
        row("apply_sla")["sla"],
        json!({ "target": 480, "target_in_seconds": 28800, "business_hours": false, "policy": { "id": 0, "title": null, "description": null } })
    );
    assert_eq!(row("update_status")["status"], minutes(541, 541));
    let mut ids: Vec<_> = rows.iter().map(|row| row["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rows.len());

    let ticket = world
        .get(&format!("tickets/{id}?include=metric_events"))
        .await
        .body["ticket"]
        .clone();
    let of_ticket = ticket["metric_events"]["reply_time"].as_array().unwrap();
    assert_eq!(of_ticket.len(), 5);
    assert!(of_ticket.iter().all(|row| rows.contains(row)));
}

#[tokio::test]
async fn metric_events_go_on_from_where_a_client_stopped() {
    let world = World::new().await;
    let first = world.letter("normal").await;
    world.advance(30);
    let early = world
        .get("incremental/ticket_metric_events?start_time=0")
        .await
        .body;
    assert_eq!(
        told(&early),
        [""; 0],
        "what is younger than a minute is not told yet"
    );
    world.advance(90);
    let body = world.get(&path(&early["next_page"])).await.body;
    assert!(
        told(&body).contains(&"reply_time 1 activate 12:00".to_owned()),
        "{body}"
    );
    assert_eq!(body["end_time"], 1_772_452_860, "a minute before now");
    assert_eq!(
        body["next_page"],
        "https://desk.example.com/api/v2/incremental/ticket_metric_events.json?start_time=1772452860"
    );
    world.letter("normal").await;
    world.advance(MINUTE);
    world.change(first, answer("open")).await;
    world.advance(2 * MINUTE);
    let next = world.get(&path(&body["next_page"])).await.body;
    let rows = next["ticket_metric_events"].as_array().unwrap();
    let of_first: Vec<_> = rows
        .iter()
        .filter(|row| row["ticket_id"] == first)
        .map(|row| row["type"].clone())
        .collect();
    assert!(of_first.contains(&json!("fulfill")), "{next}");
    assert!(
        rows.iter()
            .all(|row| row["time"].as_str().unwrap() >= "2026-03-02T12:01:00Z"),
        "{next}"
    );
    assert!(rows.iter().any(|row| row["ticket_id"] == first + 1), "{next}");
    let last = world.get(&path(&next["next_page"])).await.body;
    assert_eq!(
        (&last["count"], &last["end_of_stream"]),
        (&json!(0), &json!(true))
    );
}

#[tokio::test]
async fn metric_events_are_found_whatever_the_day_their_ticket_changed_last() {
    let world = World::new().await;
    let first = world.letter("normal").await;
    world.advance(3 * 24 * HOUR);
    let second = world.letter("normal").await;
    world.advance(2 * 24 * HOUR);
    world.change(first, json!({ "subject": "Other" })).await;
    world.advance(HOUR);
    let tickets = |body: &Value| {
        let rows = body["ticket_metric_events"].as_array().unwrap().iter();
        let mut ids: Vec<_> = rows.map(|row| row["ticket_id"].as_u64().unwrap()).collect();
        ids.dedup();
        ids
    };
    let all = world
        .get("incremental/ticket_metric_events?start_time=0")
        .await
        .body;
    assert_eq!(tickets(&all), [first, second], "in the order of what happened");
    let later = world
        .get("incremental/ticket_metric_events?start_time=2026-03-03T00:00:00Z")
        .await
        .body;
    assert_eq!(
        tickets(&later),
        [second],
        "the first ticket's clocks turned before"
    );
    let none = world
        .get("incremental/ticket_metric_events?start_time=2030-01-01T00:00:00Z")
        .await
        .body;
    assert_eq!((tickets(&none), &none["end_of_stream"]), (vec![], &json!(true)));
    assert_eq!(none["end_time"], 1_893_456_000);
}

#[tokio::test]
async fn metric_events_are_paged_by_cursor_and_walk_over_tickets() {
    let world = World::new().await;
    for _ in 0..3 {
        world.letter("normal").await;
        world.advance(MINUTE);
    }
    world.advance(HOUR);
    let all = world
        .get("incremental/ticket_metric_events?start_time=0")
        .await
        .body;
    let ids = |body: &Value| {
        let rows = body["ticket_metric_events"].as_array().unwrap().iter();
        rows.map(|row| row["id"].clone().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(all.get("meta"), None);
    let walked = "behind_place=1772452800.0&settled_time=1772456520&";
    for more in ["", walked] {
        let mut next =
            format!("incremental/ticket_metric_events?start_time=0&page[size]=1&{more}include=None");
        let mut told = vec![];
        let mut pages = 0;
        loop {
            let body = world.get(&next).await.body;
            told.extend(ids(&body));
            pages += 1;
            let after = body["meta"]["after_cursor"].as_str().unwrap();
            let by_cursor = format!("incremental/ticket_metric_events?page[size]=1&page[after]={after}");
            let link = &body["links"]["next"];
            if body["meta"]["has_more"] == false {
                assert_eq!((link, &body["end_of_stream"]), (&Value::Null, &json!(true)));
                break;
            }
            assert!(link.as_str().unwrap().contains("include=None"), "{link}");
            next = path(link);
            assert_eq!(
                ids(&world.get(&by_cursor).await.body),
                ids(&world.get(&next).await.body)
            );
            assert!(pages < 20, "it ends");
        }
        let mut expected = ids(&all);
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{more}");
    }
}

#[tokio::test]
async fn a_start_time_is_seconds_or_a_time_in_words() {
    let world = World::new().await;
    world.letter("normal").await;
    world.advance(2 * MINUTE);
    for start in [
        "1772452800",
        "1772452800.0",
        "2026-03-02T12:00:00Z",
        "2026-03-02T13:00:00%2B01:00",
    ] {
        let reply = world
            .get(&format!("incremental/ticket_metric_events?start_time={start}"))
            .await;
        assert!(reply.body["count"].as_u64() > Some(0), "{start}: {}", reply.body);
    }
    let later = world
        .get("incremental/ticket_metric_events?start_time=1772452801")
        .await
        .body;
    assert_eq!(later["count"], 0);
    for start in ["", "soon", "-1", "99999999999999999"] {
        let reply = world
            .get(&format!("incremental/ticket_metric_events?start_time={start}"))
            .await;
        assert_eq!(reply.status, 400, "{start}");
    }
    assert_eq!(world.get("incremental/ticket_metric_events").await.status, 400);
}

#[tokio::test]
async fn tickets_bring_along_how_their_promises_stand() {
    let world = World::new().await;
    let id = world.letter("normal").await;
    let ticket = || async {
        let body = world.get(&format!("tickets/{id}?include=slas")).await.body;
        let ticket = &body["ticket"];
        assert_eq!(
            ticket["docket"]["sla_policy_id"],
            ticket["slas"]["docket"]["policy_id"]
        );
        assert!(ticket["docket"]["sla_policy_id"].is_u64(), "{ticket}");
        ticket["slas"].clone()
    };
    world.advance(30 * MINUTE);
    let slas = ticket().await;
    assert_eq!(
        slas["policy_metrics"][0],
        json!({
            "metric": "first_reply_time", "stage": "active", "breach_at": "2026-03-02T20:00:00Z",
            "target": 480, "target_in_seconds": 28800, "business_hours": false, "hours": 7,
            "docket": { "instance": 1, "is_breached": false },
        })
    );
    assert_eq!(slas["policy_metrics"][1]["metric"], "total_resolution_time");
    world.change(id, answer("pending")).await;
    let stages = |slas: &Value| {
        let rows = slas["policy_metrics"].as_array().unwrap().iter();
        rows.map(|row| {
            (
                row["metric"].as_str().unwrap().to_owned(),
                row["stage"].as_str().unwrap().to_owned(),
                row["breach_at"].is_null(),
            )
        })
        .collect::<Vec<_>>()
    };
    let row = |metric: &str, stage: &str, no_due: bool| (metric.to_owned(), stage.to_owned(), no_due);
    assert_eq!(
        stages(&ticket().await),
        [
            row("first_reply_time", "achieved", true),
            row("total_resolution_time", "paused", true)
        ]
    );
    let list = world.get("tickets?include=slas").await.body;
    assert_eq!(list["tickets"][0]["slas"], ticket().await);
    let many = world
        .get(&format!("tickets/show_many?ids={id}&include=slas,users"))
        .await
        .body;
    assert_eq!(many["tickets"][0]["slas"], ticket().await);
}

#[tokio::test]
async fn a_ticket_without_a_policy_has_no_promises() {
    let world = World::new().await;
    world.promise_urgent_tickets_only().await;
    let normal = world.letter("normal").await;
    let urgent = world.letter("urgent").await;
    let metrics = |id: u64| {
        let path = format!("tickets/{id}?include=slas");
        let world = &world;
        async move { world.get(&path).await.body["ticket"]["slas"]["policy_metrics"].clone() }
    };
    assert_eq!(metrics(normal).await, json!([]));
    assert_eq!(metrics(urgent).await[0]["target"], 10);
}
