use crate::support::{ADMIN, BO, World};
use http::Request;
use serde_json::{Value, json};

const SCHEDULES: &str = "business_hours/schedules";

async fn write(world: &World, method: &str, path: &str, body: Value) -> (u16, Value) {
    let reply = world.call_as(ADMIN, method, path, &[], Some(body)).await;
    (reply.status.as_u16(), reply.body)
}

/// A schedule called `Office`, with id 1.
async fn with_office() -> World {
    let world = World::new().await;
    let body = json!({ "schedule": { "name": "Office", "time_zone": "europe/berlin" } });
    let (status, made) = write(&world, "POST", SCHEDULES, body).await;
    assert_eq!((status, &made["schedule"]["id"]), (201, &json!(1)), "{made}");
    world
}

async fn add_holiday(world: &World, holiday: Value) -> (u16, Value) {
    let path = format!("{SCHEDULES}/1/holidays.json");
    write(world, "POST", &path, json!({ "holiday": holiday })).await
}

async fn holidays(world: &World) -> Vec<(u64, String, String)> {
    let body = world.get(&format!("{SCHEDULES}/1/holidays.json")).await.body;
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = body["holidays"].as_array().unwrap().iter();
    rows.map(|row| {
        (
            row["id"].as_u64().unwrap(),
            text(row, "start_date"),
            text(row, "end_date"),
        )
    })
    .collect()
}

async fn import(world: &World, file: &str) -> (u16, Value) {
    let request = Request::post(format!("/api/v2/{SCHEDULES}/1/holidays/import"))
        .header("host", "desk.example.com")
        .header("authorization", format!("Bearer {}", world.token))
        .header("content-type", "text/calendar");
    let reply = world.send(request.body(file.to_owned().into()).unwrap()).await;
    (reply.status.as_u16(), reply.body)
}

#[tokio::test]
async fn a_schedule_is_made_shown_changed_and_removed() {
    let world = with_office().await;
    let shown = world.get(&format!("{SCHEDULES}/1.json")).await.body["schedule"].clone();
    assert_eq!(
        (&shown["name"], &shown["time_zone"]),
        (&json!("Office"), &json!("Europe/Berlin")),
        "the zone has the database's spelling"
    );
    assert_eq!(shown["intervals"].as_array().unwrap().len(), 5);
    assert_eq!(
        shown["intervals"][0],
        json!({ "start_time": 1980, "end_time": 2460 })
    );
    assert_eq!(shown["created_at"], "2026-03-02T12:00:00Z");
    world.advance(60);
    let body = json!({ "schedule": { "name": "Head office", "time_zone": "UTC" } });
    let (status, changed) = write(&world, "PUT", &format!("{SCHEDULES}/1"), body).await;
    assert_eq!(
        (status, &changed["schedule"]["name"]),
        (200, &json!("Head office"))
    );
    assert_eq!(
        changed["schedule"]["intervals"], shown["intervals"],
        "what is not sent stays"
    );
    assert_eq!(changed["schedule"]["created_at"], shown["created_at"]);
    assert_eq!(changed["schedule"]["updated_at"], "2026-03-02T12:01:00Z");
    let list = world.get(&format!("{SCHEDULES}.json")).await.body;
    assert_eq!(
        (&list["count"], &list["schedules"][0]),
        (&json!(1), &changed["schedule"])
    );
    assert_eq!(
        list["url"],
        "https://desk.example.com/api/v2/business_hours/schedules.json"
    );
    let gone = world
        .call_as(ADMIN, "DELETE", &format!("{SCHEDULES}/1"), &[], None)
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(world.get(&format!("{SCHEDULES}/1")).await.status, 404);
}

#[tokio::test]
async fn the_week_is_minutes_since_sunday() {
    let world = with_office().await;
    let path = format!("{SCHEDULES}/1/workweek.json");
    let intervals =
        json!([{ "start_time": 3420, "end_time": 3900 }, { "start_time": 2760, "end_time": 3240 }]);
    let (status, body) = write(
        &world,
        "PUT",
        &path,
        json!({ "workweek": { "intervals": intervals } }),
    )
    .await;
    let cut = json!([
        { "start_time": 2760, "end_time": 2880 },
        { "start_time": 2880, "end_time": 3240 },
        { "start_time": 3420, "end_time": 3900 },
    ]);
    assert_eq!((status, &body["workweek"]["intervals"]), (200, &cut));
    let shown = world.get(&format!("{SCHEDULES}/1")).await.body["schedule"].clone();
    assert_eq!(
        shown["docket"]["week"],
        json!([
            { "day": "tuesday", "start": "09:00", "end": "17:00" },
            { "day": "monday", "start": "22:00", "end": "30:00" },
        ])
    );
    let (_, again) = write(
        &world,
        "PUT",
        &format!("{SCHEDULES}/1"),
        json!({ "schedule": shown }),
    )
    .await;
    assert_eq!(
        again["schedule"]["docket"], shown["docket"],
        "sent back as shown it stays"
    );
    for (intervals, field, words) in [
        (json!([]), "intervals", "no opening hours"),
        (Value::Null, "intervals", "blank"),
        (
            json!([{ "start_time": 100, "end_time": 100 }]),
            "intervals[0]",
            "not after",
        ),
        (
            json!([{ "start_time": 20_000, "end_time": 20_001 }]),
            "intervals[0]",
            "minutes of a week",
        ),
        (
            json!([{ "start_time": 0, "end_time": 60 }, { "start_time": 30, "end_time": 90 }]),
            "intervals",
            "overlaps",
        ),
        (
            json!([{ "start_time": -1, "end_time": 60 }]),
            "intervals[0].start_time",
            "invalid value",
        ),
    ] {
        let body = json!({ "workweek": { "intervals": intervals } });
        let (status, body) = write(&world, "PUT", &path, body).await;
        assert_eq!(status, 422, "{intervals}: {body}");
        assert!(
            body["details"][field].to_string().contains(words),
            "{intervals}: {body}"
        );
    }
}

#[tokio::test]
async fn dates_with_other_hours_stand_under_docket() {
    let world = with_office().await;
    let dates = json!([{ "date": "2026-12-24", "spans": [{ "start": "09:00", "end": "12:00" }] }]);
    let body = json!({ "schedule": { "docket": { "dates": dates } } });
    let (status, changed) = write(&world, "PUT", &format!("{SCHEDULES}/1"), body).await;
    assert_eq!((status, &changed["schedule"]["docket"]["dates"]), (200, &dates));
    let twice = json!({ "schedule": { "docket": { "dates": [dates[0], dates[0]] } } });
    let (status, body) = write(&world, "PUT", &format!("{SCHEDULES}/1"), twice).await;
    assert_eq!(status, 422);
    assert!(
        body["details"]["docket.dates"].to_string().contains("2026-12-24"),
        "{body}"
    );
}

#[tokio::test]
async fn a_schedule_that_could_not_work_is_refused_with_its_field() {
    let world = with_office().await;
    for (record, field, words) in [
        (json!({ "time_zone": "UTC" }), "name", "blank"),
        (json!({ "name": "New" }), "time_zone", "blank"),
        (
            json!({ "name": "New", "time_zone": "Pacific Time (US & Canada)" }),
            "time_zone",
            "Europe/Berlin",
        ),
        (json!({ "name": "Office", "time_zone": "UTC" }), "name", "called"),
    ] {
        let (status, body) = write(&world, "POST", SCHEDULES, json!({ "schedule": record })).await;
        assert_eq!(status, 422, "{record}: {body}");
        assert!(
            body["details"][field].to_string().contains(words),
            "{record}: {body}"
        );
    }
    assert_eq!(world.get(SCHEDULES).await.body["count"], 1);
}

#[tokio::test]
async fn a_holiday_lasts_from_a_day_to_a_day() {
    let world = with_office().await;
    let summer = json!({ "name": "Summer", "start_date": "2026-08-03", "end_date": "2026-08-05" });
    let (status, made) = add_holiday(&world, summer).await;
    assert_eq!(
        (status, &made["holiday"]),
        (
            201,
            &json!({ "id": 20_260_803, "name": "Summer", "start_date": "2026-08-03", "end_date": "2026-08-05", "docket": { "every_year": false } })
        )
    );
    let path = format!("{SCHEDULES}/1/holidays/20260803");
    assert_eq!(
        world.get(&format!("{path}.json")).await.body["holiday"],
        made["holiday"]
    );
    let (status, moved) = write(
        &world,
        "PUT",
        &path,
        json!({ "holiday": { "end_date": "2026-08-04", "name": "Heat" } }),
    )
    .await;
    assert_eq!(
        (status, &moved["holiday"]["end_date"], &moved["holiday"]["name"]),
        (200, &json!("2026-08-04"), &json!("Heat"))
    );
    let (_, moved) = write(
        &world,
        "PUT",
        &path,
        json!({ "holiday": { "start_date": "2026-08-04" } }),
    )
    .await;
    assert_eq!(moved["holiday"]["id"], 20_260_804, "it is known by its first day");
    assert_eq!(world.get(&path).await.status, 404);
    let gone = world
        .call_as(
            ADMIN,
            "DELETE",
            &format!("{SCHEDULES}/1/holidays/20260804"),
            &[],
            None,
        )
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(holidays(&world).await, []);
}

#[tokio::test]
async fn a_holiday_of_every_year_is_shown_in_this_year() {
    let world = with_office().await;
    let christmas = json!({ "name": "Christmas", "start_date": "2020-12-25", "end_date": "2020-12-26", "docket": { "every_year": true } });
    let (status, made) = add_holiday(&world, christmas).await;
    assert_eq!(
        (status, &made["holiday"]["docket"]["every_year"]),
        (201, &json!(true))
    );
    assert_eq!(
        holidays(&world).await,
        [(1225, "2026-12-25".to_owned(), "2026-12-26".to_owned())]
    );
    let (_, once) = write(
        &world,
        "PUT",
        &format!("{SCHEDULES}/1/holidays/1225"),
        json!({ "holiday": { "start_date": "2026-12-25", "docket": { "every_year": false } } }),
    )
    .await;
    assert_eq!(
        (&once["holiday"]["id"], &once["holiday"]["end_date"]),
        (&json!(20_261_225), &json!("2026-12-26"))
    );
}

#[tokio::test]
async fn a_holiday_that_could_not_be_is_refused_with_its_field() {
    let world = with_office().await;
    add_holiday(&world, json!({ "name": "May Day", "start_date": "2026-05-01" })).await;
    for (record, field, words) in [
        (json!({ "start_date": "2026-06-01" }), "name", "blank"),
        (json!({ "name": "x" }), "start_date", "blank"),
        (
            json!({ "name": "x", "start_date": "2026-05-01" }),
            "start_date",
            "May Day",
        ),
        (
            json!({ "name": "x", "start_date": "2026-05-04", "end_date": "2026-05-03" }),
            "end_date",
            "before",
        ),
        (
            json!({ "name": "x", "start_date": "2026-06-01", "end_date": "2026-07-10" }),
            "end_date",
            "at most 31",
        ),
        (
            json!({ "name": "x", "start_date": "Whitsun" }),
            "start_date",
            "Whitsun",
        ),
    ] {
        let (status, body) = add_holiday(&world, record.clone()).await;
        assert_eq!(status, 422, "{record}: {body}");
        let told = body["details"][field].to_string();
        assert!(told.contains(words), "{record}: {body}");
    }
    assert_eq!(holidays(&world).await.len(), 1);
}

#[tokio::test]
async fn an_icalendar_file_is_taken_in_once_and_tells_what_was_passed_over() {
    let world = with_office().await;
    add_holiday(&world, json!({ "name": "Ours", "start_date": "2026-05-01" })).await;
    let file = "BEGIN:VCALENDAR\r\n\
        BEGIN:VEVENT\r\nSUMMARY:Labour Day\r\nDTSTART;VALUE=DATE:20260501\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nSUMMARY:Easter\r\nDTSTART;VALUE=DATE:20260405\r\nDTEND;VALUE=DATE:20260407\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nSUMMARY:Meeting\r\nDTSTART:20260505T090000Z\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";
    let (status, body) = import(&world, file).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["holidays"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&body["holidays"][0]["name"], &body["holidays"][0]["end_date"]),
        (&json!("Easter"), &json!("2026-04-06"))
    );
    let skipped: Vec<_> = body["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(skipped, ["Meeting", "Labour Day"]);
    assert!(
        body["skipped"][1]["reason"].as_str().unwrap().contains("Ours"),
        "{body}"
    );
    assert!(body["skipped"][0]["line"].as_u64() > Some(1));
    let version = world.get(&format!("{SCHEDULES}/1")).await.body["schedule"]["docket"]["version"].clone();
    assert_eq!(import(&world, file).await.1["holidays"], json!([]));
    let after = world.get(&format!("{SCHEDULES}/1")).await.body["schedule"]["docket"]["version"].clone();
    assert_eq!(version, after, "the same file again changes nothing");
    assert_eq!(import(&world, "hello").await.0, 400);
}

#[tokio::test]
async fn a_schedule_that_a_policy_counts_by_stays() {
    let world = with_office().await;
    let policy = json!({ "sla_policy": {
        "title": "Gold",
        "filter": { "all": [] },
        "policy_metrics": [{ "priority": "low", "metric": "first_reply_time", "target": 60, "business_hours": true }],
    } });
    let (status, made) = write(&world, "POST", "slas/policies", policy).await;
    assert_eq!(
        (status, &made["sla_policy"]["docket"]["calendar_id"]),
        (201, &json!(1)),
        "the first one: {made}"
    );
    assert_eq!(made["sla_policy"]["policy_metrics"][0]["business_hours"], true);
    let refused = world
        .call_as(ADMIN, "DELETE", &format!("{SCHEDULES}/1"), &[], None)
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.body["details"]["base"].to_string().contains("Gold"),
        "{}",
        refused.body
    );
    let always = json!({ "sla_policy": { "docket": { "calendar_id": null } } });
    let (status, changed) = write(&world, "PUT", "slas/policies/1", always).await;
    assert_eq!(
        (status, &changed["sla_policy"]["docket"]["calendar_id"]),
        (200, &Value::Null)
    );
    assert_eq!(
        world
            .call_as(ADMIN, "DELETE", &format!("{SCHEDULES}/1"), &[], None)
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn only_admins_change_schedules_and_a_repeat_makes_one() {
    let world = with_office().await;
    let body = json!({ "schedule": { "name": "Night", "time_zone": "UTC" } });
    let holiday = json!({ "holiday": { "name": "May Day", "start_date": "2026-05-01" } });
    let one = format!("{SCHEDULES}/1");
    for (method, path) in [
        ("POST", SCHEDULES.to_owned()),
        ("PUT", one.clone()),
        ("PUT", format!("{one}/workweek")),
        ("DELETE", one.clone()),
        ("POST", format!("{one}/holidays")),
        ("PUT", format!("{one}/holidays/20260501")),
        ("DELETE", format!("{one}/holidays/20260501")),
        ("POST", format!("{one}/holidays/import")),
    ] {
        let reply = world.call_as(BO, method, &path, &[], Some(body.clone())).await;
        assert_eq!(reply.status, 403, "{method} {path}");
    }
    for (path, body, key) in [
        (SCHEDULES.to_owned(), body, "one"),
        (format!("{one}/holidays"), holiday, "two"),
    ] {
        let mut answers = Vec::new();
        for lookup in ["miss", "hit"] {
            let once = [("idempotency-key", key)];
            let made = world
                .call_as(ADMIN, "POST", &path, &once, Some(body.clone()))
                .await;
            assert_eq!(made.status, 201, "{}", made.body);
            assert_eq!(made.headers["x-idempotency-lookup"], lookup);
            answers.push(made.body);
        }
        assert_eq!(answers[0], answers[1]);
    }
    assert_eq!(world.get(SCHEDULES).await.body["count"], 2);
    assert_eq!(holidays(&world).await.len(), 1);
}
