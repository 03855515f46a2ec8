//! Views as they are shown: page by page, in columns, counted.

use crate::{
    support::{BO, World},
    views::{call, clause, saved},
    views_running::{Dice, Searching, fill, ids, path_of},
};
use docket_domain::{
    ViewId,
    view::{View, ViewCondition, ViewValue},
};
use docket_projection::{Counters, Projections};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn pages_by_cursor_stay_while_tickets_come_and_change() {
    let desk = Searching::new().await;
    let mut dice = Dice(9);
    fill(&desk.world, 40, &mut dice).await;
    desk.index().await;
    let view = saved(
        &desk.world,
        json!({ "title": "All", "all": [clause("status", "less_than", "closed")],
        "output": { "sort_by": "created", "sort_order": "desc", "group_by": "requester" } }),
    )
    .await;
    let mut path = format!("views/{}/execute?page[size]=7", view["id"]);
    let mut seen = Vec::new();
    let mut step = 0;
    loop {
        let page = desk.get(&path).await;
        seen.extend(ids(&page["rows"], "ticket_id"));
        let Some(next) = path_of(&page["links"]["next"]) else {
            break;
        };
        assert_eq!(page["meta"]["has_more"], true);
        path = next;
        // Others come, change and are solved between any two pages.
        step += 1;
        fill(&desk.world, 2, &mut dice).await;
        desk.world
            .change(
                step * 5,
                json!({ "priority": "low", "tags": [format!("t{step}")] }),
            )
            .await;
        // The index is never more than an hour behind.
        desk.index().await;
    }
    let old: Vec<u64> = seen.iter().copied().filter(|id| *id <= 40).collect();
    let each: BTreeSet<u64> = seen.iter().copied().collect();
    assert_eq!(each.len(), seen.len(), "none twice: {seen:?}");
    assert_eq!(old.len(), 40, "all that were there before: {old:?}");
    // A cursor of one order is none of another.
    let path = path.replace("execute.json?", "execute.json?sort_by=updated&");
    let (status, body) = call(&desk.world, BO, "GET", &path, Value::Null).await;
    assert_eq!(
        (status, body["details"]["page[after]"].is_array()),
        (422, true),
        "{body}"
    );
}

#[tokio::test]
async fn a_row_shows_the_columns_of_its_view() {
    let desk = Searching::new().await;
    let id = desk.world.ticket("Lamp, dark").await;
    desk.world
        .change(id, json!({ "assignee_id": 2, "priority": "high", "group_id": 1 }))
        .await;
    let other = desk.world.ticket("=1+1").await;
    desk.index().await;
    let view = saved(&desk.world, json!({ "title": "Mine", "all": [clause("status", "less_than", "solved")],
        "output": { "columns": ["subject", "requester", "assignee", "priority", "created"], "group_by": "status",
            "sort_by": "nice_id" } })).await;
    let path = format!("views/{}", view["id"]);
    let page = desk.get(&format!("{path}/execute")).await;
    let row = page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["ticket_id"] == id)
        .unwrap();
    assert_eq!(
        (
            &row["subject"],
            &row["requester"],
            &row["assignee"],
            &row["priority"]
        ),
        (
            &json!("Lamp, dark"),
            &json!("Ann"),
            &json!("Bo Agent"),
            &json!("high")
        )
    );
    assert_eq!((&row["assignee_id"], &row["status"]), (&json!(2), &json!("open")));
    assert_eq!(row["ticket"]["id"], id);
    let columns: Vec<&str> = page["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        columns,
        ["subject", "requester", "assignee", "priority", "created"]
    );
    assert_eq!((&page["view"]["id"], &page["count"]), (&view["id"], &json!(2)));
    assert!(
        page["users"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["name"] == "Ann")
    );
    assert_eq!(page["groups"][0]["name"], "Support");
    // The same tickets in the shape of a list of tickets, with what is asked to be brought along.
    let listed = desk
        .get(&format!(
            "{path}/tickets?include=users&sort_by=nice_id&sort_order=desc&group_by=requester"
        ))
        .await;
    assert_eq!(ids(&listed["tickets"], "id"), [other, id]);
    assert!(listed["users"].is_array());
    assert_eq!(listed["next_page"], Value::Null);
    let first = desk
        .get(&format!(
            "{path}/tickets?per_page=1&sort_by=nice_id&group_by=requester"
        ))
        .await;
    assert_eq!(
        (ids(&first["tickets"], "id"), first["count"].as_u64()),
        (vec![id], Some(2))
    );
    let second = desk.get(&path_of(&first["next_page"]).unwrap()).await;
    assert_eq!(
        (ids(&second["tickets"], "id"), &second["next_page"]),
        (vec![other], &Value::Null)
    );
    for wrong in [
        "sort_by=subject",
        "group_by=nice_id",
        "sort_by=status&sort_order=up",
        "page[after]=x",
    ] {
        let (status, body) = call(
            &desk.world,
            BO,
            "GET",
            &format!("{path}/execute?{wrong}"),
            Value::Null,
        )
        .await;
        assert_eq!(status, 422, "{wrong}: {body}");
    }
    // As a table.
    let export = desk.get(&format!("{path}/export")).await;
    let table = export["export"]["csv"].as_str().unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "Subject,Requester,Assignee,Priority,Requested");
    assert!(
        lines[1..]
            .iter()
            .any(|line| line.starts_with("\"Lamp, dark\",Ann,Bo Agent,high,2026-03-02")),
        "{table}"
    );
    assert!(
        lines[1..].iter().any(|line| line.starts_with("'=1+1,Ann,")),
        "{table}"
    );
}

#[tokio::test]
async fn a_count_is_kept_for_half_a_minute_and_those_of_every_desk_are_counters() {
    let desk = Searching::new().await;
    for (subject, assignee) in [("a", 2), ("b", 2), ("c", 3)] {
        let id = desk.world.ticket(subject).await;
        desk.world.change(id, json!({ "assignee_id": assignee })).await;
    }
    let waiting = desk.world.ticket("d").await;
    desk.world.change(waiting, json!({ "group_id": 1 })).await;
    desk.index().await;
    let view = saved(
        &desk.world,
        json!({ "title": "Bo's", "all": [clause("assignee_id", "is", "current_user")] }),
    )
    .await;
    let path = format!("views/{}/count", view["id"]);
    let counted = desk.get(&path).await["view_count"].clone();
    assert_eq!(
        (&counted["value"], &counted["pretty"], &counted["fresh"]),
        (&json!(2), &json!("2"), &json!(true))
    );
    let id = desk.world.ticket("e").await;
    desk.world.change(id, json!({ "assignee_id": 2 })).await;
    assert_eq!(desk.get(&path).await["view_count"]["value"], 2);
    desk.world.advance(29);
    let kept = desk.get(&path).await["view_count"].clone();
    assert_eq!(
        (&kept["value"], &kept["docket"]["age_seconds"]),
        (&json!(2), &json!(29))
    );
    desk.world.advance(1);
    assert_eq!(desk.get(&path).await["view_count"]["value"], 3);
    // Another person's count is another.
    let (_, of_cy) = call(&desk.world, "cy@desk.example.com", "GET", &path, Value::Null).await;
    assert_eq!(of_cy["view_count"]["value"], 1);
    // Without counters by the index, with them by them: the same.
    let standing = |all: &Value| {
        let rows = all["view_counts"].as_array().unwrap().iter();
        rows.map(|row| row["value"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let many = "views/count_many?ids=1,2,3,4,5,6,7,8";
    let by_index = standing(&desk.get(many).await);
    Projections::new(desk.world.desk.store(), &Counters)
        .catch_up()
        .await
        .unwrap();
    desk.world.advance(31);
    let by_counters = standing(&desk.get(many).await);
    assert_eq!(by_index, by_counters);
    assert_eq!(by_counters[..3], [3, 1, 5]);
    for id in 1..=8 {
        let rows = desk.get(&format!("views/{id}/execute")).await;
        assert_eq!(
            rows["rows"].as_array().unwrap().len() as u64,
            by_counters[id - 1],
            "{id}"
        );
    }
    let (_, previewed) = call(
        &desk.world,
        BO,
        "POST",
        "views/preview/count",
        json!({ "view": { "all": [clause("assignee_id", "is", "")] } }),
    )
    .await;
    assert_eq!(previewed["view_count"]["value"], 1);
}

#[tokio::test]
async fn a_view_that_can_not_be_answered_leaves_the_others_their_counts() {
    let desk = Searching::new().await;
    let id = desk.world.ticket("a").await;
    desk.world.change(id, json!({ "assignee_id": 2 })).await;
    desk.index().await;
    // As it was saved before such conditions were looked at.
    let store = desk.world.desk.store();
    let mut view = View::new(ViewId(5_000), "Old", desk.world.desk.now());
    view.all = vec![ViewCondition {
        field: "nothing_known".to_owned(),
        operator: "is".to_owned(),
        value: ViewValue::One("1".to_owned()),
    }];
    let by = desk.world.desk.by_system("a test");
    let writes = store.views().new_writes(&view, &by).unwrap();
    store.commit_writes(vec![], writes.to_vec()).await.unwrap();
    let (status, _) = call(&desk.world, BO, "GET", "views/5000/count", Value::Null).await;
    assert_eq!(status, 422);
    let counted = desk.get("views/count_many?ids=5000,1").await["view_counts"].clone();
    assert_eq!(
        (&counted[0]["view_id"], &counted[0]["value"], &counted[0]["fresh"]),
        (&json!(5_000), &Value::Null, &json!(false))
    );
    assert!(counted[0]["docket"]["refused"].is_string(), "{counted}");
    assert_eq!(counted[1]["value"], 1);
}

#[tokio::test]
async fn who_is_in_copy_comes_along_with_a_view_only_where_that_is_asked_for() {
    let desk = Searching::new().await;
    let id = desk.world.ticket("a").await;
    let copy = json!({ "followers": [{ "user_id": 3, "action": "put" }] });
    desk.world.change(id, copy).await;
    desk.index().await;
    let view = saved(
        &desk.world,
        json!({ "title": "New", "all": [clause("status", "is_not", "closed")] }),
    )
    .await;
    let run = desk.get(&format!("views/{}/execute", view["id"])).await;
    assert!(!run["users"].as_array().unwrap().is_empty());
    let listed = desk
        .get(&format!("views/{}/tickets?include=users", view["id"]))
        .await;
    let cy = |users: &Value| users.as_array().unwrap().iter().any(|row| row["id"] == 3);
    assert_eq!((cy(&run["users"]), cy(&listed["users"])), (false, true));
}

#[tokio::test]
async fn a_view_whose_search_does_not_answer_is_503() {
    let world = World::new().await;
    let view = saved(
        &world,
        json!({ "title": "x", "all": [clause("status", "is", "open")] }),
    )
    .await;
    for path in ["execute", "tickets", "count", "export"] {
        let path = format!("views/{}/{path}", view["id"]);
        assert_eq!(call(&world, BO, "GET", &path, Value::Null).await.0, 503, "{path}");
    }
}
