//! Views: made, listed, changed, taken away, and who may.

use crate::support::{ADMIN, BO, World};
use serde_json::{Value, json};

const CY: &str = "cy@desk.example.com";

pub fn clause(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({ "field": field, "operator": operator, "value": value.into() })
}

pub async fn call(world: &World, who: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
    let body = Some(body).filter(|body| !body.is_null());
    let reply = world.call_as(who, method, path, &[], body).await;
    (reply.status.as_u16(), reply.body)
}

/// A view that an admin saves; its record.
pub async fn saved(world: &World, record: Value) -> Value {
    let (status, body) = call(world, ADMIN, "POST", "views.json", json!({ "view": record })).await;
    assert_eq!(status, 201, "{body}");
    body["view"].clone()
}

async fn titles(world: &World, who: &str, path: &str) -> Vec<String> {
    let (status, body) = call(world, who, "GET", path, Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let rows = body["views"].as_array().unwrap().iter();
    let saved = rows.filter(|row| row["default"] == false);
    saved
        .map(|row| row["title"].as_str().unwrap().to_owned())
        .collect()
}

fn urgent(title: &str) -> Value {
    json!({
        "title": title,
        "all": [clause("status", "less_than", "solved")],
        "any": [clause("priority", "is", "urgent"), clause("current_tags", "includes", "vip")],
        "output": {
            "columns": ["status", "requester", "created"],
            "group_by": "priority", "group_order": "desc",
            "sort_by": "updated", "sort_order": "desc",
        },
    })
}

#[tokio::test]
async fn a_view_is_made_shown_changed_and_removed() {
    let world = World::new().await;
    let made = saved(&world, urgent("Urgent ones")).await;
    let id = made["id"].as_u64().unwrap();
    assert_eq!(
        made["url"],
        format!("https://desk.example.com/api/v2/views/{id}.json")
    );
    assert_eq!(made["conditions"]["any"], urgent("")["any"]);
    assert_eq!(
        (&made["active"], &made["restriction"]),
        (&json!(true), &Value::Null)
    );
    let execution = &made["execution"];
    assert_eq!(
        execution["group"],
        json!({ "id": "priority", "title": "Priority", "order": "desc" })
    );
    assert_eq!(
        (&execution["sort_by"], &execution["sort_order"]),
        (&json!("updated"), &json!("desc"))
    );
    assert_eq!(
        execution["columns"][1],
        json!({ "id": "requester", "title": "Requester" })
    );

    // What it is shown as, sent back, changes nothing but what was changed.
    let mut again = made.clone();
    again["title"] = json!("Urgent and VIP");
    again["position"] = json!(2);
    let path = format!("views/{id}");
    let (status, changed) = call(&world, ADMIN, "PUT", &path, json!({ "view": again })).await;
    assert_eq!(status, 200, "{changed}");
    let (_, shown) = call(&world, BO, "GET", &path, Value::Null).await;
    let mut expected = made.clone();
    for field in ["title", "raw_title"] {
        expected[field] = json!("Urgent and VIP");
    }
    expected["position"] = json!(2);
    assert_eq!(shown["view"], expected);

    let partly = json!({ "view": { "all": [clause("type", "is", "incident")], "any": [],
        "output": { "group_by": null, "columns": ["subject", "nice_id"] }, "active": false } });
    call(&world, ADMIN, "PUT", &path, partly).await;
    let (_, shown) = call(&world, BO, "GET", &path, Value::Null).await;
    let view = &shown["view"];
    assert_eq!(
        view["conditions"],
        json!({ "all": [clause("type", "is", "incident")], "any": [] })
    );
    assert_eq!(
        (&view["execution"]["group"], &view["active"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(view["execution"]["sort_by"], "updated");

    let (status, _) = call(&world, ADMIN, "DELETE", &path, Value::Null).await;
    assert_eq!(status, 204);
    assert_eq!(call(&world, ADMIN, "GET", &path, Value::Null).await.0, 404);
    assert_eq!(call(&world, ADMIN, "DELETE", &path, Value::Null).await.0, 404);
    // An id is never given twice, and every change left its event.
    assert_ne!(saved(&world, urgent("Other")).await["id"], id);
    let subject = docket_domain::audit::Subject::View(docket_domain::ViewId(id));
    let events = world.desk.audits().events(subject).await.unwrap();
    assert_eq!(events.len(), 4);
    let verified = world.desk.audits().verify(subject).await.unwrap().unwrap();
    assert_eq!(verified.flaws, []);
}

#[tokio::test]
async fn views_are_listed_searched_and_changed_many_at_once() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for title in ["Zebra stripes", "Apple pie", "Lamp oil"] {
        ids.push(saved(&world, urgent(title)).await["id"].as_u64().unwrap());
    }
    assert_eq!(
        titles(&world, BO, "views.json").await,
        ["Zebra stripes", "Apple pie", "Lamp oil"]
    );
    assert_eq!(
        titles(&world, BO, "views.json?sort_by=alphabetical&sort_order=desc").await,
        ["Zebra stripes", "Lamp oil", "Apple pie"]
    );
    assert_eq!(
        titles(&world, BO, "views/search.json?query=PIE").await,
        ["Apple pie"]
    );
    let many = format!("views/show_many.json?ids={},{},3,9999", ids[2], ids[0]);
    let (_, shown) = call(&world, BO, "GET", &many, Value::Null).await;
    let shown: Vec<&Value> = shown["views"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["id"])
        .collect();
    assert_eq!(shown, [&json!(ids[2]), &json!(ids[0]), &json!(3)]);

    let changes = json!({ "views": [
        { "id": ids[0], "active": false },
        { "id": ids[1], "position": 40 },
    ] });
    let (status, body) = call(&world, ADMIN, "PUT", "views/update_many.json", changes).await;
    assert_eq!(
        (status, body["views"][1]["position"].as_u64()),
        (200, Some(40)),
        "{body}"
    );
    assert_eq!(
        titles(&world, BO, "views/active.json").await,
        ["Lamp oil", "Apple pie"]
    );
    assert_eq!(
        titles(&world, BO, "views.json?active=false").await,
        ["Zebra stripes"]
    );
    assert_eq!(
        titles(&world, BO, "views/compact.json").await,
        ["Lamp oil", "Apple pie"]
    );
    let (_, counted) = call(&world, BO, "GET", "views/count.json", Value::Null).await;
    assert_eq!(counted["count"]["value"], 8 + 3);
    // All of them or none.
    let wrong = json!({ "views": [{ "id": ids[0], "active": true }, { "id": 9999, "active": true }] });
    assert_eq!(
        call(&world, ADMIN, "PUT", "views/update_many.json", wrong)
            .await
            .0,
        404
    );
    assert_eq!(
        titles(&world, BO, "views.json?active=false").await,
        ["Zebra stripes"]
    );

    let gone = format!("views/destroy_many.json?ids={},{}", ids[0], ids[1]);
    assert_eq!(call(&world, ADMIN, "DELETE", &gone, Value::Null).await.0, 204);
    assert_eq!(titles(&world, BO, "views.json").await, ["Lamp oil"]);
    // Pages by number and by cursor.
    let (_, page) = call(&world, BO, "GET", "views.json?per_page=4&page=3", Value::Null).await;
    assert_eq!(
        (page["count"].as_u64(), page["views"].as_array().unwrap().len()),
        (Some(9), 1)
    );
    assert_eq!(page["next_page"], Value::Null);
    let (_, page) = call(&world, BO, "GET", "views.json?page[size]=8", Value::Null).await;
    assert_eq!(page["meta"]["has_more"], true);
    assert!(page["links"]["next"].is_string());
}

#[tokio::test]
async fn who_may_see_and_change_a_view() {
    let world = World::new().await;
    // Bo is the second of all people, Cy the third.
    let group = world
        .as_admin("POST", "groups", json!({ "group": { "name": "Tier 2" } }))
        .await;
    let group = group["group"]["id"].as_u64().unwrap();
    let joins = json!({ "group_membership": { "user_id": 3, "group_id": group } });
    world.as_admin("POST", "group_memberships", joins).await;
    let with = |title: &str, restriction: Value| {
        let mut record = urgent(title);
        record["restriction"] = restriction;
        json!({ "view": record })
    };
    let own = |id: u64| json!({ "type": "User", "id": id });
    let (status, of_bo) = call(&world, BO, "POST", "views", with("Bo's", own(2))).await;
    assert_eq!(status, 201, "{of_bo}");
    let of_bo = of_bo["view"]["id"].as_u64().unwrap();
    let of_group = with("Tier 2's", json!({ "type": "Group", "ids": [group] }));
    let of_group = saved(&world, of_group["view"].clone()).await["id"]
        .as_u64()
        .unwrap();
    let of_all = saved(&world, urgent("All's")).await["id"].as_u64().unwrap();
    assert_eq!(titles(&world, BO, "views").await, ["Bo's", "All's"]);
    assert_eq!(titles(&world, CY, "views").await, ["Tier 2's", "All's"]);
    assert_eq!(titles(&world, BO, "views?access=personal").await, ["Bo's"]);
    assert_eq!(
        titles(&world, CY, &format!("views?group_id={group}")).await,
        ["Tier 2's"]
    );
    assert_eq!(titles(&world, CY, "views?access=account").await, ["All's"]);

    let change = || json!({ "view": { "title": "Mine now" } });
    for (who, id, show, write) in [
        (BO, of_bo, 200, 200),
        (CY, of_bo, 404, 404),
        (BO, of_group, 404, 404),
        (CY, of_group, 200, 403),
        (BO, of_all, 200, 403),
        (ADMIN, of_bo, 200, 200),
    ] {
        let path = format!("views/{id}");
        assert_eq!(
            call(&world, who, "GET", &path, Value::Null).await.0,
            show,
            "{who} {id}"
        );
        assert_eq!(
            call(&world, who, "PUT", &path, change()).await.0,
            write,
            "{who} {id}"
        );
        if write != 200 {
            assert_eq!(call(&world, who, "DELETE", &path, Value::Null).await.0, write);
            let execute = format!("{path}/count");
            let seen = call(&world, who, "GET", &execute, Value::Null).await.0;
            assert_eq!(seen == 404, show == 404, "{who} {id}");
        }
    }
    // Nobody but admins makes views for others, or gives theirs to all.
    for restriction in [Value::Null, own(3), json!({ "type": "Group", "id": 1 })] {
        let made = call(&world, BO, "POST", "views", with("x", restriction.clone())).await;
        assert_eq!(made.0, 403, "{restriction}");
        let given = json!({ "view": { "restriction": restriction } });
        let path = format!("views/{of_bo}");
        assert_ne!(call(&world, BO, "PUT", &path, given).await.0, 200);
    }
    assert_eq!(titles(&world, BO, "views?access=personal").await, ["Mine now"]);
    // Those of every desk are everybody's, and stay.
    for (method, path) in [
        ("PUT", "views/1"),
        ("DELETE", "views/3"),
        ("DELETE", "views/destroy_many?ids=3"),
    ] {
        assert_eq!(call(&world, ADMIN, method, path, change()).await.0, 403, "{path}");
    }
    let (_, shown) = call(&world, BO, "GET", "views/1", Value::Null).await;
    assert_eq!(shown["view"]["title"], "Your unsolved tickets");
}

#[tokio::test]
async fn what_a_view_can_not_say_is_refused_at_its_field() {
    let world = World::new().await;
    let view = |change: Value| {
        let mut record = urgent("x");
        for (name, value) in change.as_object().unwrap() {
            record[name] = value.clone();
        }
        json!({ "view": record })
    };
    for (change, field) in [
        (json!({ "title": "" }), "title"),
        (json!({ "title": "x".repeat(300) }), "title"),
        (json!({ "all": [clause("PENDING", "is", "2")] }), "all[0].field"),
        (json!({ "all": [clause("status", "is", "lost")] }), "all[0].value"),
        (
            json!({ "any": [clause("status", "is", "open"), clause("status", "like", "o")] }),
            "any[1].operator",
        ),
        (
            json!({ "all": [clause("status", "is", json!({ "a": 1 }))] }),
            "all[0].value",
        ),
        (json!({ "all": [], "any": [] }), "all"),
        (json!({ "position": -1 }), "position"),
        (
            json!({ "restriction": { "type": "Group", "ids": ["x"] } }),
            "restriction.ids",
        ),
        (json!({ "output": { "sort_by": "subject" } }), "output.sort_by"),
        (json!({ "output": { "group_by": "nice_id" } }), "output.group_by"),
        (
            json!({ "output": { "sort_by": "status", "sort_order": "up" } }),
            "output.sort_order",
        ),
        (json!({ "output": { "columns": ["assigned"] } }), "output.columns"),
        (json!({ "output": { "columns": ["colour"] } }), "output.columns"),
        (
            json!({ "restriction": { "type": "Group", "id": 99 } }),
            "restriction.ids",
        ),
        (
            json!({ "restriction": { "type": "Brand", "id": 1 } }),
            "restriction.type",
        ),
        (
            json!({ "restriction": { "type": "User", "id": 999 } }),
            "restriction.id",
        ),
    ] {
        let (status, body) = call(&world, ADMIN, "POST", "views", view(change.clone())).await;
        assert_eq!(status, 422, "{change}: {body}");
        assert!(body["details"][field].is_array(), "{change}: {body}");
    }
    let many: Vec<Value> = (0..41).map(|_| clause("status", "is", "open")).collect();
    assert_eq!(
        call(&world, ADMIN, "POST", "views", view(json!({ "all": many })))
            .await
            .0,
        422
    );
    for path in [
        "views?sort_by=colour",
        "views?access=all",
        "views/search?query=",
        "views?assignee_id=3",
    ] {
        assert_eq!(
            call(&world, ADMIN, "GET", path, Value::Null).await.0,
            422,
            "{path}"
        );
    }
    assert_eq!(titles(&world, ADMIN, "views").await, [""; 0]);
}

#[tokio::test]
async fn a_view_that_is_sent_twice_under_one_key_is_made_once() {
    let world = World::new().await;
    let body = json!({ "view": urgent("Once") });
    let key = [("idempotency-key", "k1")];
    let mut ids = Vec::new();
    for _ in 0..2 {
        let reply = world
            .call_as(ADMIN, "POST", "views", &key, Some(body.clone()))
            .await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        ids.push(reply.body["view"]["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(titles(&world, ADMIN, "views").await, ["Once"]);
}
